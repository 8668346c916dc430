/** A centre that comes back from a backup while sales and faults go on: nothing that it has lost stays lost. */
import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import { createDatabasePool } from "./database.ts";
import { installForTests } from "./platform-of-tests.ts";
import { planOf } from "./plan.ts";
import { createRandom } from "./random.ts";
import { rowsIn } from "./quiet.ts";
import { runPlan } from "./run.ts";
import type { World } from "./world.ts";

installForTests();
const pool = await createDatabasePool();
/** As in production: what a message of the centre from before brings about after it came back is found by comparing. */
const comparing = { confirmMs: 2_000, gapMs: 500, restMs: 5_000 };
const SEEDS = 40;

/** Backups of the centre are younger than what the edge keeps: nobody sleeps for weeks here. */
const isAwake = (seed: string): boolean =>
  !planOf(seed).steps.some(
    (step) =>
      step.kind === "sleep" ||
      (step.kind === "fault" && (step.fault === "centre_away" || step.fault === "edge_lost")),
  );

/** Some moment in the plan is what is kept, and some later moment is when it comes back, once or twice. */
function restoresOf(seed: string, world: World, onRestored: (lost: number) => void): void {
  const random = createRandom(`${seed}/restore`);
  const { centre, timeline } = world;
  const backupMs = random.int(0, 8_000);
  timeline.after(backupMs, () => {
    const image = centre.disk.database.image();
    const had = eventsIn(world);
    for (let at = 0; at < random.int(1, 2); at++) {
      timeline.after(random.int(100, 12_000), () => {
        onRestored(eventsIn(world) - had);
        centre.restore(image, random.pick([50, 2_000]));
      });
    }
  });
}

const eventsIn = (world: World): number =>
  rowsIn(world.centre.disk.database, "select 1 from event").length;

test("SYN2 GLD2: a centre that comes back from a backup has all of it again, whatever else happens", async () => {
  const from = randomInt(1_000_000_000);
  let lost = 0;
  for (let at = 0; at < SEEDS; at++) {
    const seed = String(from + at);
    if (!isAwake(seed)) continue;
    const whenBegun = (world: World): void =>
      restoresOf(seed, world, (rows) => void (lost += rows));
    // Long enough for the restores that are planned.
    const plan = planOf(seed);
    const steps = [...plan.steps, { atMs: 21_000, kind: "sleep", forMs: 1 } as const];
    const { violations } = await runPlan({ ...plan, steps }, pool, { comparing, whenBegun });
    expect({ seed, violations: violations.slice(0, 3) }).toEqual({ seed, violations: [] });
  }
  expect(lost).toBeGreaterThan(SEEDS / 4);
});
