/** Stewards' decisions at the centre: they follow their records through merges, and undone they leave no trace. */
import { customerIdOf } from "@regulars/shared/ids";
import { rowsOf, type Storage } from "@regulars/shared/storage/port";
import type { Override } from "@regulars/shared/survivorship/override";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { overridesArb } from "../policies.ts";
import { readCustomer } from "../../central/src/console/customers/customer.ts";
import { MATCHING } from "../../central/src/testing/matching.ts";
import { createIntake, type Intake } from "../../central/src/intake/intake.ts";
import { DATABASES, emptyDatabase, type TestDatabase } from "../../central/src/testing/database.ts";
import { decisionsOf, stateOf } from "../../central/src/testing/state.ts";
import {
  createTill,
  fragmentsOf,
  keyOf,
  START_MS,
  type Till,
} from "../../central/src/testing/till.ts";
import { readVersions } from "../../central/src/golden/history.ts";
import {
  ignoreOf,
  ignoreStatements,
  overridesOf,
  pinOf,
  pinStatements,
  undoStatements,
} from "../../central/src/golden/overrides.ts";
import { recomputeCustomers } from "../../central/src/golden/recompute.ts";

const card = keyOf("loyalty", "1001");
const mail = keyOf("email", "ann@example.org");
const customer = customerIdOf(card);
const minutes = (count: number): number => START_MS + count * 60_000;
const stamp = "01a1fd5664e0-0000-steward/1";

const recordOf = (source: string) => `${source}/1/${card}`;

const pin = (): Override =>
  pinOf({
    id: "d1",
    field: "givenName",
    fragment: recordOf("till-1"),
    value: "Annie",
    stamp,
    by: "eve",
  });

