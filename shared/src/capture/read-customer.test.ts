import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { readCustomer } from "./read-customer.ts";

const GB = { pepper: "pepper-of-the-tests", country: "GB", today: "2026-06-01" };
const read = (customer: object, options = GB) => readCustomer(customer, undefined, options);

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
