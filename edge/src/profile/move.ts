/**
 * Moving a customer, one of its keys or one fragment to another customer: `leave`, `arrive`, `left`. There is no
 * transaction over two shards, so each step can be repeated, and updates that come meanwhile are answered `busy` and
 * come again.
 */
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import type { Statement } from "@regulars/shared/storage/port";
import type { Override } from "@regulars/shared/survivorship/override";
import type { LoadedCustomer, LoadedFragment } from "./loaded.ts";
import {
  type Arrival,
  covers,
  dropMarker,
  EVERYTHING,
  fragmentMarkers,
  isAtHome,
  isFragment,
  keyOf,
  placeOf,
  type Scope,
  setMarker,
} from "./markers.ts";
import { rebuildProfile } from "./merge.ts";
import { addOverrides, dropOverrides } from "./overrides.ts";
import { addStore, type Session } from "./session.ts";
import {
  fragmentStatement,
  noticesOf,
  noticeStatement,
  undeliveredStatement,
} from "./statements.ts";

/** What a customer, one key or one fragment of it takes along. */
export interface Leaving {
  readonly fragments: readonly Omit<LoadedFragment, "copy">[];
  /** Fragments that lived there by a decision of their own, whether or not anything of them had arrived. */
  readonly homes: readonly string[];
  /** Keys that were given to it: what is new of them is looked for there. */
  readonly homeKeys: readonly IdentityKey[];
  /** Fragments that had been moved away alone: whoever gets their key is asked for them from now on. */
  readonly forwards: readonly { readonly fragment: string; readonly to: CustomerId }[];
  readonly keys: readonly IdentityKey[];
  readonly stores: readonly string[];
  readonly overrides: readonly Override[];
}

export const NOTHING: Leaving = {
  fragments: [],
  homes: [],
  homeKeys: [],
  forwards: [],
  keys: [],
  stores: [],
  overrides: [],
};

/** Marks the scope as moving and hands out what there is of it. */
export async function leave(
  session: Session,
  from: CustomerId,
  scope: Scope,
  to: CustomerId,
): Promise<Leaving> {
  const customer = (await session.load([from]))(from);
  const homes = homesIn(customer, scope);
  const hasAny = homes.length > 0 || [...customer.fragments.keys()].some((id) => covers(scope, id));
  const isAway = customer.moved.get(scope)?.stage === "moved" && !isAtHome(customer, scope);
  if (hasAny || !isAway) {
    await session.storage.write([
      ...stayingKey(customer, scope),
      setMarker(customer, scope, to, "moving"),
      ...homes.map((home) => setMarker(customer, home, to, "moving")),
    ]);
  }
  const markers = fragmentMarkers(customer, scope);
  const fragments = [...customer.fragments.values()].filter(({ id }) => covers(scope, id));
  const alone = markers.filter(([, { stage }]) => stage === "moving").map(([id]) => id);
  const ids = new Set([...alone, ...fragments.map(({ id }) => id)]);
  return {
    fragments: fragments.map(({ copy: _copy, ...fragment }) => fragment),
    homes: alone,
    homeKeys: scope === EVERYTHING ? leavingKeys(customer) : [],
    forwards: forwardsOf(customer, scope),
    keys: [...new Set(fragments.flatMap((each) => Object.keys(each.contribution.keys)))].filter(
      (key) => placeOf(customer, key).lives !== "away",
    ),
    stores: customer.stores,
    overrides: customer.overrides.filter(({ fragment }) => ids.has(fragment)),
  };
}

/**
 * Another customer gets what is new of the key, while the fragments that live here stay: from now on each is at home here,
 * and the other one is told of them.
 */
export async function cede(
  session: Session,
  from: CustomerId,
  key: IdentityKey,
  to: CustomerId,
): Promise<Leaving> {
  const customer = (await session.load([from]))(from);
  const staying = [...customer.fragments.keys()].filter((id) => covers(key, id));
  await session.storage.write([
    ...staying.map((id) => setMarker(customer, id, from, "moved")),
    setMarker(customer, key, to, "ceding"),
  ]);
  const forwards = forwardsOf(customer, key);
  return { ...NOTHING, forwards };
}

