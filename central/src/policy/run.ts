/**
 * The run of a policy over all golden records: page by page, each one write that also says how far the run is, so that
 * whatever ends it, it goes on where it was and writes no version twice (GLD1).
 */
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import type { Policy } from "@regulars/shared/survivorship/policy";
import { deriveCustomers, nextCustomers } from "../golden/derive.ts";
import { goldenStatements } from "../golden/write-golden.ts";

export interface RunProgress {
  readonly version: number;
  /** Everybody up to here is done. */
  readonly lastCustomer: string;
  readonly done: number;
  /** Golden records that have got a new version. */
  readonly changed: number;
  readonly startedMs: number;
  readonly finishedMs: number | null;
}

/** Of the newest policy: an older run that was overtaken has nothing left to do. Null before the first publication. */
export async function readProgress(storage: Storage): Promise<RunProgress | null> {
  const [row] = await rowsOf(storage, "select * from policy_run order by version desc limit 1");
  return row ? progressOf(row) : null;
}

/** One page. Answers whether there is more. Not to be run beside an intake: what is read decides what is written. */
export async function runPage(storage: Storage, policy: Policy, nowMs: number): Promise<boolean> {
  const progress = await readProgress(storage);
  if (progress?.version !== policy.version || progress.finishedMs !== null) return false;
  const limit = LIMITS.recomputeCustomers;
  const ids = await nextCustomers(storage, progress.lastCustomer, limit);
  const derived = await deriveCustomers(storage, ids, policy);
  const changed = derived.filter(({ standing, state }) => standing.digest !== state.digest);
  const isLast = ids.length < limit;
  const cause = { kind: "policy", version: policy.version } as const;
  await storage.write([
    ...changed.flatMap(({ customer, standing, state }) =>
      goldenStatements(customer, standing, state, nowMs, cause),
    ),
    {
      sql: `update policy_run set last_customer = ?, done = done + ?, changed = changed + ?,
              finished_ms = ? where version = ?`,
      args: [
        ids.at(-1) ?? progress.lastCustomer,
        ids.length,
        changed.length,
        isLast ? nowMs : null,
        policy.version,
      ],
    },
  ]);
  return !isLast;
}

const progressOf = (row: Row): RunProgress => ({
  version: numberOf(row, "version"),
  lastCustomer: textOf(row, "last_customer"),
  done: numberOf(row, "done"),
  changed: numberOf(row, "changed"),
  startedMs: numberOf(row, "started_ms"),
  finishedMs: row["finished_ms"] === null ? null : numberOf(row, "finished_ms"),
});
