import { describe, expect, test } from "vitest";
import { countryOf, dateOrderOf } from "./habits.ts";

describe("the order of dates", () => {
  test.each([
    ["the year first", ["1980-05-04", "19800504"], null, "ymd"],
    ["a day beyond 12 comes first", ["04/05/1980", "25/05/1980"], "US", "dmy"],
    ["a day beyond 12 comes second", ["04/05/1980", "05/25/1980"], null, "mdy"],
    [
      "most of those that can be read in one way",
      ["05/25/1980", "05/26/1980", "25/05/1980"],
      null,
      "mdy",
    ],
    ["of doubtful ones as the country writes", ["04/05/1980"], "US", "mdy"],
    ["of doubtful ones in no country", ["04/05/1980"], null, "dmy"],
    ["nothing", [], null, "dmy"],
  ] as const)("%s", (_what, values, country, order) => {
    expect(dateOrderOf(values, country)).toBe(order);
  });
});

describe("the country of a file", () => {
  test("is what most records name", () => {
    expect(countryOf([{ country: "Germany" }, { country: "DE" }, { country: "GB" }])).toBe("DE");
  });

  test("is that of most regions where none is named", () => {
    expect(countryOf([{ region: "NSW" }, { region: "VIC" }, { region: "??" }])).toBe("AU");
    expect(countryOf([{ region: "TX" }, { region: "CA" }])).toBe("US");
  });

  test("is unknown where nothing tells it", () => {
    expect(countryOf([{}, { region: "somewhere" }])).toBeNull();
    expect(countryOf([])).toBeNull();
  });
});
