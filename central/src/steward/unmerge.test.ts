/** Stewards' decisions over random histories: when they are taken changes nothing, and undone ones leave nothing behind. */
import type { IdentityKey } from "@regulars/shared/ids";
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIntake, type Intake } from "../intake/intake.ts";
import type { ArrivedFragment } from "../intake/source-record.ts";
import { readFeed } from "../resolve/feed.ts";
import { DATABASES, emptyDatabase, type TestDatabase } from "../testing/database.ts";
import { historyArbitrary, play } from "../testing/histories.ts";
import { MATCHING } from "../testing/matching.ts";
import { createModelEdge } from "../testing/model-edge.ts";
import { stateOf } from "../testing/state.ts";
import { fragmentsOf } from "../testing/till.ts";
import { decide, undo } from "./decide.ts";
import type { LinkRequest } from "./requests.ts";

const decisionArbitrary = fc.record({
  /** After how many deliveries, and after how many it is undone; those beyond the last never are. */
  at: fc.nat(14),
  undoneAfter: fc.nat(20),
  kind: fc.constantFrom("same" as const, "different" as const),
  a: fc.array(fc.nat(20), { minLength: 1, maxLength: 2 }),
  b: fc.array(fc.nat(20), { minLength: 1, maxLength: 2 }),
});
type Decision = typeof decisionArbitrary extends fc.Arbitrary<infer Value> ? Value : never;
const decisionsArbitrary = fc.array(decisionArbitrary, { minLength: 1, maxLength: 4 });

type Delivery = { readonly fragment: ArrivedFragment; readonly subject: readonly IdentityKey[] };

function deliveriesOf(history: Parameters<typeof play>[0], order: readonly number[]): Delivery[] {
  return play(history)
    .flatMap((till) => till.captured)
    .map((one, at) => ({ ...one, place: order[at % order.length] ?? 0 }))
    .toSorted((x, y) => x.place - y.place)
    .flatMap(({ item, fragment }) => {
      const { subject } = JSON.parse(item.body) as { subject: IdentityKey[] };
      return fragment ? [{ fragment, subject }] : [];
    });
}

const intakeOf = (storage: Storage): Intake =>
  createIntake({
    storage,
    policy: DEFAULT_POLICY,
    matching: MATCHING,
    nowMs: () => 7,
    onTaken: () => {},
  });

/** Of records that are there when it is taken; null when the sides would have one in common. */
async function requestOf(storage: Storage, id: string, { kind, a, b }: Decision) {
  const rows = await rowsOf(storage, "select id from source_record order by id");
  const records = rows.map((row) => textOf(row, "id"));
  const pick = (side: readonly number[]): string[] => [
    ...new Set(side.flatMap((at) => records[at % records.length] ?? [])),
  ];
  const [left, right] = [pick(a), pick(b)];
  if (left.length === 0 || left.some((record) => right.includes(record))) return null;
  return { id, kind, a: { records: left }, b: { records: right }, by: "tester" } as LinkRequest;
}

/** Somebody who has seen whose the records are, and from then on hears of nothing but the feed. */
async function readerOf(storage: Storage) {
  const rows = await rowsOf(storage, "select id, customer from source_record");
  const customerOf = new Map(rows.map((row) => [textOf(row, "id"), textOf(row, "customer")]));
  const [newest] = (await rowsOf(storage, "select max(n) as n from feed")).map((row) => row["n"]);
  const { next } = await readFeed(storage, { after: null, limit: 1 });
  const after = `${next.split("-")[0]}-${Number(newest ?? 0)}`;
  return {
    async follow() {
      const { feed } = await readFeed(storage, { after, limit: 10_000 });
      for (const { type, customer, previous, records } of feed) {
        for (const [record, known] of customerOf) {
          const isMeant = type === "merged" ? known === previous : records.includes(record);
          if (isMeant) customerOf.set(record, customer);
        }
      }
      return customerOf;
    },
  };
}

