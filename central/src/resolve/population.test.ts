/** Resolution of many records: against one batch of the engine, over crowded codes, and anew by other rules. */
import { kindOfKey } from "@regulars/shared/identity/key";
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ArrivedRecord } from "../intake/source-record.ts";
import { takeFragments } from "../intake/take-fragments.ts";
import { clusterUnits } from "../matching/clusters.ts";
import { candidatePairs } from "../matching/pairs.ts";
import { DEFAULT_MATCHING_POLICY } from "../matching/policy.ts";
import { DATABASES, emptyDatabase, openFile, type TestDatabase } from "../testing/database.ts";
import { MATCHING } from "../testing/matching.ts";
import { populationOf, recordOf } from "../testing/population.ts";
import { stateOf } from "../testing/state.ts";
import { anewPage, prepareResolution, readAnewProgress } from "./anew.ts";
import { createMatchingContext, type Matching } from "./matching-context.ts";
import { SELECT_UNITS, unitStateOf } from "./unit-changes.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openFile();
});
afterAll(() => database.close());
beforeEach(() => emptyDatabase(database.storage));

const rulesOf = (matching: Matching = MATCHING) => ({
  policy: DEFAULT_POLICY,
  matching: createMatchingContext(matching),
});

async function take(
  storage: Storage,
  records: readonly ArrivedRecord[],
  size: number,
  rules = rulesOf(),
): Promise<void> {
  await prepareResolution(storage, rules.matching);
  for (let at = 0; at < records.length; at += size) {
    await takeFragments(storage, { records: records.slice(at, at + size), refused: [] }, rules, 7);
  }
}

/** The same ones in another order, whatever they are. */
const shuffled = (records: readonly ArrivedRecord[], step: number): ArrivedRecord[] =>
  records
    .map((record, at) => ({ record, place: (at * step) % 10_007 }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ record }) => record);

async function clustersOf(storage: Storage): Promise<string[]> {
  const rows = await rowsOf(storage, "select id, customer from unit order by id");
  const groups = Map.groupBy(rows, (row) => row["customer"]);
  return [...groups.values()].map((units) => units.map((row) => row["id"]).join(" ")).toSorted();
}

test("IDN2 what arrives one by one is clustered as one batch of the engine over all units would", async () => {
  const { storage } = database;
  const context = createMatchingContext(MATCHING);
  await take(storage, populationOf({ records: 400, seed: 3 }), 1);
  const units = (await rowsOf(storage, `${SELECT_UNITS} order by id`)).map((row) =>
    unitStateOf(row),
  );
  const records = units.map((unit) => context.prepared(unit));
  const candidates = candidatePairs(records);
  const pairs = Array.from({ length: candidates.count }, (_, n) => {
    const [a, b] = [candidates.first[n] ?? 0, candidates.second[n] ?? 0];
    return { a: units[a]!.id, b: units[b]!.id, weight: context.weightOf(records[a]!, records[b]!) };
  }).filter(({ weight }) => weight >= MATCHING.model.thresholds.match);
  const { clusters } = clusterUnits({
    units: units.map(({ id, keys }) => ({ id, keys, sources: [] })),
    pairs,
    steward: [],
    policy: MATCHING.policy,
    judge: context.judge(units, () => false),
  });
  expect(await clustersOf(storage)).toEqual(clusters.map((ids) => ids.join(" ")).toSorted());
  // That it could be otherwise: some were joined by probability alone, and some kept apart.
  const evidence = await rowsOf(
    storage,
    `select (select count(*) from link where kind = 'probabilistic') as probable,
       (select count(*) from refusal where resolved_ms is null) as refused`,
  );
  expect(evidence[0]?.["probable"]).toBeGreaterThan(5);
  expect(evidence[0]?.["refused"]).toBeGreaterThan(0);
});

test("IDN2 codes and keys that too many share prove nothing, in whatever order they became so", async () => {
  const { storage } = database;
  // A phone that more units name than may, codes of names that more than a hundred share, and addresses that are nobody's.
  const records = populationOf({ records: 420, seed: 5, sharedPhone: 230, nobodyEvery: 6 });
  await take(storage, records, 60);
  const expected = await stateOf(storage);
  const [phone] = await rowsOf(storage, "select key, count(*) as n from unit_key group by key order by n desc"); // prettier-ignore
  expect([kindOfKey(textOf(phone!, "key")), Number(phone?.["n"]) > 200]).toEqual(["phone", true]);
  for (const [step, size] of [
    [7, 1],
    [101, 13],
    [5_003, 200],
  ] as const) {
    await emptyDatabase(storage);
    await take(storage, shuffled(records, step), size);
    expect(await stateOf(storage), `step ${step}`).toEqual(expected);
  }
}, 120_000);

