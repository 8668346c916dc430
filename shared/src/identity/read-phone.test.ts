import { existsSync, readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { normalisePhone } from "./phone.ts";
import { readPhone } from "./read-phone.ts";

describe("numbers as people write them", () => {
  test.each([
    ["07911 123456", "GB", "+447911123456", null, "parsed"],
    ["+44 (0)7911 123456", "US", "+447911123456", null, "parsed"],
    ["020 7946 0018 ext. 12", "GB", "+442079460018", "12", "parsed"],
    ["O7911 l23456", "GB", "+447911123456", null, "repaired"],
    ["٠٧٩١١١٢٣٤٥٦", "GB", "+447911123456", null, "repaired"],
    ["mob: 07911 123456", "GB", "+447911123456", null, "repaired"],
    ["07911 123456 (mobile)", "GB", "+447911123456", null, "repaired"],
    ["7911123456.0", "GB", "+447911123456", null, "repaired"],
    ["020 7946 0018 / 07911 123456", "GB", "+442079460018", null, "repaired"],
    ["1800 six-flag", "US", "+18007493524", null, "repaired"],
    ["0044 7911 123456", null, "+447911123456", null, "repaired"],
    ["tel:03-331-6005;phone-context=+64", null, "+6433316005", null, "repaired"],
  ])("%s in %s", (raw, country, e164, extension, quality) => {
    expect(readPhone(raw, country)).toMatchObject({ quality, value: { e164, extension } });
  });

  test.each([
    ["", "empty"],
    ["12", "not-a-number"],
    ["ask at the desk", "not-a-number"],
    ["0000000000", "placeholder"],
    ["07911 1234567890", "impossible"],
    ["1".repeat(600), "too-long"],
  ])("%j is rejected", (raw, reason) => {
    expect(readPhone(raw, "GB")).toEqual({ quality: "rejected", reason });
  });
});

const anyText = fc.oneof(
  fc.stringMatching(/^\+?[\dOl ()/x#.-]{5,20}$/),
  fc.string({ unit: "binary", maxLength: 400 }),
);

test("no text makes it throw, what was read is read the same again, and keys are what they were", () => {
  fc.assert(
    fc.property(anyText, (raw) => {
      const once = readPhone(raw, "GB");
      if (once.quality === "rejected") return;
      const { e164 } = once.value;
      expect(normalisePhone(raw, "GB") ?? e164).toBe(e164);
      expect(readPhone(e164, "GB")).toMatchObject({
        quality: "parsed",
        value: { e164, extension: null },
      });
    }),
    { numRuns: 1000 },
  );
  expect(readPhone("+4".repeat(5_000), "GB")).toMatchObject({ quality: "rejected" });
});

const casesUrl = new URL(
  "../../../../shared/data/normalisation/phone_parse_cases.csv",
  import.meta.url,
);
const caseSchema = z.object({
  input: z.string(),
  default_region: z.string(),
  e164: z.string(),
  is_possible: z.enum(["0", "1", ""]),
  extension: z.string(),
});

test.skipIf(!existsSync(casesUrl))("public phone cases (skipped where the data is absent)", () => {
  const rows: unknown = parse(readFileSync(casesUrl), { columns: true });
  const cases = caseSchema.array().parse(rows);
  const read = cases.map((each) => {
    const ours = readPhone(each.input, each.default_region || null);
    return { ...each, ours: ours.quality === "rejected" ? null : ours.value };
  });
  const possible = read.filter(({ is_possible }) => is_possible === "1");
  const right = possible.filter(
    ({ ours, e164, extension }) => ours?.e164 === e164 && (ours.extension ?? "") === extension,
  );
  const impossible = read.filter(({ is_possible }) => is_possible !== "1");
  // Two that are refused for an extension of more digits than any has: the number itself is whole.
  const taken = impossible.filter(({ ours }) => ours !== null);
  console.log(
    `phone cases: ${right.length} of ${possible.length} possible ones right, ` +
      `${taken.length} of ${impossible.length} others taken`,
  );
  expect(right.length).toBeGreaterThanOrEqual(136);
  expect(taken.length).toBeLessThanOrEqual(2);
  // What is read at all is read as it is meant.
  const wrong = possible.filter(({ ours, e164 }) => ours !== null && ours.e164 !== e164);
  expect(wrong).toEqual([]);
});
