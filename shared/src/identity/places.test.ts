import fc from "fast-check";
import { expect, test } from "vitest";
import { countryCodeOf, regionCodeOf } from "./places.ts";

test.each([
  ["United Kingdom", "GB"],
  ["UK", "GB"],
  ["u.k.", "GB"],
  ["GBR", "GB"],
  ["gb", "GB"],
  ["England", "GB"],
  ["USA", "US"],
  ["U.S.A.", "US"],
  ["United States of America", "US"],
  ["Deutschland", "DE"],
  ["Allemagne", "DE"],
  ["España", "ES"],
  ["The Netherlands", "NL"],
  ["Holland", "NL"],
  ["Österreich", "AT"],
  ["Россия", "RU"],
  ["EIRE", "IE"],
  ["Atlantis", null],
  ["", null],
])("the country %s is %s", (text, code) => expect(countryCodeOf(text)).toBe(code));

test.each([
  ["New York", "US", "NY"],
  ["n.y.", "US", "NY"],
  ["Calif.", "US", "CA"],
  ["N.S.W.", "AU", "NSW"],
  ["victoria", "AU", "VIC"],
  ["Québec", "CA", "QC"],
  ["Bayern", "DE", "BY"],
  ["Victoria", "US", null],
  ["NY", null, null],
])("the region %s in %s is %s", (text, country, code) => {
  expect(regionCodeOf(text, country)).toBe(code);
});

test("codes are read as themselves, and no text makes it throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      countryCodeOf(text);
      regionCodeOf(text, "US");
    }),
  );
  for (const code of ["GB", "US", "DE", "NO", "IS"]) expect(countryCodeOf(code)).toBe(code);
  for (const code of ["NY", "OR", "IN"]) expect(regionCodeOf(code, "US")).toBe(code);
});