test("IDN3 a value that is nobody's joins nobody, also when that is found out last", async () => {
  const { storage } = database;
  const silent = ["Ann", "Bea"].map((givenName, at) => {
    const { contribution, ...record } = recordOf(at, { givenName, email: "noreply@shop.example" });
    const { email: _email, ...claims } = contribution.claims;
    return { ...record, contribution: { ...contribution, claims: at === 0 ? {} : claims } };
  });
  await take(storage, silent, 1);
  const customers = () => rowsOf(storage, "select distinct customer from source_record");
  expect(await customers()).toHaveLength(1);
  await take(storage, [recordOf(9, { givenName: "Cy", email: "noreply@shop.example" })], 1);
  expect(await customers()).toHaveLength(3);
  // Nor by probability: as a feature it is nobody's as well.
  expect(await rowsOf(storage, "select a from pair")).toEqual([]);
});

test("IDN3 two cards are two people, and a card that a third name appears on is nobody's", async () => {
  const { storage } = database;
  const email = "ann@x.example";
  await take(
    storage,
    [
      recordOf(0, { givenName: "Ann", familyName: "Archer", email, loyaltyNumber: "1" }),
      recordOf(1, { givenName: "Ann", familyName: "Archer", email, loyaltyNumber: "2" }),
    ],
    1,
  );
  expect(await rowsOf(storage, "select distinct customer from source_record")).toHaveLength(2);
  expect(await rowsOf(storage, "select reason, kind from refusal")).toContainEqual({
    reason: "unique_identifier",
    kind: "deterministic",
  });
});

test("IDN4 a kind of key that is a place joins nobody", async () => {
  const { storage } = database;
  const { phone, ...others } = DEFAULT_MATCHING_POLICY.keys;
  const keys = { ...others, phone: { ...phone!, strength: 0 } };
  const rules = rulesOf({ ...MATCHING, policy: { ...DEFAULT_MATCHING_POLICY, keys } });
  const shop = "+441632960001";
  await take(
    storage,
    [
      recordOf(0, { phone: shop, email: "a@x.example" }),
      recordOf(1, { phone: shop, email: "b@x.example" }),
      recordOf(2, { phone: shop, email: "b@x.example" }),
    ],
    1,
    rules,
  );
  expect(await rowsOf(storage, "select distinct customer from source_record")).toHaveLength(2);
});

describe.each(DATABASES)("in $name", ({ name, open }) => {
  let own: TestDatabase;
  beforeAll(async () => {
    own = await open();
  });
  afterAll(() => own.close());
  const count = name === "a libSQL file" ? 300 : 120;

  async function untilDone(rules: ReturnType<typeof rulesOf>): Promise<void> {
    while (await anewPage(own.storage, rules.matching, DEFAULT_POLICY, 7)) {
      // As if the process had ended after each page.
      await prepareResolution(own.storage, rules.matching);
    }
  }

  test("IDN2 resolved anew by another model and policy, everybody is who they would be in a fresh database", async () => {
    await emptyDatabase(own.storage);
    const records = populationOf({ records: count, seed: 8, nobodyEvery: 9 });
    const strict = rulesOf({
      ...MATCHING,
      model: { ...MATCHING.model, version: "strict", thresholds: { match: 9, potential: 1 } },
      policy: {
        ...DEFAULT_MATCHING_POLICY,
        version: 2,
        blocked: {},
        keys: {
          ...DEFAULT_MATCHING_POLICY.keys,
          phone: { strength: 0, unique: false, limit: null, people: 1 },
        },
      },
    });
    await take(own.storage, records.slice(0, -20), 50);
    await prepareResolution(own.storage, strict.matching);
    expect(await readAnewProgress(own.storage, strict.matching)).toMatchObject({
      model: "strict",
      done: 0,
      isDone: false,
    });
    await anewPage(own.storage, strict.matching, DEFAULT_POLICY, 7);
    await take(own.storage, records.slice(-20), 5, strict); // meanwhile
    await untilDone(strict);
    expect(await readAnewProgress(own.storage, strict.matching)).toMatchObject({ isDone: true });
    const state = await stateOf(own.storage);
    await emptyDatabase(own.storage);
    await take(own.storage, records, 200, strict);
    expect(state).toEqual(await stateOf(own.storage));
  });

  test("SYN11 source records of an older build are carried over, whatever interrupts it, and end where fresh ones do", async () => {
    await emptyDatabase(own.storage);
    const records = populationOf({ records: count, seed: 4 });
    await take(own.storage, records, 100);
    const expected = await stateOf(own.storage);
    // As the older build has left it: joined by keys alone, no units.
    const tables = ["unit", "unit_block", "unit_key", "blocked_key", "pair", "link", "refusal", "resolution"]; // prettier-ignore
    await own.storage.write([
      ...tables.map((table) => ({ sql: `delete from ${table}` })),
      { sql: "update source_record set unit = null, placed = null" },
    ]);
    const rules = rulesOf();
    await prepareResolution(own.storage, rules.matching);
    await untilDone(rules);
    expect(await stateOf(own.storage)).toEqual(expected);
  });
});