describe.each(DATABASES)("decisions in $name", ({ name, open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  const numRuns = name === "a libSQL file" ? 60 : 6;
  const interruptAfterTimeLimit = 20_000;
  const orderArbitrary = fc.array(fc.nat(100), { minLength: 14, maxLength: 14 });

  async function played(
    deliveries: readonly Delivery[],
    decisions: readonly Decision[],
    undoesAll: boolean,
  ) {
    const { storage } = database;
    await emptyDatabase(storage);
    const intake = intakeOf(storage);
    const edge = createModelEdge();
    const standing = new Map<string, LinkRequest>();
    const take = (request: LinkRequest) =>
      intake.alone((rules) => decide({ storage, rules, nowMs: 7 }, request));
    const takeBack = (id: string) =>
      intake.alone((rules) => undo({ storage, rules, nowMs: 7 }, id, "tester"));
    let reader = await readerOf(storage);
    for (let at = 0; at <= Math.max(deliveries.length, 20); at++) {
      // A reader of the feed who comes in the middle.
      if (at === 5) reader = await readerOf(storage);
      for (const [n, decision] of decisions.entries()) {
        const id = `d${n}`;
        if (decision.at === at) {
          const request = await requestOf(storage, id, decision);
          if (!request) continue;
          if ((await take(request)).ok) standing.set(id, request);
        }
        if (decision.at + decision.undoneAfter === at && standing.delete(id)) await takeBack(id);
      }
      const delivery = deliveries[at];
      if (!delivery) continue;
      edge.take(delivery.fragment, delivery.subject);
      await intake.fragments(fragmentsOf(edge.onTheirWay.splice(0)));
      if (at % 3 === 0) await edge.apply(storage);
    }
    if (undoesAll) for (const id of standing.keys()) await takeBack(id);
    for (let round = 0; round < 20; round++) {
      await edge.apply(storage);
      if (edge.onTheirWay.length === 0) break;
      await intake.fragments(fragmentsOf(edge.onTheirWay.splice(0)));
    }
    const places = await rowsOf(storage, "select id, customer from source_record order by id");
    for (const row of places) expect(edge.placeOf(textOf(row, "id"))).toBe(row["customer"]);
    const learned = await reader.follow();
    const known = places.filter((row) => learned.has(textOf(row, "id")));
    expect(known.map((row) => learned.get(textOf(row, "id")))).toEqual(known.map((row) => row["customer"])); // prettier-ignore
    return { state: await stateOf(storage), standing };
  }

  async function fresh(deliveries: readonly Delivery[], standing: Iterable<LinkRequest>) {
    const { storage } = database;
    await emptyDatabase(storage);
    const intake = intakeOf(storage);
    await intake.fragments(fragmentsOf(deliveries.map(({ fragment }) => fragment)));
    for (const request of standing) {
      await intake.alone((rules) => decide({ storage, rules, nowMs: 7 }, request));
    }
    return stateOf(storage);
  }

  test("IDN1 IDN7 decisions that were undone leave no trace: customers, golden records and links are as if they had never been", async () => {
    await fc.assert(
      fc.asyncProperty(
        historyArbitrary,
        decisionsArbitrary,
        orderArbitrary,
        async (history, decisions, order) => {
          const deliveries = deliveriesOf(history, order);
          const { state } = await played(deliveries, decisions, true);
          expect(state).toEqual(await fresh(deliveries, []));
        },
      ),
      { numRuns, interruptAfterTimeLimit },
    );
  });

  test("IDN2 decisions that stand count the same, whenever they were taken", async () => {
    await fc.assert(
      fc.asyncProperty(
        historyArbitrary,
        decisionsArbitrary,
        orderArbitrary,
        async (history, decisions, order) => {
          const deliveries = deliveriesOf(history, order);
          const { state, standing } = await played(deliveries, decisions, false);
          expect(state).toEqual(await fresh(deliveries, standing.values()));
        },
      ),
      { numRuns, interruptAfterTimeLimit },
    );
  });

  test("IDN6 what a steward holds apart is in no customer together, also when others say that it is the same", async () => {
    await fc.assert(
      fc.asyncProperty(
        historyArbitrary,
        decisionsArbitrary,
        orderArbitrary,
        async (history, decisions, order) => {
          const deliveries = deliveriesOf(history, order);
          const kept = decisions.map((each) => ({
            ...each,
            at: Math.min(each.at, 6),
            undoneAfter: 99,
          }));
          const { state, standing } = await played(deliveries, kept, false);
          const customerOf = new Map(state.records.map((row) => [row["id"], row["customer"]]));
          for (const { kind, a, b } of standing.values()) {
            if (kind !== "different" || !("records" in a) || !("records" in b)) continue;
            for (const one of a.records) {
              for (const two of b.records) {
                expect(customerOf.get(one)).not.toBe(customerOf.get(two));
              }
            }
          }
        },
      ),
      { numRuns: Math.ceil(numRuns / 2), interruptAfterTimeLimit },
    );
  });
});