/** A fragment that had come with its key leaves it behind: with nothing here to show for it, the key is still here. */
function stayingKey(customer: LoadedCustomer, scope: Scope): Statement[] {
  const { customer: id, fragments, moved } = customer;
  const cameAlone = moved.has(scope) || moved.has(keyOf(scope));
  if (!isFragment(scope) || !fragments.has(scope) || cameAlone) return [];
  return [setMarker(customer, keyOf(scope), id, "moved")];
}

/** Fragments, and with everything keys, that the customer was given by a decision. */
const homesIn = (customer: LoadedCustomer, scope: Scope): Scope[] =>
  [...customer.moved.keys()].filter(
    (each) =>
      isAtHome(customer, each) && (isFragment(each) ? covers(scope, each) : scope === EVERYTHING),
  );

/** Keys that go along with everything. */
const leavingKeys = ({ moved }: LoadedCustomer): IdentityKey[] =>
  [...moved].flatMap(([scope, { stage }]) =>
    scope !== EVERYTHING && !isFragment(scope) && stage === "moving" ? [scope] : [],
  );

const forwardsOf = (customer: LoadedCustomer, scope: Scope): Leaving["forwards"] =>
  fragmentMarkers(customer, scope)
    .filter(([, { stage }]) => stage === "moved")
    .map(([fragment, { target }]) => ({ fragment, to: target }));

export interface Arriving extends Arrival {
  readonly to: CustomerId;
}

/** Takes the fragments in. A copy that is already here and newer stays. */
export async function arrive(
  session: Session,
  { from, to, scope }: Arriving,
  leaving: Leaving,
): Promise<void> {
  const customer = (await session.load([to]))(to);
  const fresh = leaving.fragments.filter(
    ({ id, clock }) => (customer.fragments.get(id)?.clock ?? 0) < clock,
  );
  const wasRedirect = customer.moved.has(EVERYTHING);
  const statements = [
    ...arrivalStatements(customer, { from, scope }),
    ...placeStatements(customer, scope, leaving),
    ...fresh.flatMap((fragment) => [
      fragmentStatement(to, fragment),
      undeliveredStatement({ ...fragment, customer: to }),
    ]),
    ...addOverrides(customer, leaving.overrides),
  ];
  for (const fragment of fresh) customer.fragments.set(fragment.id, { ...fragment, copy: null });
  // An id that redirected until now stops doing so, also where nothing has arrived for it yet.
  const isRevived = wasRedirect && customer.profile !== null;
  if (customer.fragments.size === 0 && !isRevived) return session.storage.write(statements);
  const isNews = leaving.stores.map((store) => addStore(customer, store)).includes(true);
  if (fresh.length > 0 || isRevived) rebuildProfile(customer, session.policy());
  const isChanged = isNews || fresh.length > 0 || isRevived;
  await session.commit(isChanged ? [customer] : [], statements);
}

/**
 * Until it is dropped where it came from, whoever does anything with this customer has to know of it. A fragment that the
 * centre says to be here came from nowhere.
 */
function arrivalStatements(customer: LoadedCustomer, arrival: Arrival): Statement[] {
  const { from, scope } = arrival;
  if (from === customer.customer) return [];
  const isKnown = customer.arrivals.some((each) => each.from === from && each.scope === scope);
  if (isKnown) return [];
  customer.arrivals = [...customer.arrivals, arrival];
  const sql =
    "insert into arrival (customer, origin, scope) values (?, ?, ?) on conflict do nothing";
  return [{ sql, args: [customer.customer, from, scope] }];
}

/** It has been dropped where it came from. */
export async function settle(session: Session, { from, to, scope }: Arriving): Promise<void> {
  const customer = (await session.load([to]))(to);
  const rest = customer.arrivals.filter((each) => each.from !== from || each.scope !== scope);
  if (rest.length === customer.arrivals.length) return;
  const sql = "delete from arrival where customer = ? and origin = ? and scope = ?";
  await session.storage.write([{ sql, args: [to, from, scope] }]);
  customer.arrivals = rest;
}

