/**
 * Reading failed items anew, after somebody has mended what was wrong: a rule, a secret, a mapper. What happens to each is
 * decided as if it had just come, and it leaves the list in the write of its effect (SYN6).
 */
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { droppedStatement } from "./outcome.ts";
import { SET_ASIDE } from "./port.ts";

export interface ReplayAsk {
  /** That one, or with `like` all that failed like it: same account, format, topic, code and field. */
  readonly item: number;
  readonly isLike: boolean;
  /** Its account's rules do not hold it up: somebody has looked at it. */
  readonly isApproved: boolean;
  /** The last number of the page before. */
  readonly after: number;
}

const UNPROVEN = "('bad_signature', 'no_signature', 'old_signature')";

/** The numbers of what is to be read anew, in the order of their arrival. */
export async function chooseItems(storage: Storage, ask: ReplayAsk): Promise<number[]> {
  const { item, isLike, after } = ask;
  const rows = isLike
    ? await rowsOf(
        storage,
        `select r.n from received k join received r on r.state = 'failed'
           and r.account = k.account and r.code = k.code and r.format = k.format
           and r.topic = k.topic and r.field is k.field
         where k.n = ? and r.n > ? and r.body is not null order by r.n limit ?`,
        [item, after, LIMITS.intakeReplayItems],
      )
    : await rowsOf(
        storage,
        "select n from received where n = ? and state = 'failed' and body is not null",
        [item],
      );
  return rows.map((row) => numberOf(row, "n"));
}

/** Tried as often as a new one from here on. */
export async function beginAnew(
  storage: Storage,
  numbers: readonly number[],
  { isApproved }: Pick<ReplayAsk, "isApproved">,
  nowMs: number,
): Promise<void> {
  await storage.write([
    {
      sql: `update received set due_ms = ?, attempts = 0, approved = max(approved, ?)
            where n in (select value from json_each(?)) and state = 'failed'`,
      args: [nowMs, isApproved ? 1 : 0, JSON.stringify(numbers)],
    },
  ]);
}

export async function accountsOfItems(
  storage: Storage,
  numbers: readonly number[],
): Promise<string[]> {
  const rows = await rowsOf(
    storage,
    `select distinct account from received where n in (select value from json_each(?))`,
    [JSON.stringify(numbers)],
  );
  return rows.map((row) => textOf(row, "account"));
}

/** Without proof of where they come from they are no messages: shown, and never read until that is proven. */
export async function unprovenOf(storage: Storage, numbers: readonly number[]): Promise<number[]> {
  const rows = await rowsOf(
    storage,
    `select n from received where n in (select value from json_each(?)) and code in ${UNPROVEN}`,
    [JSON.stringify(numbers)],
  );
  return rows.map((row) => numberOf(row, "n"));
}

/** What an import could not use has bytes of its file, which its reader alone can read: here it would be no JSON, at best. */
export async function setAsideOf(storage: Storage, numbers: readonly number[]): Promise<number[]> {
  const rows = await rowsOf(
    storage,
    `select n from received where n in (select value from json_each(?))
       and format = 'file' and substr(key, 1, ?) = ?`,
    [JSON.stringify(numbers), ASIDE_PREFIX.length, ASIDE_PREFIX],
  );
  return rows.map((row) => numberOf(row, "n"));
}

const ASIDE_PREFIX = `${SET_ASIDE}:`;

/** Those that have failed, counted by their reason. */
export async function stillFailed(
  storage: Storage,
  numbers: readonly number[],
): Promise<Record<string, number>> {
  const rows = await rowsOf(
    storage,
    `select code, count(*) as kept from received
     where n in (select value from json_each(?)) and state = 'failed' group by code order by code`,
    [JSON.stringify(numbers)],
  );
  return Object.fromEntries(rows.map((row) => [textOf(row, "code"), numberOf(row, "kept")]));
}

/** False where there is no failed item of that number. Its reason is the caller's, and is kept with what is left of it. */
export async function dropItem(
  storage: Storage,
  { item, reason }: { readonly item: number; readonly reason: string },
  nowMs: number,
): Promise<boolean> {
  const sql = "select 1 as found from received where n = ? and state = 'failed'";
  const [row] = await rowsOf(storage, sql, [item]);
  if (!row) return false;
  await storage.write([
    droppedStatement(item, nowMs),
    { sql: "update received set detail = ? where n = ?", args: [reason, item] },
  ]);
  return true;
}
