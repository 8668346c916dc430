/** Comparing of edge and centre, in worlds with every trouble: what is on its way never differs, and what is broken is found. */
import { randomInt } from "node:crypto";
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, type Statement, textOf } from "@regulars/shared/storage/port";
import { afterAll, expect, test } from "vitest";
import { contributionIn } from "../../central/src/db/packed-columns.ts";
import { createDatabasePool, type Database } from "./database.ts";
import { installPlatform, usePlatform } from "./platform.ts";
import { planOf } from "./plan.ts";
import { rowsIn } from "./quiet.ts";
import { type RunOptions, runPlan, untilQuiet, type Violation } from "./run.ts";
import type { World } from "./world.ts";

const real = { fetch, setTimeout, clearTimeout, timeout: AbortSignal.timeout.bind(AbortSignal) };
installPlatform();
afterAll(() => {
  usePlatform(null);
  Object.assign(globalThis, { ...real });
  AbortSignal.timeout = real.timeout;
});
const pool = await createDatabasePool();

/** Far more often than in a shop, so that it meets everything that is on its way. */
const comparing = { confirmMs: 40, gapMs: 30, restMs: 90 };
const SEEDS = 16;

/** Losses of disks make differences, and are looked at below. */
const LOSSES = new Set(["rot", "rot_fragment", "edge_lost"]);
const isOrdinary = (seed: string): boolean =>
  !planOf(seed).steps.some((step) => step.kind === "fault" && LOSSES.has(step.fault));

const differencesOf = (world: World) =>
  rowsIn(world.centre.disk.database, "select * from difference order by n");

test("GLD2: while sales, faults and delays go on, nothing that is on its way is called a difference", async () => {
  const from = randomInt(1_000_000_000);
  let rounds = 0;
  for (let at = 0; at < SEEDS; at++) {
    const seed = String(from + at);
    if (!isOrdinary(seed)) continue;
    const whenQuiet = async (world: World): Promise<Violation[]> => {
      await world.timeline.runUntil(world.timeline.nowMs() + 2_000);
      const [cursor] = rowsIn(
        world.centre.disk.database,
        "select value ->> 'rounds' as rounds from reconciliation where name = 'compare_profiles'",
      );
      rounds += cursor ? numberOf(cursor, "rounds") : 0;
      return differencesOf(world).map((row) => ({
        invariant: "what is on its way is no difference",
        detail: JSON.stringify(row),
      }));
    };
    const { violations } = await runPlan(planOf(seed), pool, { comparing, whenQuiet });
    expect({ seed, violations: firstWords(violations) }).toEqual({ seed, violations: [] });
  }
  expect(rounds).toBeGreaterThan(SEEDS);
});

const firstWords = (violations: readonly Violation[]) =>
  violations.map(({ invariant, detail }) => `${invariant}: ${detail.slice(0, 60)}`);

/** A plan with customers, without faults that take anything away. */
function plainSeed(): string {
  for (let from = randomInt(1_000_000_000); ; from++) {
    const plan = planOf(String(from));
    const captures = plan.steps.filter(({ kind }) => kind === "capture").length;
    if (captures >= 3 && isOrdinary(plan.seed)) return plan.seed;
  }
}

interface Broken {
  readonly name: string;
  readonly where: "edge" | "centre";
  readonly statements: readonly Statement[] | ((database: Database) => Statement[]);
  readonly what: RegExp;
  readonly done: string;
}

