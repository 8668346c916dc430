/** The table of potential matches: right after every write, a page of it cheap, and its cursor good for ever. */
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createIntake, type Intake } from "../intake/intake.ts";
import { takeFragments } from "../intake/take-fragments.ts";
import { anewPage } from "../resolve/anew.ts";
import { fillStatements } from "../resolve/potential.ts";
import { LIKELY, priorityOf, VALUE } from "../resolve/potential-priority.ts";
import { emptyDatabase, openFile, type TestDatabase } from "../testing/database.ts";
import { MATCHING } from "../testing/matching.ts";
import { planOf, walksIn } from "../testing/plan.ts";
import { populationOf, recordOf } from "../testing/population.ts";
import { potentialExpected } from "../testing/potential.ts";
import { decide, undo } from "./decide.ts";
import {
  POTENTIAL_COUNT,
  potentialOfQuery,
  potentialPageQuery,
  potentialQuery,
  readPotentialMatches,
} from "./potential-matches.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openFile();
});
afterAll(() => database.close());
beforeEach(() => emptyDatabase(database.storage));

const intakeOf = (storage: Storage): Intake =>
  createIntake({
    storage,
    policy: DEFAULT_POLICY,
    matching: MATCHING,
    nowMs: () => 7,
    onTaken: () => {},
  });

async function tableOf(storage: Storage) {
  const { matches } = await readPotentialMatches(storage, { after: null, limit: 1_000 });
  return matches.map(({ customers, records, reasons, weight, priority }) => ({
    customers: customers.join(" "),
    records: records.join(" "),
    reasons,
    weight,
    priority,
  }));
}

/** Sales come to records that are there: the same records, later, with totals. */
const soldBy = (records: ReturnType<typeof populationOf>, sales: number) =>
  records.map((record) => ({
    ...record,
    clock: 2,
    contribution: {
      ...record.contribution,
      seq: 2,
      totals: { GBP: { sales, returns: 0, minor: 100 * sales } },
    },
  }));

const stepArbitrary = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant("arrive"), at: fc.nat(200) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("sell"), at: fc.nat(200) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("same"), at: fc.nat(200) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("different"), at: fc.nat(200) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("undo"), at: fc.nat(200) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("anew"), at: fc.nat(200) }) },
);

test("IDN2 after any deliveries, sales, decisions and undoings the table of potential matches is what all evidence together says", async () => {
  const { storage } = database;
  let most = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 500 }),
      fc.array(stepArbitrary, { minLength: 3, maxLength: 10 }),
      async (seed, steps) => {
        await emptyDatabase(storage);
        const intake = intakeOf(storage);
        const people = populationOf({ records: 60, seed, sharedPhone: 6, nobodyEvery: 9 });
        const take = (records: typeof people) =>
          intake.alone((rules) => takeFragments(storage, { records, refused: [] }, rules, 7));
        await take(people.slice(0, 30));
        for (const [n, { does, at }] of steps.entries()) {
          const matches = await tableOf(storage);
          const match = matches[at % Math.max(1, matches.length)];
          const deps = { storage, nowMs: 7 };
          if (does === "arrive") await take(people.slice(30 + 6 * (at % 5), 36 + 6 * (at % 5)));
          if (does === "sell") await take(soldBy(people.slice(at % 30, (at % 30) + 3), 1 + at));
          if (does === "undo") {
            await intake.alone((rules) => undo({ ...deps, rules }, `d${at % steps.length}`, "t"));
          }
          if (does === "anew") {
            await storage.write([
              { sql: "insert or replace into resolution (name, value) values ('cursor', '')" },
            ]);
            await intake.alone(({ matching, policy }) => anewPage(storage, matching, policy, 7));
          }
          if ((does === "same" || does === "different") && match) {
            const [a = "", b = ""] = match.records.split(" ");
            const sides = { a: { records: [a] }, b: { records: [b] } };
            const request = { id: `d${n}`, kind: does, ...sides, by: "t" } as const;
            await intake.alone((rules) => decide({ ...deps, rules }, request));
          }
          const table = await tableOf(storage);
          most = Math.max(most, table.length);
          expect(table).toEqual(await potentialExpected(storage));
        }
        const kept = await tableOf(storage);
        await storage.write(fillStatements());
        expect(await tableOf(storage)).toEqual(kept);
      },
    ),
    { numRuns: 25, interruptAfterTimeLimit: 20_000 },
  );
  expect(most).toBeGreaterThan(5);
});

test("IDN7 a pair goes on under the id that its customer has after a join by what arrived later", async () => {
  const { storage } = database;
  const intake = intakeOf(storage);
  const take = (...records: ReturnType<typeof populationOf>) =>
    intake.alone((rules) => takeFragments(storage, { records, refused: [] }, rules, 7));
  const fay = { givenName: "Fay", familyName: "Eliot" };
  await take(
    recordOf(0, { email: "fay@x.example" }),
    recordOf(1, { ...fay, loyaltyNumber: "7701" }),
    recordOf(2, { ...fay, loyaltyNumber: "7702" }),
  );
  const before = await tableOf(storage);
  expect(before).toHaveLength(1);
  await take(recordOf(3, { email: "fay@x.example", loyaltyNumber: "7701" }));
  const after = await tableOf(storage);
  expect(after).toEqual(await potentialExpected(storage));
  expect(after).toHaveLength(1);
  expect(after[0]?.customers).not.toBe(before[0]?.customers);
});

