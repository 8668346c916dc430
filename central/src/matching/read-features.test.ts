import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { features } from "../testing/features.ts";
import { type Features, featuresSchema } from "./features.ts";
import { featuresOf, readClaims } from "./features-of-claims.ts";
import { readFeatures, type ReadOptions, TEXT_FIELDS, type Texts } from "./read-features.ts";

const options: ReadOptions = { country: "GB", order: "dmy", latest: "2026-11-25" };
const read = (texts: Texts, other: Partial<ReadOptions> = {}) =>
  readFeatures(texts, { ...options, ...other });
const says = (texts: Texts, other?: Partial<ReadOptions>): Features => read(texts, other).features;

describe("IDN3 values are normalised before they are compared: names", () => {
  test.each<[string, Texts, Partial<Features>]>([
    ["parts", { givenName: "Anna", familyName: "García" }, { given: ["anna"], family: ["garcia"] }],
    [
      "a middle name",
      { givenName: "Anna", middleName: "M.", familyName: "Lee" },
      { given: ["anna", "m"], family: ["lee"] },
    ],
    ["one field", { fullName: "Anna Lee" }, { given: ["anna"], family: ["lee"] }],
    [
      "one field beside its parts says the same once more",
      { fullName: "Bob Other", givenName: "Anna", familyName: "Lee" },
      { given: ["anna"], family: ["lee"] },
    ],
    [
      "the whole name in the first field of the form",
      { givenName: "Anna Lee" },
      { given: ["anna"], family: ["lee"] },
    ],
    [
      "the family name first, with a comma",
      { fullName: "Lee, Anna" },
      { given: ["anna"], family: ["lee"] },
    ],
    [
      "a suffix in the name",
      { fullName: "John Lee Jr." },
      { given: ["john"], family: ["lee"], suffix: "jr" },
    ],
    [
      "a suffix beside it",
      { givenName: "John", familyName: "Lee", suffix: "SR" },
      { suffix: "sr" },
    ],
    [
      "a mailbox in the field of the name",
      { fullName: "anna@example.com" },
      { given: [], family: [] },
    ],
  ])("%s", (_what, texts, expected) => {
    expect(says(texts)).toMatchObject(expected);
  });

  test("an initial is told by a mailbox that is named after both names", () => {
    const texts = {
      givenName: "M",
      familyName: "Fletcher",
      email: "michelle.fletcher@example.com",
    };
    expect(says(texts).given).toEqual(["michelle"]);
    expect(says({ ...texts, email: "fletcher.michelle7@example.com" }).given).toEqual(["michelle"]);
    expect(says({ familyName: "Fletcher", email: "michelle.fletcher@example.com" }).given).toEqual([
      "michelle",
    ]);
  });

  test.each([
    [
      "a name that is known",
      { givenName: "Megan", familyName: "Fletcher", email: "michelle.fletcher@example.com" },
      ["megan"],
    ],
    [
      "another initial",
      { givenName: "A", familyName: "Fletcher", email: "michelle.fletcher@example.com" },
      ["a"],
    ],
    [
      "a mailbox of a whole family",
      { givenName: "F", familyName: "Fletcher", email: "family.fletcher@example.com" },
      ["f"],
    ],
    [
      "too short a family name",
      { givenName: "M", familyName: "Li", email: "michelle.li@example.com" },
      ["m"],
    ],
    [
      "another name in the mailbox",
      { givenName: "M", familyName: "Fletcher", email: "michelle@example.com" },
      ["m"],
    ],
  ])("and not by %s", (_what, texts, given) => {
    expect(says(texts).given).toEqual(given);
  });
});

describe("IDN3 values are normalised before they are compared: birth dates", () => {
  test.each<[string, Texts, NonNullable<ReadOptions["order"]>, string]>([
    ["ISO", { birthDate: "1980-05-14" }, "ymd", "1980-05-14"],
    ["day first", { birthDate: "04/05/1980" }, "dmy", "1980-05-04"],
    ["month first", { birthDate: "04/05/1980" }, "mdy", "1980-04-05"],
    ["with dots", { birthDate: "14.5.1980" }, "dmy", "1980-05-14"],
    ["without signs", { birthDate: "19800514" }, "ymd", "1980-05-14"],
    [
      "in three fields",
      { birthYear: "1980", birthMonth: "5", birthDay: "14" },
      "dmy",
      "1980-05-14",
    ],
    ["a year alone", { birthYear: "1980" }, "dmy", "1980"],
    ["no day of the calendar, but eight digits", { birthDate: "19803214" }, "ymd", "1980-32-14"],
    ["no day of the calendar, day first", { birthDate: "32/05/1980" }, "dmy", "1980-05-32"],
    ["no day of the calendar, month first", { birthDate: "05/32/1980" }, "mdy", "1980-05-32"],
    ["nonsense", { birthDate: "soon" }, "dmy", ""],
    ["nothing", { birthDate: "  " }, "dmy", ""],
  ])("%s", (_what, texts, order, birth) => {
    expect(says(texts, { order }).birth).toBe(birth);
  });
});

