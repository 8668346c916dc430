/** How the accounts of a shop are: what was heard, what waits, what fails. Numbers and names of accounts only (SEC2). */
import type { Account } from "@regulars/shared/connect/account";
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  type Row,
  type SqlValue,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { parseOwn } from "../own-json.ts";

export const ALERT_KINDS = ["silent", "errors", "failed", "lag", "stopped"] as const;
/**
 * `silent`: nothing heard for longer than is set. `errors`: a larger share of the last hour failed than is set. `failed`: more
 * items wait for a person than one looks through. `lag`: what came is not read in time. `stopped`: its journal is contradicted.
 */
export type AlertKind = (typeof ALERT_KINDS)[number];

export interface AccountHealth {
  readonly account: string;
  readonly kind: Account["kind"];
  readonly seenMs: number | null;
  readonly goodMs: number | null;
  readonly waiting: number;
  /** Age of the oldest item that waits. */
  readonly lagMs: number;
  readonly failed: number;
  /** Of those, what is tried again by itself. */
  readonly retrying: number;
  /** Of the last hour, between 0 and 1; null where nothing was read. */
  readonly errorRate: number | null;
  readonly readLastHour: number;
  /** Why nothing of it is sent any more. */
  readonly stopped: string | null;
  /** Events that are not golden yet. */
  readonly notGolden: number;
  readonly alerts: readonly AlertKind[];
}

const HOUR_MS = 3_600_000;

const by = (rows: readonly Row[], column: string): Map<string, Row[]> =>
  Map.groupBy(rows, (row) => textOf(row, column));

export async function healthOf(storage: Storage, nowMs: number): Promise<AccountHealth[]> {
  const hour = Math.floor(nowMs / HOUR_MS);
  const [accounts = [], received = [], tallies = [], writers = [], alerts = []] =
    await storage.read([
      { sql: "select id, json, seen_ms, good_ms from account order by id" },
      {
        // By two indexes that hold what is open alone: what was done is kept for weeks, and this is asked every minute.
        sql: `select account, sum(state <> 'failed') as waiting,
              min(case when state <> 'failed' then received_ms end) as oldest,
              sum(state = 'failed') as failed, sum(state = 'failed' and due_ms is not null) as retrying
            from (
              select account, state, received_ms, due_ms from received indexed by received_due
                where due_ms is not null and state <> 'failed'
              union all select account, state, received_ms, due_ms
                from received indexed by received_failed where state = 'failed')
            group by account`,
      },
      { sql: "select account, hour, good, failed from tally where hour >= ?", args: [hour - 1] },
      {
        sql: `select source, sum(seq - golden) as behind, max(stopped) as stopped
            from writer group by source`,
      },
      { sql: "select account, kind from alert order by kind" },
    ]);
  const receivedBy = by(received, "account");
  const talliesBy = by(tallies, "account");
  const writersBy = by(writers, "source");
  const alertsBy = by(alerts, "account");
  return accounts.map((row) => {
    const id = textOf(row, "id");
    const items = receivedBy.get(id)?.[0];
    const writer = writersBy.get(id)?.[0];
    const oldest = orNull(items?.["oldest"]);
    return {
      account: id,
      kind: parseOwn<Account>(textOf(row, "json")).kind,
      seenMs: orNull(row["seen_ms"]),
      goodMs: orNull(row["good_ms"]),
      waiting: items ? numberOf(items, "waiting") : 0,
      lagMs: oldest === null ? 0 : Math.max(0, nowMs - oldest),
      failed: items ? numberOf(items, "failed") : 0,
      retrying: items ? numberOf(items, "retrying") : 0,
      ...rateOf(talliesBy.get(id) ?? [], nowMs),
      stopped: writer && typeof writer["stopped"] === "string" ? writer["stopped"] : null,
      notGolden: writer ? numberOf(writer, "behind") : 0,
      alerts: (alertsBy.get(id) ?? []).flatMap(
        (alert) => ALERT_KINDS.find((kind) => kind === alert["kind"]) ?? [],
      ),
    };
  });
}

const orNull = (value: SqlValue | undefined): number | null =>
  typeof value === "number" ? value : null;

/** Of the hour before this moment: of the last full one, the part that is within it. */
function rateOf(
  rows: readonly Row[],
  nowMs: number,
): Pick<AccountHealth, "errorRate" | "readLastHour"> {
  const hour = Math.floor(nowMs / HOUR_MS);
  const share = 1 - (nowMs % HOUR_MS) / HOUR_MS;
  let [good, failed] = [0, 0];
  for (const row of rows) {
    const weight = numberOf(row, "hour") === hour ? 1 : share;
    good += numberOf(row, "good") * weight;
    failed += numberOf(row, "failed") * weight;
  }
  const all = good + failed;
  return { errorRate: all === 0 ? null : failed / all, readLastHour: Math.round(all) };
}

/** Which alerts an account has at this moment. Pure. */
export function alertsOf(account: Account, health: AccountHealth, nowMs: number): AlertKind[] {
  const { silentMinutes, maxErrorRate } = account;
  const { seenMs, errorRate, readLastHour, failed, retrying, lagMs, stopped } = health;
  const silentMs = seenMs === null ? 0 : nowMs - seenMs;
  const is: Readonly<Record<AlertKind, boolean>> = {
    silent: silentMinutes !== undefined && silentMs > silentMinutes * 60_000,
    errors:
      maxErrorRate !== undefined &&
      readLastHour >= LIMITS.intakeRatedItems &&
      (errorRate ?? 0) > maxErrorRate,
    failed: failed - retrying > LIMITS.intakeFailedItems,
    lag: lagMs > LIMITS.intakeLagMs,
    stopped: stopped !== null,
  };
  return ALERT_KINDS.filter((kind) => is[kind]);
}