describe.each(DATABASES)("overrides in $name", ({ name, open }) => {
  let database: TestDatabase;
  let storage: Storage;
  let intake: Intake;
  let tills: Till[];
  beforeAll(async () => {
    database = await open();
    ({ storage } = database);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await emptyDatabase(storage);
    intake = createIntake({
      storage,
      matching: MATCHING,
      policy: DEFAULT_POLICY,
      nowMs: () => 7,
      onTaken: () => {},
    });
    tills = ["till-1", "till-2"].map((source) => createTill(source));
    await intake.fragments(
      fragmentsOf([
        tills[0]!.claim({ givenName: "Ann", language: "en" }, [card], minutes(1)).fragment!,
        tills[1]!.claim({ givenName: "Anna" }, [card], minutes(2)).fragment!,
      ]),
    );
    await storage.write([{ sql: "delete from publication" }]);
  });

  const golden = async (id = customer) => (await readCustomer(storage, id))!.golden;
  const goldenText = async () => {
    const [row] = await rowsOf(storage, "select golden, digest from customer where id = ?", [
      customer,
    ]);
    return row;
  };
  const decide = async (override: Override): Promise<void> => {
    const { kind, value, ...rest } = override;
    const statements =
      kind === "pin" && value !== undefined
        ? pinStatements({ ...rest, value }, 9)
        : ignoreStatements(override, 9);
    const cause = { kind: "decision", decision: override.id } as const;
    const options = { pending: { added: [override] }, cause };
    const more = await recomputeCustomers(storage, [customer], DEFAULT_POLICY, 9, options);
    await storage.write([...statements, ...more]);
  };
  const undo = async (id: string): Promise<void> => {
    const options = { pending: { undone: [id] } };
    const more = await recomputeCustomers(storage, [customer], DEFAULT_POLICY, 11, options);
    await storage.write([...undoStatements(id, 11), ...more]);
  };

  test("GLD1 a pin stands, is told to the edge with its golden record, and names its decision in the history", async () => {
    await decide(pin());
    expect((await golden()).fields.givenName).toMatchObject({
      value: "Annie",
      rule: "pin",
      pinned: { by: "eve" },
      losers: [{ value: "Anna" }, { value: "Ann" }],
    });
    expect(await decisionsOf(storage)).toEqual([
      { kind: "golden", customer, version: 2 },
      { kind: "overrides", customer, overrides: [pin()] },
    ]);
    const [newest] = await readVersions(storage, customer, { limit: 1 });
    expect(newest?.cause).toEqual({ kind: "decision", decision: "d1" });
    await undo("d1");
    expect(await decisionsOf(storage)).toEqual([
      { kind: "golden", customer, version: 3 },
      { kind: "overrides", customer, overrides: [] },
    ]);
  });

  test("GLD1 a value that is ignored does not count, and what arrives later is decided by the same words", async () => {
    const which = { field: "givenName" as const, fragment: recordOf("till-2"), stamp, by: "eve" };
    await decide(ignoreOf({ id: "d1", ...which, event: "till-2/1/1" }));
    expect((await golden()).fields.givenName).toMatchObject({
      value: "Ann",
      losers: [],
      ignored: [{ value: "Anna", override: "d1" }],
    });
    const sale = tills[1]!.sale(100, [card], minutes(3)).fragment!;
    await intake.fragments(fragmentsOf([sale]));
    expect((await golden()).fields.givenName?.value).toBe("Ann");
    const said = tills[1]!.claim({ givenName: "Anne" }, [card], minutes(4)).fragment!;
    await intake.fragments(fragmentsOf([said]));
    expect((await golden()).fields.givenName?.value).toBe("Anne");
  });

  test("IDN1 a decision follows its record into the customer that it is merged with, and the edge is told", async () => {
    await decide(pin());
    await storage.write([{ sql: "delete from publication" }]);
    const other = createTill("till-3").claim({ givenName: "Bea" }, [mail], minutes(0)).fragment!;
    const bridge = createTill("till-4").sale(5, [card, mail], minutes(5)).fragment!;
    await intake.fragments(fragmentsOf([other]));
    await intake.fragments(fragmentsOf([bridge]));
    const merged = customerIdOf(mail);
    expect((await golden(merged)).fields.givenName).toMatchObject({ value: "Annie", rule: "pin" });
    expect(await decisionsOf(storage)).toContainEqual({
      kind: "overrides",
      customer: merged,
      overrides: [pin()],
    });
  });

  test("SYN2 an edge that sends again what is here is told again what stewards decided, and the policy", async () => {
    await decide(pin());
    const policy = { ...DEFAULT_POLICY, version: 2 };
    intake.use(policy);
    await storage.write([{ sql: "delete from publication" }]);
    await intake.fragments(fragmentsOf([tills[0]!.captured[0]!.fragment!]));
    expect(await decisionsOf(storage)).toEqual([
      { kind: "golden", customer, version: 2 },
      { kind: "policy", policy },
      { kind: "overrides", customer, overrides: [pin()] },
    ]);
  });

  test("GLD1 decisions that are undone, in any order, leave the golden record of before to the byte", async () => {
    const places = ["till-1", "till-2"].flatMap((source) =>
      (["givenName", "language"] as const).map((field) => {
        return { field, fragment: recordOf(source), event: `${source}/1/1` };
      }),
    );
    const before = await goldenText();
    const arb = overridesArb(places).chain((overrides) =>
      fc.record({
        overrides: fc.constant(overrides),
        undone: fc.shuffledSubarray(overrides, { minLength: overrides.length }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(arb, async ({ overrides, undone }) => {
        await storage.write([{ sql: "delete from override" }]);
        const texts = [before];
        for (const each of overrides) {
          await decide(each);
          texts.push(await goldenText());
        }
        // Backwards, each undo leads to the text of before its decision; in any other order all lead to the first.
        const isBackwards = overrides.length % 2 === 0;
        for (const each of isBackwards ? overrides.toReversed() : undone) {
          await undo(each.id);
          texts.pop();
          expect(isBackwards ? await goldenText() : null).toEqual(
            isBackwards ? texts.at(-1) : null,
          );
        }
        expect(await goldenText()).toEqual(before);
      }),
      { numRuns: name === "a libSQL file" ? 40 : 8, interruptAfterTimeLimit: 20_000 },
    );
  });

  test("SYN2 a decision is taken once, however often it is written, and an undo keeps its first time", async () => {
    await decide(pin());
    const state = await stateOf(storage);
    await decide(pin());
    expect(await stateOf(storage)).toEqual(state);
    expect(await overridesOf(storage, [recordOf("till-1"), recordOf("till-2")])).toEqual([pin()]);
    await undo("d1");
    await storage.write(undoStatements("d1", 99));
    expect(await rowsOf(storage, "select id, at_ms, undone_ms from override")).toEqual([
      { id: "d1", at_ms: 9, undone_ms: 11 },
    ]);
    expect(await overridesOf(storage, [recordOf("till-1")])).toEqual([]);
    expect(await overridesOf(storage, [])).toEqual([]);
  });
});
