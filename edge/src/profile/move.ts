/**
 * Moving a customer, or one of its keys, to another customer: `leave`, `arrive`, `left`. There is no transaction over
 * two shards, so each step can be repeated, and updates that come meanwhile are answered `busy` and come again.
 */
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import type { Statement } from "@regulars/shared/storage/port";
import type { LoadedCustomer, LoadedFragment } from "./loaded.ts";
import { rebuildProfile } from "./merge.ts";
import { addStore, type Session } from "./session.ts";
import { fragmentStatement, noticeStatements, undeliveredStatement } from "./statements.ts";

/** What a customer, or one key of it, takes along. */
export interface Leaving {
  readonly fragments: readonly Omit<LoadedFragment, "doc">[];
  readonly keys: readonly IdentityKey[];
  readonly stores: readonly string[];
}

/** Marks the key (all of the customer where it is null) as moving and hands out what there is of it. */
export async function leave(
  session: Session,
  from: CustomerId,
  key: IdentityKey | null,
  to: CustomerId,
): Promise<Leaving> {
  const customer = (await session.load([from]))(from);
  const known = customer.moved.get(key ?? "");
  if (!known?.done) {
    await session.storage.write([movedStatement(from, key, to, false)]);
    customer.moved.set(key ?? "", { target: to, done: false });
  }
  const fragments = leavingFragments(customer, key);
  return {
    fragments: fragments.map(({ doc: _doc, ...fragment }) => fragment),
    keys: [...new Set(fragments.flatMap((each) => Object.keys(each.contribution.keys)))],
    stores: customer.stores,
  };
}

/** Takes the fragments in. A copy that is already here and newer stays. */
export async function arrive(session: Session, to: CustomerId, leaving: Leaving): Promise<void> {
  const customer = (await session.load([to]))(to);
  const fresh = leaving.fragments.filter(
    ({ id, clock }) => (customer.fragments.get(id)?.clock ?? 0) < clock,
  );
  const statements = fresh.flatMap((fragment) => [
    fragmentStatement(to, fragment),
    undeliveredStatement(to, fragment),
  ]);
  for (const fragment of fresh) customer.fragments.set(fragment.id, { ...fragment, doc: null });
  const keys = leaving.fragments.map(({ contribution }) => contribution.key);
  for (const key of new Set(["", ...keys])) statements.push(...backStatements(customer, key));
  if (customer.fragments.size === 0) return session.storage.write(statements);
  const isNews = leaving.stores.map((store) => addStore(customer, store)).includes(true);
  if (fresh.length > 0) rebuildProfile(customer, session.policy);
  await session.commit(isNews || fresh.length > 0 ? [customer] : [], statements);
}

/** What has arrived elsewhere is dropped here, and the answer becomes `moved`. */
export async function left(
  session: Session,
  from: CustomerId,
  key: IdentityKey | null,
  to: CustomerId,
): Promise<void> {
  const customer = (await session.load([from]))(from);
  const gone = leavingFragments(customer, key);
  const statements: Statement[] = gone.flatMap(({ id }) => [
    { sql: "delete from fragment where customer = ? and id = ?", args: [from, id] },
    { sql: "delete from undelivered where customer = ? and id = ?", args: [from, id] },
  ]);
  for (const { id } of gone) customer.fragments.delete(id);
  const isEmpty = customer.fragments.size === 0;
  for (const moved of isEmpty ? [key, null] : [key]) {
    statements.push(movedStatement(from, moved, to, true));
    customer.moved.set(moved ?? "", { target: to, done: true });
  }
  if (isEmpty) return session.commit([], [...statements, ...noticeStatements(customer, 0)]);
  rebuildProfile(customer, session.policy);
  await session.commit([customer], statements);
}

function leavingFragments(customer: LoadedCustomer, key: IdentityKey | null): LoadedFragment[] {
  return [...customer.fragments.values()].filter(
    ({ contribution }) => key === null || contribution.key === key,
  );
}

/** A key that comes back (a decision undone) is at home again; an empty one stands for the customer. */
function backStatements(customer: LoadedCustomer, key: IdentityKey): Statement[] {
  if (!customer.moved.delete(key)) return [];
  const sql = "delete from moved where customer = ? and key = ?";
  return [{ sql, args: [customer.customer, key] }];
}

function movedStatement(
  from: CustomerId,
  key: IdentityKey | null,
  to: CustomerId,
  done: boolean,
): Statement {
  return {
    sql: `insert into moved (customer, key, target, done) values (?, ?, ?, ?)
          on conflict (customer, key) do update set target = excluded.target, done = excluded.done`,
    args: [from, key ?? "", to, done ? 1 : 0],
  };
}