const BREAKS: readonly Broken[] = [
  {
    name: "a stored profile is altered",
    where: "edge",
    statements: [{ sql: "update profile set json = json_set(json, '$.asOf', null)" }],
    what: /^profile$/,
    done: "rebuilt_at_edge",
  },
  {
    name: "a stored profile is damaged",
    where: "edge",
    statements: [{ sql: "update profile set json = substr(json, 1, length(json) - 5)" }],
    what: /^unreadable$/,
    done: "rebuilt_at_edge",
  },
  {
    name: "what apps are shown is altered",
    where: "edge",
    statements: [{ sql: "update profile set view = view || ' '" }],
    what: /^shown$/,
    done: "rebuilt_at_edge",
  },
  {
    name: "what a fragment says is altered",
    where: "edge",
    statements: [{ sql: "update fragment set contribution = json_set(contribution, '$.seq', 99)" }],
    what: /^fragments$/,
    done: "rebuilt_at_edge",
  },
  {
    name: "a decision was lost",
    where: "edge",
    statements: [{ sql: "update profile set golden = 0, json = json_set(json, '$.golden', 0)" }],
    what: /^version$/,
    done: "told_again",
  },
  {
    name: "a shard has lost its disk",
    where: "edge",
    statements: ["profile", "fragment", "moved", "notice", "undelivered", "arrival"].map(
      (table) => ({
        sql: `delete from ${table}`,
      }),
    ),
    what: /^not_at_edge$/,
    done: "given_back",
  },
  {
    name: "a golden record is altered",
    where: "centre",
    statements: [
      {
        sql: `update customer set golden = '{"fields":{},"keys":[],"consents":{}}' where golden is not null`,
      },
    ],
    what: /^golden_record$/,
    done: "golden_anew",
  },
  {
    name: "a source record is dropped",
    where: "centre",
    statements: [{ sql: "delete from source_record" }],
    what: /^(not_at_centre|fragments)$/,
    done: "rebuilt_at_edge",
  },
  {
    name: "what a source record says is altered",
    where: "centre",
    statements: (database) =>
      rowsIn(database, "select id, contribution from source_record").map((row) => ({
        sql: "update source_record set contribution = ? where id = ?",
        args: [JSON.stringify({ ...contributionIn(row), seq: 99 }), textOf(row, "id")],
      })),
    what: /^(fragments|golden_record)$/,
    done: "taken_anew",
  },
];

test.each(BREAKS)(
  "GLD2: $name: found, mended, reported",
  async ({ where, statements, what, done }) => {
    const seed = plainSeed();
    const whenQuiet = async (world: World): Promise<Violation[]> => {
      const { timeline } = world;
      await timeline.runUntil(timeline.nowMs() + 2_000);
      // Every process begins anew: what it has in memory is what is stored.
      for (const machine of [...world.edge.profiles, world.centre]) {
        machine.crash({ downMs: 5, power: false });
        const isMeant = where === "centre" ? machine === world.centre : machine !== world.centre;
        if (isMeant) {
          const { database } = machine.disk;
          database.write(typeof statements === "function" ? statements(database) : statements);
        }
      }
      const endMs = timeline.nowMs() + 20 * LIMITS.retryMaxMs;
      const isOver = (): boolean => {
        const rows = differencesOf(world);
        return rows.length > 0 && rows.every((row) => row["repaired_ms"] !== null);
      };
      while (!isOver() && timeline.nowMs() < endMs)
        await timeline.runUntil(timeline.nowMs() + 1_000);
      const rows = differencesOf(world);
      expect({ seed, found: rows.length > 0 }).toEqual({ seed, found: true });
      for (const row of rows) {
        const detail = JSON.parse(textOf(row, "detail")) as { what: string[]; done: string[] };
        expect({ seed, mended: row["repaired_ms"] !== null }).toEqual({ seed, mended: true });
        expect(detail.what.join()).toMatch(what);
        expect(detail.done).toContain(done);
      }
      // Tills hear of it.
      await timeline.runUntil(timeline.nowMs() + 2 * LIMITS.pullEveryMs);
      await untilQuiet(world);
      return [];
    };
    const options: RunOptions = { comparing, whenQuiet };
    const { violations } = await runPlan(planOf(seed), pool, options);
    // All of it is again as the oracle says.
    expect({ seed, violations: firstWords(violations) }).toEqual({ seed, violations: [] });
  },
);
