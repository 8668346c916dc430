/**
 * How SQLite goes about what tills, edge and centre ask it. It knows no sizes, so of two tables that are joined it may begin with the
 * large one, and nothing shows that while there is little in it.
 */
import { randomInt } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { createDatabasePool, type DatabaseKind } from "./database.ts";
import { installPlatform, usePlatform } from "./platform.ts";
import { planOf } from "./plan.ts";
import { runPlan } from "./run.ts";

const real = { fetch, setTimeout, clearTimeout, timeout: AbortSignal.timeout.bind(AbortSignal) };
installPlatform();
afterAll(() => {
  usePlatform(null);
  Object.assign(globalThis, { ...real });
  AbortSignal.timeout = real.timeout;
});
const pool = await createDatabasePool();
const comparing = { confirmMs: 2_000, gapMs: 500, restMs: 5_000 };
const SEEDS = 60;

/**
 * What may be read from one end to the other, by the name that it has in its statement: what waits, what there is one of for each
 * epoch, drawer, day, store, file or decision of a steward, and what ends with its first row.
 */
const READ_WHOLE: Readonly<Record<DatabaseKind, readonly string[]>> = {
  till: ["a", "archive", "d LEFT-JOIN", "r", "reseal", "seal", "shift", "w", "writer"],
  inbox: ["item USING INDEX item_aside", "m", "r"],
  directory: ["epoch", "policy"],
  profile: ["c", "n", "u"],
  centre: [
    "difference USING INDEX difference_standing",
    "k",
    "policy",
    "policy_run",
    "publication",
    "source_record USING COVERING INDEX source_record_unit",
    "steward_side",
    // Potential matches of a neighbourhood, and of all when the rules of matching have changed (potential.ts).
    "e",
    "p",
    "r USING INDEX refusal_standing_b",
    "t",
    "told",
  ],
};
const ALWAYS = ["migration", "shift USING COVERING INDEX shift_day"];
const KINDS = Object.keys(READ_WHOLE) as DatabaseKind[];

/** Not of what is made for the statement itself. */
const readWholeIn = (plan: readonly string[]): string[] =>
  plan.flatMap((line) => /^SCAN (?!.*VIRTUAL TABLE|\(|CONSTANT)(.*)/.exec(line)?.[1] ?? []);

test("EDG6: whatever is asked for is found by key, and no table that grows with sales or customers is read whole", async () => {
  const from = randomInt(1_000_000_000);
  console.log(`plans: seeds from ${from}`);
  for (let at = 0; at < SEEDS; at++) await runPlan(planOf(String(from + at)), pool, { comparing });
  for (const kind of KINDS) {
    const ran = new Map(
      pool.free(kind).flatMap((database) => [...database.ran].map((sql) => [sql, database])),
    );
    expect(ran.size).toBeGreaterThan(5);
    const allowed = [...ALWAYS, ...READ_WHOLE[kind]];
    const found = [...ran].flatMap(([sql, database]) =>
      readWholeIn(database.planOf(sql)).flatMap((table) =>
        allowed.includes(table) ? [] : [{ kind, table, sql }],
      ),
    );
    expect(found).toEqual([]);
  }
});
