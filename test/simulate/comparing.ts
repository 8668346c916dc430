/** Comparing of edge and centre, in worlds with every trouble: what is on its way never differs, and what is broken is found. */
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, textOf } from "@regulars/shared/storage/port";
import { detailSchema } from "../../central/src/compare/differences.ts";
import { parseFragmentId } from "@regulars/shared/ids";
import { BREAKS, type Broken } from "./breaks.ts";
import { TILL } from "./copies.ts";
import type { DatabasePool } from "./database.ts";
import { planOf } from "./plan.ts";
import { rowsIn } from "./quiet.ts";
import { runPlan, type RunResult, untilQuiet, type Violation } from "./run.ts";
import type { World } from "./world.ts";

/** Far more often than in a shop, so that it meets everything that is on its way. */
const comparing = { confirmMs: 40, gapMs: 30, restMs: 90 };

/** In so long everybody is compared a few times. */
const ROUNDS_MS = 5_000;

/** Losses of disks make differences of their own. */
const LOSSES = new Set(["rot", "rot_fragment", "edge_lost"]);
export const isOrdinary = (seed: string): boolean =>
  !planOf(seed).steps.some((step) => step.kind === "fault" && LOSSES.has(step.fault));

export const hasCustomers = (seed: string): boolean =>
  planOf(seed).steps.filter(({ kind }) => kind === "capture").length >= 3;

/** By seed, so that a seed is the same run each time. */
export const breakOf = (seed: string): Broken => {
  const broken = BREAKS[Number(seed) % BREAKS.length];
  if (!broken) throw new Error("a seed is a number");
  return broken;
};

const differencesOf = (world: World) =>
  rowsIn(world.centre.disk.database, "select * from difference order by n");

/** A seed's run, with all that is called a difference in it as a violation; and how often everybody was compared. */
export async function runOrdinary(
  seed: string,
  pool: DatabasePool,
): Promise<RunResult & { readonly rounds: number }> {
  let rounds = 0;
  const whenQuiet = async (world: World): Promise<Violation[]> => {
    await world.timeline.runUntil(world.timeline.nowMs() + 2_000);
    const [cursor] = rowsIn(
      world.centre.disk.database,
      "select value ->> 'rounds' as rounds from reconciliation where name = 'compare_profiles'",
    );
    rounds = cursor ? numberOf(cursor, "rounds") : 0;
    return differencesOf(world).map((row) => ({
      invariant: "what is on its way is no difference",
      detail: JSON.stringify(row),
    }));
  };
  const result = await runPlan(planOf(seed), pool, { comparing, whenQuiet });
  return { ...result, rounds };
}

/** A seed's run, with something broken when all is quiet; `whom`: how many customers there were to break, so none tells nothing. */
export async function runBroken(
  seed: string,
  broken: Broken,
  pool: DatabasePool,
  traced = false,
): Promise<RunResult & { readonly whom: number }> {
  let whom = 0;
  let forgotten: readonly string[] = [];
  const whenQuiet = async (world: World): Promise<Violation[]> => {
    const { timeline } = world;
    await timeline.runUntil(timeline.nowMs() + 2_000);
    if (broken.forgetsStores) forgotten = lookedUpOnly(world);
    const customers = breakDisks(world, broken);
    whom = customers.length;
    if (whom === 0) return [];
    const waiting = (): Violation[] => untold(world, customers, broken);
    const endMs = timeline.nowMs() + 20 * LIMITS.retryMaxMs;
    do await timeline.runUntil(timeline.nowMs() + ROUNDS_MS);
    while (waiting().length > 0 && timeline.nowMs() < endMs);
    const found = [...waiting(), ...mistold(world, broken)];
    // Tills hear of it.
    await timeline.runUntil(timeline.nowMs() + 2 * LIMITS.pullEveryMs);
    const stuck = await untilQuiet(world);
    return [...found, ...(stuck ? [{ invariant: "no queue is stuck", detail: stuck }] : [])];
  };
  const result = await runPlan(planOf(seed), pool, { comparing, whenQuiet, traced });
  const violations = result.violations.filter(
    ({ invariant, detail }) =>
      invariant !== TILL || !forgotten.some((copy) => detail.startsWith(`${copy}: `)),
  );
  return { ...result, violations, whom };
}

/** `till: customer` of copies whose stores have no till that told the edge of the customer: nobody could know of them. */
function lookedUpOnly({ edge, tills }: World): string[] {
  return edge.profiles.flatMap(({ disk }) => {
    const written = rowsIn(disk.database, "select customer, id from fragment").map((row) => {
      const { source } = parseFragmentId(textOf(row, "id"));
      const store = tills.find((till) => till.source === source)?.store ?? "";
      return `${store}: ${textOf(row, "customer")}`;
    });
    return rowsIn(disk.database, "select customer from profile").flatMap((row) =>
      tills
        .filter(({ store }) => !written.includes(`${store}: ${textOf(row, "customer")}`))
        .map(({ name }) => `${name}: ${textOf(row, "customer")}`),
    );
  });
}

/** Whose data it has broken. */
function breakDisks(world: World, { where, whom, statements }: Broken): string[] {
  const meant = where === "centre" ? [world.centre] : world.edge.profiles;
  const customers = meant.flatMap(({ disk }) =>
    rowsIn(disk.database, whom).map((row) => textOf(row, "customer")),
  );
  if (customers.length === 0) return [];
  // Every process begins anew: what it has in memory is what is stored.
  for (const machine of [...world.edge.profiles, world.centre])
    machine.crash({ downMs: 5, power: false });
  for (const { disk } of meant) {
    const { database } = disk;
    database.write(typeof statements === "function" ? statements(database) : statements);
  }
  return customers;
}

/** Who was broken and is not found, or not mended. That all copies are right again in the end is looked at for every run. */
function untold(
  world: World,
  customers: readonly string[],
  { comesAlong = false }: Broken,
): Violation[] {
  const rows = differencesOf(world);
  const found = new Set(rows.map((row) => textOf(row, "subject")));
  const isNoneMissed = comesAlong && customers.some((customer) => found.has(customer));
  const standing = rows.filter((row) => row["repaired_ms"] === null);
  return [
    ...customers
      .filter((customer) => !isNoneMissed && !found.has(customer))
      .map((detail) => ({ invariant: "what is broken is found", detail })),
    ...standing.map((row) => ({
      invariant: "what is found is mended",
      detail: textOf(row, "detail"),
    })),
  ];
}

/** What is told of it otherwise than it was. */
function mistold(world: World, { what, done }: Broken): Violation[] {
  return differencesOf(world).flatMap((row) => {
    const detail = detailSchema.parse(JSON.parse(textOf(row, "detail")));
    if (what.test(detail.what.join()) && done.test(detail.done.join())) return [];
    return [{ invariant: "what is broken is told as it is", detail: textOf(row, "detail") }];
  });
}
