import fc from "fast-check";
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

const typed = fc.record({
  number: fc.integer({ min: 1, max: 999 }).map(String),
  name: fc.constantFrom("Main", "Church", "Old Mill", "Saint Johns", "Queen Victoria"),
  type: fc.constantFrom("Street", "Road", "Avenue", "Lane", "Close", "Drive"),
  city: fc.constantFrom("Leeds", "Bath", "High Wycombe", "Stoke-on-Trent"),
  postcode: fc.constantFrom("LS1 4AB", "SW1A 2AA", "B33 8TH", "M1 1AE"),
});

describe("properties", () => {
  test("commas, case and fields change nothing, and what was read is read the same again", () => {
    fc.assert(
      fc.property(typed, ({ number, name, type, city, postcode }) => {
        const line1 = `${number} ${name} ${type}`;
        const parts = partsOf(`${line1}, ${city}, ${postcode}`, "GB");
        expect(parts).toEqual({
          ...NOTHING,
          number,
          road: `${name} ${type}`.toLowerCase(),
          city: city.toLowerCase().replaceAll("-", " "),
          postcode: postcode.toLowerCase().replace(" ", ""),
          country: "GB",
        });
        expect(partsOf(`${line1} ${city} ${postcode}`.toUpperCase(), "GB")).toEqual(parts);
        expect(partsOf({ line1, city, postalCode: postcode }, "GB")).toEqual(parts);
        if (typeof parts === "string") return;
        const again = {
          line1: `${parts.number} ${parts.road}`,
          city: parts.city ?? "",
          postalCode: parts.postcode ?? "",
        };
        expect(partsOf(again, "GB")).toEqual(parts);
      }),
    );
  });

  test("no text makes it throw", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.stringMatching(/^[A-Za-z0-9 ,.#/-]{0,60}$/),
    );
    const country = fc.constantFrom("GB", "US", "DE", "IT", "ES", "NL", "ZZ", null);
    fc.assert(
      fc.property(text, text, text, country, (line1, city, postalCode, where) => {
        for (const raw of [line1, { line1 }, { line1, city, postalCode, country: city }]) {
          const parts = partsOf(raw, where);
          if (typeof parts === "string") continue;
          for (const part of Object.values(parts)) expect(part).not.toBe("");
        }
      }),
      { numRuns: 1000 },
    );
    expect(partsOf("1,".repeat(5_000), "GB")).toBe("too-long");
    expect(partsOf("\ud800 1 High St \udc00", "GB")).toMatchObject({ road: "high street" });
  });
});
