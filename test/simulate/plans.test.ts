/**
 * How SQLite goes about what tills, edge and centre ask it. It knows no sizes, so of two tables that are joined it may begin with the
 * large one, and nothing shows that while there is little in it.
 */
import { expect, test } from "vitest";
import { createDatabasePool, type DatabaseKind } from "./database.ts";
import { installForTests } from "./platform-of-tests.ts";
import { planOf } from "./plan.ts";
import { runPlan } from "./run.ts";

installForTests();
const pool = await createDatabasePool();
const comparing = { confirmMs: 2_000, gapMs: 500, restMs: 5_000 };
const SEEDS = 60;
/** Beside others, on a machine that is busy. */
const TIMEOUT_MS = 120_000;

/** Tables that may be read from one end to the other: as a plan has them, in statements that hold these words. */
type Allowed = readonly (readonly [line: string, words: string])[];

const READ_WHOLE: Readonly<Record<DatabaseKind, Allowed>> = {
  till: [
    // One row for each epoch.
    ["writer", "writer"],
    ["w", "from writer w"],
    ["d LEFT-JOIN", "from shift where business_day = ?1) d"],
    // For each file, and each of those that are sealed anew.
    ["archive", "from archive"],
    ["a", "from archive a"],
    ["reseal", "from reseal"],
    ["r", "from reseal r"],
    // For each drawer and day.
    ["seal", "from seal"],
    ["shift", "order by number desc limit 1"],
    ["shift", "where closed_at is null"],
    ["shift USING COVERING INDEX shift_day", "group by business_day"],
  ],
  inbox: [
    ["m", "from mark m"], // for each writer
    ["item USING INDEX item_aside", "where code is not null limit 1"],
    ["r", "from redelivery r"], // what waits
  ],
  directory: [
    ["epoch", "select distinct store from epoch"],
    ["policy", "from policy"],
  ],
  profile: [
    // What waits, and what a statement has made for itself.
    ["n", "from notice indexed by notice_due"],
    ["u", "from undelivered u cross join"],
    ["c", "(select ? as customer) c"],
  ],
  centre: [
    // What waits for the edge, or for somebody to look.
    ["publication", "from publication order by n limit"],
    ["difference USING INDEX difference_standing", "where repaired_ms is null"],
    ["policy", "order by version desc limit 1"],
    ["policy_run", "where finished_ms is null"],
    ["k", "(select distinct value ->> 0"],
    [
      "source_record USING COVERING INDEX source_record_unit",
      "exists (select 1 from source_record)",
    ],
    // Of a neighbourhood, and of all when the rules of matching have changed.
    ["t", "t cross join unit u on u.customer = t.value"],
    ["e", "from evidence e cross join unit"],
    ["told", "from told join best"],
    ["p", "from pair p union"],
    ["r USING INDEX refusal_standing_b", "from refusal r where r.resolved_ms is null"],
    ["steward_side", "as tag from steward_side"],
  ],
};
const KINDS = Object.keys(READ_WHOLE) as DatabaseKind[];

/** Not of what is made for the statement itself, nor of the migrations, which are read at start. */
const readWholeIn = (plan: readonly string[]): string[] =>
  plan.flatMap(
    (line) => /^SCAN (?!.*VIRTUAL TABLE|\(|CONSTANT|migration$)(.*)/.exec(line)?.[1] ?? [],
  );

test(
  "EDG6: what a sale asks for is found by key, and no table that grows with sales or customers is read whole",
  async () => {
    for (let at = 1; at <= SEEDS; at++) await runPlan(planOf(String(at)), pool, { comparing });
    for (const kind of KINDS) {
      const ran = new Map(
        pool.free(kind).flatMap((database) => [...database.ran].map((sql) => [sql, database])),
      );
      expect(ran.size).toBeGreaterThan(5);
      const found = [...ran].flatMap(([sql, database]) => {
        const words = sql.replaceAll(/\s+/g, " ");
        return readWholeIn(database.planOf(sql))
          .filter((line) => !READ_WHOLE[kind].some(([at, of]) => at === line && words.includes(of)))
          .map((line) => ({ kind, line, words }));
      });
      expect(found).toEqual([]);
    }
  },
  TIMEOUT_MS,
);