test("a database from before the table was kept has it filled before anything is taken in", async () => {
  const { storage } = database;
  const first = intakeOf(storage);
  const records = populationOf({ records: 60, seed: 3, sharedPhone: 6 });
  await first.alone((rules) => takeFragments(storage, { records, refused: [] }, rules, 7));
  const kept = await tableOf(storage);
  expect(kept.length).toBeGreaterThan(3);
  await storage.write([
    { sql: "delete from potential" },
    { sql: "delete from resolution where name = 'potential'" },
  ]);
  await intakeOf(storage).alone(() => Promise.resolve());
  expect(await tableOf(storage)).toEqual(kept);
});

test("pages of the queue follow each other without a gap, also when a cursor's pair is gone", async () => {
  const { storage } = database;
  const records = populationOf({ records: 120, seed: 4, sharedPhone: 12 });
  await intakeOf(storage).alone((rules) => takeFragments(storage, { records, refused: [] }, rules, 7)); // prettier-ignore
  const all = await tableOf(storage);
  const seen: string[] = [];
  for (
    let after: string | null = null, isFirst = true;
    isFirst || after !== null;
    isFirst = false
  ) {
    const page = await readPotentialMatches(storage, { after, limit: 3 });
    expect(page.count).toBe(all.length - (isFirst ? 0 : seen.length / 3));
    seen.push(...page.matches.map(({ customers }) => customers.join(" ")));
    after = page.next;
    const [one = "", two = ""] = seen.at(-1)?.split(" ") ?? [];
    await storage.write([{ sql: "delete from potential where one = ? and two = ?", args: [one, two] }]); // prettier-ignore
  }
  expect(seen).toEqual(all.map(({ customers }) => customers));
});

test("the queue, a pair and a customer's pairs are read by index", async () => {
  const { storage } = database;
  const cursor = `1.5~c${"a".repeat(22)}~c${"b".repeat(22)}`;
  for (const after of [null, cursor]) {
    const plan = await planOf(storage, potentialPageQuery(after, 25));
    expect(plan.join("\n")).toContain("potential_rank");
    expect(plan.join("\n")).not.toContain("TEMP B-TREE");
    // The first page walks the index as far as its limit.
    expect(await walksIn(storage, potentialPageQuery(after, 25), after === null ? ["potential_rank"] : [])).toEqual([]); // prettier-ignore
  }
  expect(await walksIn(storage, potentialQuery("c1", "c2"))).toEqual([]);
  expect(await walksIn(storage, potentialOfQuery("c1", 5))).toEqual([]);
  expect((await planOf(storage, POTENTIAL_COUNT)).join("\n")).toContain("COVERING INDEX");
});

test("what keeps the table walks no table", async () => {
  const { storage } = database;
  const seen: { sql: string; args?: readonly (string | number | null | Uint8Array)[] }[] = [];
  const watched: Storage = {
    read: (queries) => storage.read(queries),
    async write(statements) {
      seen.push(...statements.filter(({ sql }) => /potential/.test(sql)));
      await storage.write(statements);
    },
  };
  const people = populationOf({ records: 30, seed: 3, sharedPhone: 6 });
  const intake = intakeOf(watched);
  await intake.alone((rules) => takeFragments(watched, { records: people, refused: [] }, rules, 7));
  const filled = seen.length;
  await intake.alone((rules) => takeFragments(watched, { records: soldBy(people, 3), refused: [] }, rules, 7)); // prettier-ignore
  expect(seen.length).toBeGreaterThan(filled);
  // Of the first fill, which reads all there is, no more than the emptying is left out.
  const kept = seen.filter(({ args = [] }) => args[0] !== "[]" && args.length > 0);
  expect(kept.length).toBeGreaterThan(4);
  const own = ["sided", "told", "best", "t", "own", "evidence", "open", "e"];
  for (const { sql, args = [] } of kept) {
    if (/resolution/.test(sql)) continue;
    // The driver explains queries alone.
    const query = sql
      .replace(/insert into potential \([^)]*\)/, "")
      .replace(/^delete from/, "select 1 from")
      .replace(/^update potential set rank = (.*?)\s+where (one|two) in/s, "select $1 from potential where $2 in"); // prettier-ignore
    const walks = await walksIn(storage, { sql: query, args }, own);
    expect(walks.filter((step) => !step.startsWith("SCAN (subquery"))).toEqual([]);
  }
});

test("the priority grows with the odds, with a conflict of strong evidence, and with what would be lost", () => {
  const one = { weight: -2, reasons: ["probability"], sales: [3, 9] } as const;
  expect(priorityOf(one)).toBeCloseTo(20 + 8, 0);
  expect(priorityOf({ ...one, weight: 2 })).toBeGreaterThan(priorityOf(one));
  expect(priorityOf({ ...one, reasons: ["household", "probability"] }) - priorityOf(one)).toBeCloseTo(5); // prettier-ignore
  expect(priorityOf({ ...one, sales: [9, 3] })).toBe(priorityOf(one));
  expect(priorityOf({ ...one, sales: [1_000, 1_000] })).toBeCloseTo(20 + 20, 0);
  expect(LIKELY.toSorted((x, y) => x - y)).toEqual(LIKELY);
  expect(VALUE.toSorted((x, y) => x - y)).toEqual(VALUE);
});

test("SEC2 the table holds ids and numbers, and nothing that anybody has said", async () => {
  const { storage } = database;
  const records = populationOf({ records: 30, seed: 3, sharedPhone: 6 });
  await intakeOf(storage).alone((rules) => takeFragments(storage, { records, refused: [] }, rules, 7)); // prettier-ignore
  const rows = await rowsOf(storage, "select * from potential");
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows)
    expect(textOf(row, "record_one")).toMatch(/^till-\d\/\d+\/[a-z]+:[\w-]+$/);
  expect(JSON.stringify(rows)).not.toMatch(/archer|baxter|carter|example/i);
});
