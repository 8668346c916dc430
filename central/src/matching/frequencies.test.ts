import { describe, expect, test } from "vitest";
import { features } from "../testing/features.ts";
import { frequenciesOf, frequencyOf, isFrequencyField } from "./frequencies.ts";

/** 200 people: half are called Smith, two are called Zyw, all others by a name of their own. */
const records = Array.from({ length: 200 }, (_, n) =>
  features({
    family: n < 100 ? ["smith"] : n < 102 ? ["zyw"] : [`family${n}`],
    given: [n < 190 ? "anna" : ""].filter((name) => name !== ""),
    city: "leeds",
    birth: n < 99 ? "1980-05-14" : "",
  }),
);

describe("IDN5 how often values occur", () => {
  const frequencies = frequenciesOf(records);
  const of = (name: "family" | "city" | "given", value: string) =>
    frequencyOf(frequencies, name, features({ [name]: name === "city" ? value : [value] }));

  test("frequent values have their own share, of the records that know the field", () => {
    expect(of("family", "smith")).toBe(0.5);
    expect(Object.keys(frequencies.family!.common)).toEqual(["smith"]);
  });

  test("all others, and those that nobody has, have that of an average one of them", () => {
    expect(of("family", "zyw")).toBeCloseTo(100 / 99 / 200, 9);
    expect(of("family", "unheard")).toBe(of("family", "zyw"));
  });

  test("what everybody has stays below 1, so that its logarithm is finite", () => {
    expect(of("city", "leeds")).toBe(0.999);
    expect(of("given", "anna")).toBe(0.999);
  });

  test("in fewer than a hundred values there is nothing to learn", () => {
    expect(frequencies.birth).toBeUndefined();
    expect(frequenciesOf(records.slice(0, 99))).toEqual({});
  });

  test("names that objects have by themselves are names", () => {
    expect(of("family", "constructor")).toBe(frequencies.family!.rare);
  });

  test("only some fields are counted", () => {
    expect([isFrequencyField("family"), isFrequencyField("email")]).toEqual([true, false]);
    expect(frequencyOf(frequencies, "email", records[0]!)).toBeNull();
  });

  test("a street counts with its number", () => {
    const streets = frequenciesOf(
      Array.from({ length: 120 }, () => features({ number: "12", road: "high street" })),
    );
    expect(Object.keys(streets.street!.common)).toEqual(["12 high street"]);
  });

  test("IDN2 the order of the records changes nothing", () => {
    const two = records.map((record, n) => features({ ...record, city: n % 2 ? "leeds" : "york" }));
    expect(JSON.stringify(frequenciesOf(two.toReversed()))).toBe(
      JSON.stringify(frequenciesOf(two)),
    );
  });
});
