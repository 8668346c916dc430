import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { traitsSchema } from "../events/trait.ts";
import { compareKeys, identityKeyOf, kindOfKey } from "../identity/key.ts";
import { LIMITS } from "../limits.ts";
import { readCustomer, type ReadOptions } from "./read-customer.ts";

const GB = { pepper: "pepper-of-the-tests", country: "GB", today: "2026-06-01" };
const read = (customer: object, options: ReadOptions = GB) =>
  readCustomer(customer, undefined, options);

describe("CAP4: a field with one reading is read, whatever form it was typed in", () => {
  test.each<[string, string, string]>([
    ["GB", "31.12.1999", "1999-12-31"],
    ["GB", "12/31/1999", "1999-12-31"],
    ["GB", "3/4/1980", "1980-04-03"],
    ["US", "3/4/1980", "1980-03-04"],
    ["GB", "1980-01-31T00:00:00", "1980-01-31"],
    ["GB", "31 January 1980", "1980-01-31"],
    ["CA", "31/01/1980", "1980-01-31"],
    ["GB", "198O-01-31", "1980-01-31"],
  ])("in %s the birth date %s is %s", (country, birthDate, iso) => {
    const { claims, doubtful, repaired } = read({ birthDate }, { ...GB, country });
    expect(claims).toEqual({ birthDate: iso });
    expect(doubtful).toEqual({});
    expect(repaired).toEqual(["birthDate"]);
  });

  test.each<[string, string]>([
    ["CA", "3/4/1980"],
    ["JP", "3/4/1980"],
    ["GB", "31/02/1980"],
    ["GB", "1/1/1900"],
    ["GB", "1/1/2030"],
    ["GB", "1980"],
    ["GB", "ask"],
  ])("in %s the birth date %s stays doubtful", (country, birthDate) => {
    expect(read({ birthDate }, { ...GB, country })).toMatchObject({
      claims: {},
      doubtful: { birthDate },
      repaired: [],
    });
  });

  test.each([
    ["United Kingdom", "GB"],
    ["uk", "GB"],
    ["gb", "GB"],
    ["Deutschland", "DE"],
    ["U.S.A.", "US"],
  ])("the country %s of an address is %s", (country, code) => {
    const { claims, doubtful } = read({ address: { line1: "1 High St", country } });
    expect(claims).toEqual({ address: { line1: "1 High St", country: code } });
    expect(doubtful).toEqual({});
  });

  test("an address in no country stays doubtful", () => {
    const { claims, doubtful } = read({ address: { line1: "1 High St", country: "Atlantis" } });
    expect(claims).toEqual({});
    expect(Object.keys(doubtful)).toEqual(["address"]);
  });

  test("spaces within a name are one space", () => {
    const { claims, repaired } = read({ givenName: " Anna \t Maria", familyName: "Smith" });
    expect(claims).toEqual({ givenName: "Anna Maria", familyName: "Smith" });
    expect(repaired).toEqual(["givenName"]);
  });

  test("an ISO date stands as it is, and is no repair", () => {
    expect(read({ birthDate: "1980-01-31" })).toMatchObject({
      claims: { birthDate: "1980-01-31" },
      repaired: [],
    });
  });

  test("what was read once is read the same again", () => {
    const day = fc.date({
      min: new Date("1910-01-01"),
      max: new Date("2026-01-01"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(day, (date) => {
        const iso = date.toISOString().slice(0, 10);
        const [year, month, dayOfMonth] = iso.split("-");
        const once = read({ birthDate: `${dayOfMonth}.${month}.${year}` });
        // Some days stand in forms where nobody gave one.
        if (once.claims.birthDate === undefined) return;
        expect(once.claims.birthDate).toBe(iso);
        expect(read({ ...once.claims }).claims).toEqual(once.claims);
      }),
    );
  });
});

test("GLD2: keys are made of e-mail and phone as they always were: a slip is no key of the address that was meant", () => {
  const slipped = read({ email: "ada@gmial.com" });
  expect(slipped.claims).toEqual({ email: "ada@gmial.com" });
  expect(slipped.keys).not.toEqual(read({ email: "ada@gmail.com" }).keys);
  expect(read({ phone: "O7911 l23456" })).toMatchObject({ keys: [], claims: {} });
});

describe("CAP4: ids that software gives, and traits", () => {
  const SHOP = { ...GB, realm: "shop" };
  const anonymous = (id: string) => identityKeyOf("anonymous", id, GB.pepper);

  test("keys come strongest first, of browsers the first four that differ", () => {
    const anonymousIds = ["b", "a", "b", "c", "d", "e"];
    const given = { anonymousIds, phone: "07911 123456", userId: 7, loyaltyNumber: "1001" };
    const { keys, doubtful } = read(given, SHOP);
    expect(doubtful).toEqual({});
    expect(keys).toEqual(
      [
        identityKeyOf("loyalty", "1001", GB.pepper),
        identityKeyOf("user", "shop/7", GB.pepper),
        identityKeyOf("phone", "+447911123456", GB.pepper),
        ...["a", "b", "c", "d"].map(anonymous),
      ].toSorted(compareKeys),
    );
    expect(keys.length).toBeLessThanOrEqual(LIMITS.subjectKeys);
    expect(keys.map(kindOfKey).slice(0, 3)).toEqual(["loyalty", "user", "phone"]);
  });

  test("a user id without a realm is doubtful, and so is one that is nobody's", () => {
    expect(read({ userId: "7" })).toMatchObject({ keys: [], doubtful: { userId: "7" } });
    expect(read({ userId: "null" }, SHOP)).toMatchObject({
      keys: [],
      doubtful: { userId: "null" },
    });
    const { keys, doubtful } = read({ anonymousIds: ["a", "", 7] });
    expect(keys).toEqual([anonymous("a")]);
    expect(doubtful).toEqual({ anonymousIds: '["",7]' });
  });

  test("traits are text, numbers and booleans by a name that can be given; the rest is set aside", () => {
    const traits = JSON.parse(
      '{"plan":"gold","ltv":12.5,"vip":false,"none":null,"empty":"","list":[1],"__proto__":1,"constructor":"x"}',
    ) as object;
    const { traits: kept, doubtful } = read({ traits });
    expect(kept).toEqual({ plan: "gold", ltv: 12.5, vip: false });
    expect(JSON.parse(doubtful["traits"] ?? "")).toEqual(
      JSON.parse('{"list":[1],"__proto__":1,"constructor":"x"}'),
    );
    expect(read({ traits: "gold" })).toMatchObject({ traits: {}, doubtful: { traits: "gold" } });
  });

  test("SYN10: whatever is given, what is kept are traits of a claim", () => {
    const name = fc.oneof(fc.string({ maxLength: 200 }), fc.constantFrom("valueOf", "__proto__"));
    fc.assert(
      fc.property(fc.dictionary(name, fc.anything(), { maxKeys: 300 }), (traits) => {
        const { traits: kept } = read({ traits });
        expect(traitsSchema.parse(kept)).toEqual(kept);
      }),
    );
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`t${n}`, n]));
    expect(Object.keys(read({ traits: many }).traits)).toHaveLength(LIMITS.traits);
  });
});
