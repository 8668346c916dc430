import { describe, expect, test } from "vitest";
import { type AddressFields, type AddressParts, readAddress } from "./read-address.ts";

const NOTHING: AddressParts = {
  house: null,
  number: null,
  unit: null,
  road: null,
  suburb: null,
  city: null,
  region: null,
  postcode: null,
  country: null,
  poBox: null,
};
const partsOf = (raw: string | AddressFields, country: string | null) => {
  const read = readAddress(raw, { country });
  return read.quality === "rejected" ? read.reason : read.value;
};
const qualityOf = (raw: string | AddressFields, country: string) =>
  readAddress(raw, { country }).quality;

describe("addresses in one line", () => {
  test.each<[string, string, Partial<AddressParts>]>([
    [
      "US",
      "123 N. Main Street, Apt. 4B, Springfield, IL 62704-1234",
      {
        number: "123",
        unit: "4b",
        road: "north main street",
        city: "springfield",
        region: "il",
        postcode: "62704",
      },
    ],
    [
      "US",
      "123 main st #4b springfield il 62704 USA",
      {
        number: "123",
        unit: "4b",
        road: "main street",
        city: "springfield",
        region: "il",
        postcode: "62704",
      },
    ],
    [
      "US",
      "PO Box 1, Seattle, WA 98103",
      { poBox: "1", city: "seattle", region: "wa", postcode: "98103" },
    ],
    [
      "US",
      "1 Broadway, New York, NY",
      { number: "1", road: "broadway", city: "new york", region: "ny" },
    ],
    [
      "GB",
      "Flat 2, Rose Court, 12 St Johns Rd, Kensington, London W8 4SG",
      {
        house: "rose court",
        unit: "2",
        number: "12",
        road: "saint johns road",
        suburb: "kensington",
        city: "london",
        postcode: "w84sg",
      },
    ],
    [
      "GB",
      "The Old Rectory, Church Lane, Little Snoring, Norfolk NR21 0HS",
      {
        house: "the old rectory",
        road: "church lane",
        city: "little snoring",
        region: "norfolk",
        postcode: "nr210hs",
      },
    ],
    [
      "AU",
      "Unit 4/12 High St, Richmond VIC 3121",
      {
        unit: "4",
        number: "12",
        road: "high street",
        city: "richmond",
        region: "vic",
        postcode: "3121",
      },
    ],
    [
      "CA",
      "55 King St W, Toronto, Ontario, M5K1A2",
      { number: "55", road: "king street west", city: "toronto", region: "on", postcode: "m5k1a2" },
    ],
    [
      "DE",
      "Hauptstr. 5a, 10117 Berlin",
      { number: "5a", road: "hauptstrasse", city: "berlin", postcode: "10117" },
    ],
    [
      "FR",
      "12 bis, av. Foch, 75002 Paris",
      { number: "12bis", road: "avenue foch", city: "paris", postcode: "75002" },
    ],
    [
      "ES",
      "C/ Mayor, 5, 3º B, 28013 Madrid",
      { number: "5", unit: "3b", road: "calle mayor", city: "madrid", postcode: "28013" },
    ],
    [
      "IT",
      "Via Roma 12/A, 20121 Milano MI",
      { number: "12a", road: "via roma", city: "milano", region: "mi", postcode: "20121" },
    ],
    [
      "NL",
      "Dorpsstr. 12, 1234 AB Utrecht",
      { number: "12", road: "dorpsstraat", city: "utrecht", postcode: "1234ab" },
    ],
  ])("%s: %s", (country, raw, parts) => {
    expect(partsOf(raw, country)).toEqual({ ...NOTHING, ...parts, country });
  });

  test("the country may be told by the address", () => {
    expect(partsOf("10 Downing Street, London SW1A 2AA", null)).toMatchObject({ country: "GB" });
    expect(partsOf("Triftstrasse 67 13353 Berlin Deutschland", null)).toMatchObject({
      country: "DE",
      city: "berlin",
    });
  });
});

describe("the same address in other forms has the same parts", () => {
  test.each<[string, (string | AddressFields)[]]>([
    [
      "GB",
      [
        "Flat 3, 12 High Street, Leeds LS1 4AB",
        "flat 3 12 high st, LEEDS, ls14ab, UK",
        "12 High St., Apt. 3, Leeds, LS1 4AB",
        { line1: "Flat 3", line2: "12 High Street", city: "Leeds", postalCode: "ls1 4ab" },
        { line1: "12 High Street, #3, Leeds", city: "Leeds", postalCode: "LS14AB" },
      ],
    ],
    [
      "DE",
      [
        "Berliner Straße 12a, 10715 Berlin",
        "Berlinerstr. 12 A 10715 Berlin",
        { line1: "Berliner Strasse 12 a", city: "10715 Berlin" },
      ],
    ],
    [
      "US",
      [
        "123 W Main St, Oakland, CA 94789",
        "123 West Main Street Oakland California 94789",
        { line1: "123 w. main st", city: "oakland", region: "Calif.", postalCode: "94789-1234" },
      ],
    ],
  ])("%s", (country, forms) => {
    const [first, ...others] = forms.map((form) => partsOf(form, country));
    for (const other of others) expect(other).toEqual(first);
  });
});

describe("fields", () => {
  test("a postal code is mended, and said to be", () => {
    const line1 = "1 High St";
    expect(qualityOf({ line1, postalCode: "LS1 4AB" }, "GB")).toBe("parsed");
    for (const [country, postalCode, postcode] of [
      ["US", "1234", "01234"],
      ["DE", "1067", "01067"],
      ["GB", "SWIA OAA", "sw1a0aa"],
      ["US", "O1234", "01234"],
    ] as const) {
      expect(readAddress({ line1, postalCode }, { country })).toMatchObject({
        quality: "repaired",
        value: { postcode },
      });
    }
    expect(readAddress({ line1, city: "01067 Dresden" }, { country: "DE" })).toMatchObject({
      quality: "repaired",
      value: { city: "dresden", postcode: "01067" },
    });
  });

  test("what stands in a second line is a house, a unit or a suburb", () => {
    expect(partsOf({ line1: "Rose Cottage", line2: "The Green", city: "Ely" }, "GB")).toMatchObject(
      {
        house: "rose cottage",
        road: "the green",
        city: "ely",
      },
    );
    expect(partsOf({ line1: "123 Main St", line2: "#4", city: "Ely" }, "US")).toMatchObject({
      unit: "4",
      road: "main street",
    });
  });

  test.each<[string | AddressFields, string]>([
    ["", "empty"],
    [{ line1: " " }, "empty"],
    ["n/a", "placeholder"],
    ["???", "not-an-address"],
    ["x".repeat(600), "too-long"],
  ])("%j is rejected", (raw, reason) => expect(partsOf(raw, "GB")).toBe(reason));
});
