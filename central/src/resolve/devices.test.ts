/** Browsers, carts and kiosks in the centre: whose they are, under which id, in whatever order it is learned, at what cost. */
import { customerIdOf, type IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, rowsOf, type Storage } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ArrivedRecord } from "../intake/source-record.ts";
import { takeFragments } from "../intake/take-fragments.ts";
import { emptyDatabase, openFile, type TestDatabase } from "../testing/database.ts";
import { MATCHING } from "../testing/matching.ts";
import { visitOf } from "../testing/population.ts";
import { stateOf } from "../testing/state.ts";
import { keyOf } from "../testing/till.ts";
import { createMatchingContext } from "./matching-context.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openFile();
});
afterAll(() => database.close());
beforeEach(() => emptyDatabase(database.storage));

const rules = { policy: DEFAULT_POLICY, matching: createMatchingContext(MATCHING) };
const take = (storage: Storage, ...records: readonly ArrivedRecord[]) =>
  takeFragments(storage, { records, refused: [] }, rules, 7);

const [ada, bob] = ["shop/ada", "shop/bob"].map((id) => keyOf("user", id)) as [string, string];
const [browser, cart] = ["browser", "cart"].map((id) => keyOf("anonymous", id)) as [string, string];

/** Of the one record that is named by the key. */
async function customerOf(storage: Storage, key: IdentityKey): Promise<unknown> {
  const [row] = await rowsOf(storage, "select customer from source_record where id like ?", [
    `%/${key}`,
  ]);
  return row?.["customer"];
}

const everything = [
  visitOf(0, [browser]),
  visitOf(1, [browser, cart]),
  visitOf(2, [ada, browser]),
  visitOf(3, [keyOf("email", "a@x.example"), cart]),
  visitOf(4, [bob, browser]),
];

describe("IDN8 who signs in", () => {
  test("IDN7 takes what was done before along, under their own id, and keeps it when others turn up", async () => {
    const { storage } = database;
    await take(storage, everything[0]!);
    expect(await customerOf(storage, browser)).toBe(customerIdOf(browser));
    await take(storage, everything[2]!);
    for (const key of [browser, ada])
      expect(await customerOf(storage, key)).toBe(customerIdOf(ada));
    await take(storage, everything[4]!);
    for (const key of [browser, ada, bob]) {
      expect(await customerOf(storage, key)).toBe(customerIdOf(key));
    }
    const feed = await rowsOf(storage, "select type, customer, previous from feed order by n");
    expect(feed.map(({ type, customer, previous }) => [type, customer, previous])).toEqual([
      ["created", customerIdOf(browser), null],
      ["created", customerIdOf(ada), null],
      ["merged", customerIdOf(ada), customerIdOf(browser)],
      ["created", customerIdOf(bob), null],
      ["split", customerIdOf(browser), customerIdOf(ada)],
    ]);
  });

  test("IDN2 in any order, in any partition", async () => {
    const { storage } = database;
    await take(storage, ...everything);
    const expected = await stateOf(storage);
    const all = fc.shuffledSubarray(everything, { minLength: everything.length });
    await fc.assert(
      fc.asyncProperty(all, fc.integer({ min: 1, max: 4 }), async (records, size) => {
        await emptyDatabase(storage);
        for (let at = 0; at < records.length; at += size) {
          await take(storage, ...records.slice(at, at + size));
        }
        expect(await stateOf(storage)).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});

describe("IDN8 a kiosk", () => {
  const crowd = LIMITS.deviceUnits * 4;
  const people = Array.from({ length: crowd }, (_, at) => visitOf(at, [keyOf("user", `shop/${at}`), browser, keyOf("anonymous", `home ${at}`)])); // prettier-ignore
  const homes = people.map((_, at) => visitOf(crowd + at, [keyOf("anonymous", `home ${at}`)]));
  const kiosk = visitOf(2 * crowd, [browser, keyOf("anonymous", "home 1")]);

  test("joins nobody, and ties nobody to anybody, in whatever order it became one", async () => {
    const { storage } = database;
    await take(storage, ...people, ...homes, kiosk);
    const expected = await stateOf(storage);
    expect(await customerOf(storage, keyOf("user", "shop/1"))).toBe(await customerOf(storage, keyOf("anonymous", "home 1"))); // prettier-ignore
    const [row] = await rowsOf(
      storage,
      `select count(distinct customer) as customers,
         (select max(n) from (select count(*) as n from unit group by component)) as largest
       from unit`,
    );
    expect(row).toEqual({ customers: crowd + 1, largest: 3 });
    for (const records of [
      [kiosk, ...homes.toReversed(), ...people],
      [...people.toReversed(), kiosk, ...homes],
    ]) {
      await emptyDatabase(storage);
      for (const record of records) await take(storage, record);
      expect(await stateOf(storage)).toEqual(expected);
    }
  }, 120_000);

  test("that thousands use costs an arrival no more than one that a few use", async () => {
    const { storage } = database;
    const counted: number[] = [];
    const spy: Storage = {
      read: async (queries) => {
        const rows = await storage.read(queries);
        counted[counted.length - 1]! += rows.reduce((sum, each) => sum + each.length, 0);
        return rows;
      },
      write: (statements) => storage.write(statements),
    };
    for (let at = 0; at < 400; at++) {
      counted.push(0);
      await take(spy, visitOf(at, [keyOf("user", `shop/${at}`), browser]));
    }
    // Rows that an arrival reads: they grow while those who were there are few enough to be compared, then no more.
    expect(Math.max(...counted.slice(300))).toBeLessThan(40);
    expect(Math.max(...counted)).toBeLessThan(20 * LIMITS.keyUnits);
    expect(numberOf((await rowsOf(storage, "select count(*) as n from pair"))[0]!, "n")).toBe(0);
  }, 120_000);
});