/** What is here again, what is at home here by itself, and what is to be looked for elsewhere. */
function placeStatements(
  customer: LoadedCustomer,
  scope: Scope,
  { fragments, homes, homeKeys, forwards }: Leaving,
): Statement[] {
  const isKey = scope !== EVERYTHING && !isFragment(scope);
  const keys = new Set([...(isKey ? [scope] : []), ...homeKeys]);
  const statements = [
    ...dropMarker(customer, EVERYTHING),
    ...[...keys].map((key) => setMarker(customer, key, customer.customer, "moved")),
  ];
  for (const id of new Set([...homes, ...fragments.map((fragment) => fragment.id)])) {
    // Also one whose key is somewhere else: it came without it.
    const isAlone = homes.includes(id) || placeOf(customer, keyOf(id)).lives !== "here";
    if (isAlone && isAtHome(customer, id)) continue;
    if (isAlone) statements.push(setMarker(customer, id, customer.customer, "moved"));
    else statements.push(...dropMarker(customer, id));
  }
  for (const { fragment, to } of forwards) {
    const isKnown = customer.fragments.has(fragment) || customer.moved.has(fragment);
    if (isKnown || to === customer.customer) continue;
    statements.push(setMarker(customer, fragment, to, "moved"));
  }
  return statements;
}

/**
 * What has arrived elsewhere is dropped here, and the answer becomes `moved`. `keys`: keys that went along with all the
 * rest; should the id come back for other reasons, they are still elsewhere.
 */
export async function left(
  session: Session,
  from: CustomerId,
  scope: Scope,
  to: CustomerId,
  keys: readonly IdentityKey[] = [],
): Promise<void> {
  const customer = (await session.load([from]))(from);
  const gone = [...customer.fragments.values()].filter(
    ({ id }) => covers(scope, id) && !isAtHome(customer, id),
  );
  const statements: Statement[] = gone.flatMap(({ id }) => [
    { sql: "delete from fragment where customer = ? and id = ?", args: [from, id] },
    { sql: "delete from undelivered where customer = ? and id = ?", args: [from, id] },
  ]);
  for (const { id } of gone) customer.fragments.delete(id);
  statements.push(...leftMarkers(customer, scope, to, gone, keys));
  statements.push(...dropOverrides(customer, new Set(gone.map(({ id }) => id))));
  if (customer.fragments.size === 0 && customer.moved.has(EVERYTHING)) {
    await session.commit(
      [],
      [...statements, ...noticesOf(customer).map((notice) => noticeStatement(notice, 0))],
    );
    return session.tell([from]);
  }
  if (gone.length === 0) return session.storage.write(statements);
  rebuildProfile(customer, session.policy());
  await session.commit([customer], statements);
}

function leftMarkers(
  customer: LoadedCustomer,
  scope: Scope,
  to: CustomerId,
  gone: readonly LoadedFragment[],
  keys: readonly IdentityKey[],
): Statement[] {
  const alone = fragmentMarkers(customer, scope).filter(([, { stage }]) => stage === "moving");
  const aloneIds = new Set(alone.map(([id]) => id));
  const given = scope === EVERYTHING ? leavingKeys(customer) : [];
  const statements = [...aloneIds, ...given, scope].map((each) =>
    setMarker(customer, each, to, "moved"),
  );
  if (scope === EVERYTHING) {
    const withTheirs = gone.filter(({ id }) => !aloneIds.has(id)).map(({ id }) => keyOf(id));
    for (const key of new Set([...withTheirs, ...keys])) {
      if (!customer.moved.has(key)) statements.push(setMarker(customer, key, to, "moved"));
    }
  }
  const hasHomes = [...customer.moved.keys()].some(
    (each) => isFragment(each) && isAtHome(customer, each),
  );
  if (gone.length > 0 && customer.fragments.size === 0 && !hasHomes && scope !== EVERYTHING) {
    statements.push(setMarker(customer, EVERYTHING, to, "emptied"));
  }
  return statements;
}
