/** What is shown before a decision is what is written by it, and showing it writes nothing. */
import { canonicalJson } from "@regulars/shared/digest";
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readCustomer } from "../console/customers/customer.ts";
import { createIntake } from "../intake/intake.ts";
import { takeFragments } from "../intake/take-fragments.ts";
import { emptyDatabase, openFile, type TestDatabase } from "../testing/database.ts";
import { MATCHING } from "../testing/matching.ts";
import { populationOf } from "../testing/population.ts";
import { stateOf } from "../testing/state.ts";
import { decide, undo } from "./decide.ts";
import { type Preview, previewLink, previewUndo } from "./preview.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openFile();
});
afterAll(() => database.close());
beforeEach(() => emptyDatabase(database.storage));

/** What the preview says of each customer after, as the database has it. */
async function expectStored(storage: Storage, { after }: Preview): Promise<void> {
  for (const side of after) {
    const stored = await readCustomer(storage, side.customer);
    if (!stored) throw new Error("nobody has the id");
    expect(stored.customer).toBe(side.customer);
    expect(stored.records.map(({ id }) => id)).toEqual(side.records);
    expect(canonicalJson(stored.golden)).toBe(canonicalJson(side.golden));
    expect(canonicalJson(stored.activity)).toBe(canonicalJson(side.activity));
  }
}

async function historyOf(storage: Storage) {
  const tables = ["golden_history", "feed", "steward_decision", "steward_side", "publication"];
  return Promise.all(
    tables.map((table) => rowsOf(storage, `select * from ${table} order by 1, 2`)),
  );
}

test("IDN1 GLD1 a merge and its undoing come to what was shown of them, and showing writes nothing", async () => {
  const { storage } = database;
  let [merged, apart] = [0, 0];
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 500 }),
      fc.array(fc.tuple(fc.nat(40), fc.nat(40), fc.boolean()), { minLength: 1, maxLength: 4 }),
      async (seed, pairs) => {
        await emptyDatabase(storage);
        const intake = createIntake({ storage, policy: DEFAULT_POLICY, matching: MATCHING, nowMs: () => 7, onTaken: () => {} }); // prettier-ignore
        const records = populationOf({ records: 40, seed, sharedPhone: 5 });
        await intake.alone((rules) => takeFragments(storage, { records, refused: [] }, rules, 7));
        const deps = { storage, nowMs: 7 };
        for (const [n, [one, two, isUndone]] of pairs.entries()) {
          const rows = await rowsOf(storage, "select id from customer where redirect_to is null order by id"); // prettier-ignore
          const ids = rows.map((row) => textOf(row, "id"));
          const [a = "", b = ""] = [ids[one % ids.length], ids[two % ids.length]];
          if (a === b) continue;
          const kind = n % 2 === 0 ? ("same" as const) : ("different" as const);
          const sides = { a: { customer: a }, b: { customer: b } };
          const request = { id: `d${n}`, kind, ...sides, by: "t" };
          const before = [await stateOf(storage), await historyOf(storage)];
          const shown = await intake.alone((rules) => previewLink({ ...deps, rules }, request));
          expect([await stateOf(storage), await historyOf(storage)]).toEqual(before);
          if (!shown.ok) throw new Error(shown.reason);
          expect(shown.value.before.map(({ customer }) => customer)).toEqual([a, b].toSorted());
          await intake.alone((rules) => decide({ ...deps, rules }, request));
          await expectStored(storage, shown.value);
          if (shown.value.after.length === 1) merged += 1;
          if (!isUndone) continue;
          const back = await intake.alone((rules) => previewUndo({ ...deps, rules }, request.id));
          if (!back.ok) throw new Error(back.reason);
          await intake.alone((rules) => undo({ ...deps, rules }, request.id, "t"));
          await expectStored(storage, back.value);
          expect(await stateOf(storage)).toEqual(before[0]);
          if (back.value.after.length > 1) apart += 1;
        }
      },
    ),
    { numRuns: 10, interruptAfterTimeLimit: 20_000 },
  );
  expect(merged).toBeGreaterThan(2);
  expect(apart).toBeGreaterThan(0);
});

test("IDN6 a merge that a steward's word forbids is shown as refused, with the reason", async () => {
  const { storage } = database;
  const intake = createIntake({ storage, policy: DEFAULT_POLICY, matching: MATCHING, nowMs: () => 7, onTaken: () => {} }); // prettier-ignore
  const records = populationOf({ records: 12, seed: 9 });
  await intake.alone((rules) => takeFragments(storage, { records, refused: [] }, rules, 7));
  const rows = await rowsOf(
    storage,
    "select id from customer where redirect_to is null order by id",
  );
  const [a = "", b = ""] = rows.map((row) => textOf(row, "id"));
  const sides = { a: { customer: a }, b: { customer: b }, by: "t" };
  const deps = { storage, nowMs: 7 };
  await intake.alone((rules) => decide({ ...deps, rules }, { id: "d", kind: "different", ...sides })); // prettier-ignore
  const shown = await intake.alone((rules) => previewLink({ ...deps, rules }, { id: "s", kind: "same", ...sides })); // prettier-ignore
  expect(shown).toMatchObject({ ok: true, value: { refused: ["steward_different"] } });
  expect(shown.ok && shown.value.after).toHaveLength(2);
  expect(await intake.alone((rules) => previewUndo({ ...deps, rules }, "none"))).toMatchObject({ reason: "unknown_decision" }); // prettier-ignore
  await intake.alone((rules) => undo({ ...deps, rules }, "d", "t"));
  expect(await intake.alone((rules) => previewUndo({ ...deps, rules }, "d"))).toMatchObject({ reason: "conflict" }); // prettier-ignore
});
