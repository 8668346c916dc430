/** Order, repetition and partition of deliveries: whatever the network does, the centre ends with the same state. */
import type { IdentityKey } from "@regulars/shared/ids";
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { historyArbitrary, play, TILLS } from "../testing/histories.ts";
import { createModelEdge } from "../testing/model-edge.ts";
import { DATABASES, emptyDatabase, type TestDatabase } from "../testing/database.ts";
import { MATCHING } from "../testing/matching.ts";
import { stateOf } from "../testing/state.ts";
import { eventsOf, fragmentsOf, type Till } from "../testing/till.ts";
import { createIntake, type Intake } from "./intake.ts";
import type { ArrivedFragment } from "./source-record.ts";

/** What the network does: sort keys for the deliveries, cuts between requests, repetitions. */
const networkArbitrary = fc.record({
  order: fc.array(fc.nat(1_000), { minLength: 60, maxLength: 60 }),
  cuts: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 60, maxLength: 60 }),
  repeats: fc.array(fc.nat(40), { maxLength: 8 }),
});
type Network = typeof networkArbitrary extends fc.Arbitrary<infer Value> ? Value : never;

/** Deliveries of everything, in the network's order, cut into requests. */
function deliveries(
  tills: readonly Till[],
  network: Network,
): ((intake: Intake) => Promise<unknown>)[] {
  const fragments = tills.flatMap((till) =>
    till.captured.flatMap(({ fragment }) => (fragment ? [fragment] : [])),
  );
  const repeated = network.repeats.flatMap((at) => fragments[at % fragments.length] ?? []);
  const shuffled = [...fragments, ...repeated]
    .map((fragment, at) => ({ fragment, order: network.order[at % 60] ?? 0 }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ fragment }) => fragment);
  const tasks: ((intake: Intake) => Promise<unknown>)[] = [];
  for (let at = 0, request = 0; at < shuffled.length; request++) {
    const size = network.cuts[request % 60] ?? 1;
    const batch: ArrivedFragment[] = shuffled.slice(at, at + size);
    at += size;
    tasks.push((intake) => intake.fragments(fragmentsOf(batch)));
    const till = tills[request % TILLS];
    if (!till) continue;
    // A sender that starts anywhere: gaps are answered, repetitions skipped.
    const from = (network.order[request % 60] ?? 0) % (till.captured.length + 1);
    const items = till.captured.slice(from, from + size).map(({ item }) => item);
    tasks.push((intake) => intake.events(eventsOf(till.store, items)));
  }
  for (const till of tills) {
    const items = till.captured.map(({ item }) => item);
    tasks.push((intake) => intake.events(eventsOf(till.store, items)));
  }
  return tasks;
}

const IN_ORDER: Network = {
  order: Array.from({ length: 60 }, (_, at) => at),
  cuts: [200],
  repeats: [],
};

function intakeOf(storage: Storage): Intake {
  return createIntake({
    storage,
    policy: DEFAULT_POLICY,
    matching: MATCHING,
    nowMs: () => 7,
    onTaken: () => {},
  });
}

describe.each(DATABASES)("any order into $name", ({ name, open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  // The server costs a round trip per request; it runs the same code, so a few histories show that it agrees.
  const numRuns = name === "a libSQL file" ? 60 : 8;
  // A failure is told within seconds: shrinking runs hundreds of histories through a database.
  const interruptAfterTimeLimit = 20_000;

  async function stateAfter(tills: readonly Till[], network: Network) {
    await emptyDatabase(database.storage);
    const intake = intakeOf(database.storage);
    for (const deliver of deliveries(tills, network)) await deliver(intake);
    return stateOf(database.storage);
  }

  test("IDN2 any order, repetition and partition gives the same customers, golden records, links and marks", async () => {
    await fc.assert(
      fc.asyncProperty(historyArbitrary, networkArbitrary, async (history, network) => {
        const tills = play(history);
        const expected = await stateAfter(tills, IN_ORDER);
        expect(await stateAfter(tills, network)).toEqual(expected);
        for (const writer of expected.writers) expect(writer["golden"]).toBe(writer["journaled"]);
      }),
      { numRuns, interruptAfterTimeLimit },
    );
  });

  test("IDN2 requests that arrive at the same moment are one after the other", async () => {
    await fc.assert(
      fc.asyncProperty(historyArbitrary, networkArbitrary, async (history, network) => {
        const tills = play(history);
        const expected = await stateAfter(tills, IN_ORDER);
        await emptyDatabase(database.storage);
        const intake = intakeOf(database.storage);
        await Promise.all(deliveries(tills, network).map((deliver) => deliver(intake)));
        expect(await stateOf(database.storage)).toEqual(expected);
      }),
      { numRuns: Math.ceil(numRuns / 3), interruptAfterTimeLimit },
    );
  });

  test("IDN2 an edge that applies the decisions ends with every fragment where the centre has it", async () => {
    await fc.assert(
      fc.asyncProperty(historyArbitrary, networkArbitrary, async (history, network) => {
        await emptyDatabase(database.storage);
        const edge = createModelEdge();
        const intake = intakeOf(database.storage);
        const captured = play(history)
          .flatMap((till) => till.captured)
          .map((one, at) => ({ ...one, order: network.order[at % 60] ?? 0 }))
          .toSorted((a, b) => a.order - b.order);
        for (const [at, { item, fragment }] of captured.entries()) {
          if (!fragment) continue;
          const { subject } = JSON.parse(item.body) as { subject: IdentityKey[] };
          edge.take(fragment, subject);
          if ((network.cuts[at % 60] ?? 1) === 1) continue;
          const first = (network.order[(at + 7) % 60] ?? 0) % edge.onTheirWay.length;
          await intake.fragments(fragmentsOf(edge.onTheirWay.splice(first, 2)));
          if ((network.cuts[at % 60] ?? 1) > 2) await edge.apply(database.storage);
        }
        for (let round = 0; ; round++) {
          // Whoever moves something for ever has not decided anything.
          expect(round).toBeLessThan(20);
          for (const fragment of edge.onTheirWay.splice(0)) {
            await intake.fragments(fragmentsOf([fragment]));
          }
          await edge.apply(database.storage);
          if (edge.onTheirWay.length === 0) break;
        }
        const rows = await rowsOf(database.storage, "select id, customer from source_record");
        expect(rows.map((row) => [row["id"], edge.placeOf(textOf(row, "id"))])).toEqual(
          rows.map((row) => [row["id"], row["customer"]]),
        );
      }),
      { numRuns, interruptAfterTimeLimit },
    );
  });
});
