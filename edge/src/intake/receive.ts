/** Receiving: what was sent becomes durable as it came, before anything of it is read (ING1, EDG2). */
import type { Account } from "@regulars/shared/connect/account";
import { classOf } from "@regulars/shared/connect/failure";
import { LIMITS } from "@regulars/shared/limits";
import { rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import type { ReceiveAnswer, ReceivedItem, TakenOrder } from "./port.ts";
import type { Waiting } from "./waiting.ts";

export interface ReceiveDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  readonly waiting: Waiting;
}

/** Under this name the intake notes what tills say of orders; no account can have it. */
export const TILLS = "-tills";
export const TAKEN = "taken";

/** Not to be run twice at once: what is known decides what is written. */
export async function receive(
  { storage, nowMs, waiting }: ReceiveDeps,
  account: Account,
  items: readonly ReceivedItem[],
): Promise<ReceiveAnswer | null> {
  if (!waiting.mayCome(account.id, items)) return null;
  const fresh = await freshOf(storage, account.id, items);
  await storage.write([
    accountStatement(account, nowMs()),
    ...fresh.map((item) => itemStatement(account.id, item, nowMs())),
    ...(fresh.some(({ failed }) => failed !== undefined && isUnproven(failed))
      ? [boundUnproven(account.id)]
      : []),
    ...failedTally(account.id, fresh, nowMs()),
  ]);
  waiting.came(
    account.id,
    fresh.filter(({ failed }) => failed === undefined),
  );
  return { accepted: fresh.length, duplicates: items.length - fresh.length };
}

/** Never refused: a till's sale stands, whatever waits here. */
export async function receiveTaken(
  { storage, nowMs, waiting }: ReceiveDeps,
  orders: readonly TakenOrder[],
): Promise<void> {
  const items = orders.map((taken): ReceivedItem => {
    const body = new TextEncoder().encode(JSON.stringify(taken));
    const key = `${taken.order} ${taken.event}`;
    return { format: TAKEN, topic: TAKEN, key, headers: {}, body, receivedAtMs: nowMs() };
  });
  const fresh = await freshOf(storage, TILLS, items);
  await storage.write(fresh.map((item) => itemStatement(TILLS, item, nowMs())));
  waiting.came(TILLS, fresh);
}

/** Those that are not there yet, each once. */
async function freshOf(
  storage: Storage,
  account: string,
  items: readonly ReceivedItem[],
): Promise<ReceivedItem[]> {
  const rows = await rowsOf(
    storage,
    "select key from received where account = ? and key in (select value from json_each(?))",
    [account, JSON.stringify(items.map(({ key }) => key))],
  );
  const known = new Set(rows.map((row) => textOf(row, "key")));
  return items.filter(({ key }) => {
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
}

export const accountStatement = (account: Account, seenMs: number | null): Statement => ({
  sql: `insert into account (id, json, seen_ms) values (?, ?, ?)
        on conflict (id) do update
          set json = excluded.json, seen_ms = coalesce(excluded.seen_ms, seen_ms)`,
  args: [account.id, JSON.stringify(plainAccount(account)), seenMs],
});

/** Secrets stay in the registry, whatever an account was handed over with. */
function plainAccount(account: Account): Account {
  const { secrets: _, ...plain } = { secrets: null, ...account };
  return plain;
}

function itemStatement(account: string, item: ReceivedItem, nowMs: number): Statement {
  const { failed } = item;
  return {
    sql: `insert into received (account, key, format, topic, headers, body, received_ms, state,
            due_ms, code, field, detail, history)
          values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    args: [
      account,
      item.key,
      item.format,
      item.topic,
      JSON.stringify(item.headers),
      item.body,
      item.receivedAtMs,
      failed ? "failed" : "waiting",
      failed ? null : nowMs,
      failed?.code ?? null,
      failed?.field ?? null,
      failed?.detail ?? null,
      JSON.stringify(failed ? [{ atMs: nowMs, code: failed.code }] : []),
    ],
  };
}

const isUnproven = (failed: NonNullable<ReceivedItem["failed"]>): boolean =>
  classOf(failed) === "authentication";

const UNPROVEN = "('bad_signature', 'no_signature', 'old_signature')";

/** Whoever knows the address of a webhook may send what he likes to it: the newest are kept, the others go. */
const boundUnproven = (account: string): Statement => ({
  sql: `delete from received where account = ?1 and state = 'failed' and code in ${UNPROVEN}
          and n <= coalesce((select n from received where account = ?1 and state = 'failed'
            and code in ${UNPROVEN} order by n desc limit 1 offset ?2), 0)`,
  args: [account, LIMITS.intakeUnprovenItems],
});

const HOUR_MS = 3_600_000;

function failedTally(account: string, items: readonly ReceivedItem[], nowMs: number): Statement[] {
  const failed = items.filter((item) => item.failed !== undefined).length;
  return failed === 0 ? [] : [tallyStatement(account, nowMs, { good: 0, failed })];
}

/** Counts what was read for the first time. */
export const tallyStatement = (
  account: string,
  nowMs: number,
  { good, failed }: { readonly good: number; readonly failed: number },
): Statement => ({
  sql: `insert into tally (account, hour, good, failed) values (?, ?, ?, ?)
        on conflict (account, hour) do update
          set good = good + excluded.good, failed = failed + excluded.failed`,
  args: [account, Math.floor(nowMs / HOUR_MS), good, failed],
});
