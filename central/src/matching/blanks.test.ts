import { describe, expect, test } from "vitest";
import { features } from "../testing/features.ts";
import { blanksOf, withoutBlanks } from "./blanks.ts";
import { createBlocked, withoutBlocked } from "./blocked.ts";
import type { Features } from "./features.ts";
import { DEFAULT_MATCHING_POLICY } from "./policy.ts";

const many = (count: number, of: (n: number) => Partial<Features>): Features[] =>
  Array.from({ length: count }, (_, n) => features(of(n)));

const letters = (n: number): string => String.fromCharCode(97 + (n % 26));

const ofFamilies = (families: number) =>
  blanksOf(
    many(24, (n) => ({ email: "shop@x.com", phone: "+4477", family: [letters(n % families)] })),
  );

describe("IDN3 values that are nobody's, by how they are used", () => {
  test("a birth date that a form begins with is of many, on the first of a month", () => {
    const records = many(40, (n) => ({ birth: n < 12 ? "1900-01-01" : `19${40 + n}-03-01` }));
    expect(blanksOf(records).birth).toEqual(["1900-01-01"]);
  });

  test("a birth date of many on any other day is chance, and of few anywhere", () => {
    expect(blanksOf(many(40, () => ({ birth: "1980-05-17" }))).birth).toEqual([]);
    expect(blanksOf(many(9, () => ({ birth: "1900-01-01" }))).birth).toEqual([]);
  });

  test("of very many records a few on one day are usual", () => {
    const records = many(10_000, (n) => ({
      birth: n < 15 ? "1970-01-01" : `19${10 + (n % 89)}-03-${10 + (n % 19)}`,
    }));
    expect(blanksOf(records).birth).toEqual([]);
  });

  test("a mailbox and a number of more than five families are none's", () => {
    expect(ofFamilies(5)).toMatchObject({ email: [], phone: [] });
    expect(ofFamilies(6)).toMatchObject({ email: ["shop@x.com"], phone: ["+4477"] });
  });

  test("a large family's mailbox stays theirs", () => {
    const records = many(24, (n) => ({
      email: "home@x.com",
      family: ["garcia"],
      given: [letters(n)],
    }));
    expect(blanksOf(records).email).toEqual([]);
  });

  test("what is nobody's is compared as missing, and everything else as it is", () => {
    const blanks = { birth: ["1900-01-01"], email: ["shop@x.com"], phone: ["+4477"] };
    const record = features({
      given: ["anna"],
      birth: "1900-01-01",
      email: "shop@x.com",
      phone: "+4477",
    });
    expect(withoutBlanks(record, blanks)).toEqual(features({ given: ["anna"] }));
    const own = features({ birth: "1980-05-17", email: "anna@x.com", phone: "+4478" });
    expect(withoutBlanks(own, blanks)).toBe(own);
  });
});

describe("IDN3 values that are nobody's, by their form", () => {
  const isBlocked = createBlocked(DEFAULT_MATCHING_POLICY);

  test.each([
    ["email", "no-reply@shop.example"],
    ["email", "donotreply@shop.example"],
    ["email", "none@none.com"],
    ["email", "test@test.de"],
    ["phone", "+440000000000"],
    ["phone", "+447777777777"],
    ["phone", "+441234567890"],
    ["loyalty", "00000000"],
    ["loyalty", "99999"],
    ["loyalty", "TEST"],
  ])("%s %s", (kind, value) => {
    expect(isBlocked(kind, value)).toBe(true);
  });

  test.each([
    ["email", "anna.none@example.com"],
    ["email", "noel@example.com"],
    ["phone", "+447700900123"],
    ["loyalty", "1000000000001"],
    ["device", "none@none.com"],
  ])("but not %s %s", (kind, value) => {
    expect(isBlocked(kind, value)).toBe(false);
  });

  test("are not compared either", () => {
    const record = features({ given: ["anna"], email: "none@none.com", phone: "+447700900123" });
    expect(withoutBlocked(record, isBlocked)).toEqual({ ...record, email: "" });
    const own = features({ email: "anna@example.com" });
    expect(withoutBlocked(own, isBlocked)).toBe(own);
  });
});
