import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyFeatures, features } from "../testing/features.ts";
import { blocksOf } from "./blocks.ts";
import type { Features } from "./features.ts";
import { createLexicon, prepare } from "./prepare.ts";

const lexicon = createLexicon();
const filed = (some: Partial<Features>): string[] => blocksOf(prepare(features(some), lexicon));
const meet = (a: Partial<Features>, b: Partial<Features>): boolean =>
  filed(a).some((block) => filed(b).includes(block));

const anna: Partial<Features> = {
  given: ["anna"],
  family: ["garcia"],
  birth: "1980-05-14",
  email: "anna.garcia@example.com",
  phone: "+447700900123",
  identifier: "AB123456",
  number: "12",
  road: "high street",
  city: "leeds",
  postcode: "ls11aa",
};

describe("two records of one person are filed under one code at least", () => {
  const all = Object.keys(anna) as (keyof Features)[];
  const without = (...fields: readonly (keyof Features)[]): Partial<Features> =>
    Object.fromEntries(
      Object.entries(anna).filter(([field]) => !fields.includes(field as keyof Features)),
    );

  test.each(all)("without %s", (field) => {
    expect(meet(anna, without(field))).toBe(true);
  });

  test.each<[string, Partial<Features>]>([
    ["given and family name in each other's place", { given: ["garcia"], family: ["anna"] }],
    ["names as they are heard", { given: ["ana"], family: ["garzia"] }],
    ["day and month in each other's place, and no contact", { birth: "1980-14-05" }],
    ["another year", { birth: "1981-05-14" }],
    ["a new family name", { family: ["lopez"] }],
    ["a new address", { number: "3", road: "mill lane", city: "york", postcode: "yo17" }],
  ])("with %s", (_what, changed) => {
    expect(
      meet(without("email", "phone", "identifier"), {
        ...without("email", "phone", "identifier"),
        ...changed,
      }),
    ).toBe(true);
  });

  test.each<[string, Partial<Features>, Partial<Features>]>([
    ["a birth date, day and month exchanged", { birth: "1980-05-14" }, { birth: "1980-14-05" }],
    ["a mailbox", { email: "info@example.com" }, { email: "info@example.com" }],
    ["a number", { identifier: "AB123" }, { identifier: "AB123" }],
  ])("with nothing but %s", (_what, a, b) => {
    expect(meet(a, b)).toBe(true);
  });

  test("by the whole mailbox too, for its first part may be crowded", () => {
    expect(filed({ email: "info@example.com" })).toEqual(["m/info@example.com", "l/info"]);
  });

  test("with the same mailbox and nothing else", () => {
    expect(meet({ email: "a@example.com" }, { email: "a@example.com", given: ["peter"] })).toBe(
      true,
    );
  });

  test("with a number whose other half was mistyped", () => {
    const who: Partial<Features> = { birth: "1980", identifier: "AB123456" };
    expect(meet(who, { ...who, identifier: "AB129956" })).toBe(true);
    expect(meet(who, { ...who, identifier: "ZZ993456" })).toBe(true);
    expect(meet(who, { ...who, identifier: "ZZ999999" })).toBe(false);
    expect(meet({ identifier: "AB123456" }, { identifier: "ZZ993456" })).toBe(false);
  });
});

test("strangers do not meet", () => {
  const peter = { given: ["peter"], family: ["okafor"], birth: "1955-11-30", city: "york" };
  expect(meet(anna, peter)).toBe(false);
});

test("what says nothing is filed nowhere: no code is made of what is missing", () => {
  expect(filed({})).toEqual([]);
  expect(filed({ gender: "f", region: "NY", occupation: "nurse" })).toEqual([]);
  expect(filed({ city: "leeds" })).toEqual([]);
});

test("no code twice, and each is of its kind", () => {
  fc.assert(
    fc.property(anyFeatures, (some) => {
      const blocks = filed(some);
      expect(new Set(blocks).size).toBe(blocks.length);
      for (const block of blocks) expect(block).toMatch(/^[a-z]{1,2}\/./u);
    }),
  );
});