describe("IDN3 values are normalised before they are compared: all else", () => {
  test.each<[string, Texts, Partial<Features>]>([
    ["a mailbox", { email: " Anna.Lee@Example.COM " }, { email: "anna.lee@example.com" }],
    ["no mailbox", { email: "anna at home" }, { email: "" }],
    ["a national number", { phone: "07700 900123" }, { phone: "+447700900123" }],
    ["a number with its prefix", { phone: "+1 (212) 555-0123" }, { phone: "+12125550123" }],
    [
      "a number by no plan keeps its digits",
      { phone: "123-45678901234567" },
      { phone: "12345678901234567" },
    ],
    ["too few digits are none", { phone: "12345" }, { phone: "" }],
    ["a number of an authority", { identifier: "ab 12-34.56" }, { identifier: "AB123456" }],
    ["gender in words", { gender: "Weiblich" }, { gender: "f" }],
    ["gender in a letter", { gender: "M" }, { gender: "m" }],
    ["gender as it is said", { gender: "Non-binary" }, { gender: "non binary" }],
    ["names that objects have by themselves", { gender: "constructor" }, { gender: "constructor" }],
    [
      "where one was born and what one does",
      { birthPlace: "LEEDS", occupation: "Baker " },
      { birthPlace: "leeds", occupation: "baker" },
    ],
    [
      "an address",
      { street: "12 High Street", city: "Leeds", postalCode: "LS1 1AA" },
      { number: "12", city: "leeds", postcode: "ls11aa" },
    ],
    [
      "a number in a field of its own",
      { streetNumber: "12", street: "High Street", city: "Leeds" },
      { number: "12" },
    ],
  ])("%s", (_what, texts, expected) => {
    expect(says(texts)).toMatchObject(expected);
  });

  test("one street, however it is written, is one road", () => {
    expect(says({ street: "12 High St.", city: "Leeds" }).road).toBe(
      says({ street: "12 HIGH STREET", city: "leeds" }).road,
    );
  });

  test("how well each field could be read stands beside it", () => {
    const { quality } = read({ fullName: "Anna Lee", email: "nonsense", phone: "07700900123" });
    expect(quality).toEqual({ name: "parsed", email: "rejected", phone: "parsed" });
  });

  test("nothing said is nothing read", () => {
    expect(read({})).toEqual({ features: features({}), quality: {} });
  });
});

describe("any texts", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.string({ maxLength: 400 }),
    fc.constantFrom(
      "__proto__",
      "constructor",
      "00000000",
      "0",
      "1980-13-45",
      "@",
      "+",
      "'; --",
      "\ud800",
      "İ",
      "ß",
      "x".repeat(5_000),
    ),
    fc.string({ unit: fc.constantFrom("1", "9", "0", "-", "/", ".", " "), maxLength: 12 }),
  );
  const texts = fc.record(Object.fromEntries(TEXT_FIELDS.map((field) => [field, text])), {
    requiredKeys: [],
  });
  const anyOptions = fc.record({
    country: fc.constantFrom("GB", "US", "DE", "XX", null),
    order: fc.constantFrom("dmy", "mdy", "ymd"),
    latest: fc.constant("2026-11-25"),
  });

  test("are read without a failure, the same each time, into what is compared", () => {
    fc.assert(
      fc.property(texts, anyOptions, (some, how) => {
        const first = readFeatures(some, how);
        expect(featuresSchema.parse(first.features)).toEqual(first.features);
        expect(readFeatures(some, how)).toEqual(first);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("IDN3 claims of a fragment", () => {
  const stamp = "017e36fc2000-0000-t/1";
  const claim = <Value>(value: Value) => ({ value, stamp });
  const claims = {
    givenName: claim("Anna"),
    familyName: claim("Lee"),
    birthDate: claim("1980-05-04"),
    email: claim("anna@example.com"),
    phone: claim("07700 900123"),
    address: claim({
      line1: "12 High Street",
      city: "Leeds",
      postalCode: "LS1 1AA",
      country: "GB",
    }),
  } as unknown as Parameters<typeof featuresOf>[0];

  test("are read like any other record, dates as ISO", () => {
    expect(featuresOf(claims, "GB")).toMatchObject({
      given: ["anna"],
      family: ["lee"],
      birth: "1980-05-04",
      email: "anna@example.com",
      phone: "+447700900123",
      number: "12",
      postcode: "ls11aa",
    });
  });

  test("none say nothing", () => {
    expect(readClaims({}, "GB")).toEqual({ features: features({}), quality: {} });
  });
});
