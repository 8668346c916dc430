/**
 * The policy that a shard makes its profiles by: the centre's newest. When it changes, all customers are rebuilt in rounds;
 * how far they have come moves in the write of each round.
 */
import type { CustomerId } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import type { Policy } from "@regulars/shared/survivorship/policy";
import { parseOwn } from "../own-json.ts";
import { EVERYTHING } from "./markers.ts";
import { rebuildChanged } from "./merge.ts";
import type { Session } from "./session.ts";

export interface PolicyKeeper {
  open(): Promise<void>;
  readonly current: () => Policy;
  set(policy: Policy): Promise<void>;
}

export function createPolicyKeeper(storage: Storage, first: Policy): PolicyKeeper {
  let current = first;
  return {
    async open() {
      const stored = await readSetting(storage, "policy");
      if (stored !== null) current = parseOwn<Policy>(stored);
    },
    current: () => current,
    /** A lower version than known, or the same, is old news. */
    async set(policy) {
      if (policy.version <= current.version) return;
      await storage.write([
        settingStatement("policy", JSON.stringify(policy)),
        settingStatement("rebuilt", ""),
      ]);
      current = policy;
    },
  };
}

/** One page of customers; false when all are done. Of what says the same as before nobody hears. */
export async function rebuildRound(session: Session, dueMs: number): Promise<boolean> {
  const after = await readSetting(session.storage, "rebuilt");
  if (after === null) return false;
  const page = await rowsOf(
    session.storage,
    "select customer from profile where customer > ? order by customer limit ?",
    [after, LIMITS.rebuiltCustomers],
  );
  const ids = page.map((row): CustomerId => textOf(row, "customer"));
  const customerOf = await session.load(ids);
  const changed = ids
    .map((id) => customerOf(id))
    .filter(
      (customer) => !customer.moved.has(EVERYTHING) && rebuildChanged(customer, session.policy()),
    );
  const last = ids.at(-1);
  await session.commit(
    changed,
    last === undefined
      ? [{ sql: "delete from setting where name = 'rebuilt'" }]
      : [settingStatement("rebuilt", last)],
    dueMs,
  );
  return last !== undefined;
}

async function readSetting(storage: Storage, name: string): Promise<string | null> {
  const [row] = await rowsOf(storage, "select value from setting where name = ?", [name]);
  return row ? textOf(row, "value") : null;
}

const settingStatement = (name: string, value: string): Statement => ({
  sql: `insert into setting (name, value) values (?, ?)
        on conflict (name) do update set value = excluded.value`,
  args: [name, value],
});
