import { existsSync, readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { DISPOSABLE_DOMAINS } from "./disposable-domains.ts";
import { EMAIL_POLICY, EMAIL_RULES } from "./email-rules.ts";
import { normaliseEmail } from "./email.ts";
import { readEmail } from "./read-email.ts";

const canonicalOf = (raw: string) => {
  const read = readEmail(raw);
  return read.quality === "rejected" ? null : read.value.canonical;
};

describe("the same mailbox has the same canonical address", () => {
  test.each([
    ["a.da@gmail.com", "ada@gmail.com"],
    ["ada+shop@googlemail.com", "ada@gmail.com"],
    ["ada+shop@hotmail.co.uk", "ada@hotmail.co.uk"],
    ["ada-shop@yahoo.co.uk", "ada@yahoo.co.uk"],
    ["ada+shop@icloud.com", "ada@icloud.com"],
    ["ada+shop@fastmail.com", "ada@fastmail.com"],
    ["ada@ya.ru", "ada@yandex.ru"],
  ])("%s is %s", (raw, canonical) => expect(canonicalOf(raw)).toBe(canonical));

  test.each([
    "a.da@hotmail.com",
    "ada+shop@example.org",
    "ada+shop@yahoo.com",
    "ada-shop@gmail.com",
    "+ada@gmail.com",
    ".@gmail.com",
  ])("%s is nobody else's", (raw) => expect(canonicalOf(raw)).toBe(raw));
});

describe("slips are mended, and said to be", () => {
  test.each([
    [" ada@example.org ", "ada@example.org"],
    ["mailto:Ada@example.org", "ada@example.org"],
    ["Ada <ada@example.org>", "ada@example.org"],
    ["ada@example.org.", "ada@example.org"],
    ["ada@example,com", "ada@example.com"],
    ["ada@@example.com", "ada@example.com"],
    ["ada @ example.com", "ada@example.com"],
    ["ada@gmailcom", "ada@gmail.com"],
    ["ada@gmial.com", "ada@gmail.com"],
    ["ada@hotmial.com", "ada@hotmail.com"],
    ["ada@gmail.con", "ada@gmail.com"],
  ])("%s", (raw, address) => {
    expect(readEmail(raw)).toMatchObject({ quality: "repaired", value: { address } });
  });

  test("what is one letter away from a provider may be another provider", () => {
    for (const domain of ["mail.com", "ymail.com", "email.com", "gmx.com"]) {
      const read = readEmail(`ada@${domain}`);
      expect(read).toMatchObject({ quality: "parsed", value: { domain } });
    }
  });

  test.each([
    ["", "empty"],
    ["ada at example.org", "not-an-address"],
    ["ada@example", "not-an-address"],
    ["@gmail.com", "not-an-address"],
    ["ada@", "not-an-address"],
    ["a".repeat(600), "too-long"],
  ])("%j is rejected", (raw, reason) => {
    expect(readEmail(raw)).toEqual({ quality: "rejected", reason });
  });
});

describe("policy", () => {
  test("own rules stand before the built-in ones", () => {
    const own = {
      domains: ["shop.example", "gmail.com"],
      home: null,
      ignoresDots: false,
      tag: "-",
    };
    const policy = { rules: [{ ...own, tag: "-" as const }, ...EMAIL_RULES], disposable: null };
    expect(readEmail("ada-x@shop.example", policy)).toMatchObject({
      value: { canonical: "ada@shop.example" },
    });
    expect(readEmail("a.da@gmail.com", policy)).toMatchObject({
      value: { canonical: "a.da@gmail.com" },
    });
  });

  test("disposable domains are told where the list is brought, with their subdomains", () => {
    const policy = { ...EMAIL_POLICY, disposable: DISPOSABLE_DOMAINS };
    const isDisposable = (raw: string) => {
      const read = readEmail(raw, policy);
      return read.quality !== "rejected" && read.value.isDisposable;
    };
    expect(isDisposable("ada@mailinator.com")).toBe(true);
    expect(isDisposable("ada@x.mailinator.com")).toBe(true);
    expect(isDisposable("ada@gmail.com")).toBe(false);
    expect(readEmail("ada@mailinator.com")).toMatchObject({ value: { isDisposable: false } });
  });
});

const anyText = fc.oneof(
  fc.emailAddress(),
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.stringMatching(/^[ a-c.+@,-]{1,12}@(gmail|yahoo|ya|x)[.,]?(com|ru|con)[ .]?$/),
);

describe("properties", () => {
  test("no text makes it throw, and what was read is read the same again", () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        const once = readEmail(raw);
        if (once.quality === "rejected") return;
        const { address, canonical } = once.value;
        expect(readEmail(address)).toEqual({ quality: "parsed", value: once.value });
        expect(canonicalOf(canonical)).toBe(canonical);
      }),
      { numRuns: 1000 },
    );
    expect(readEmail("\ud800@\udfff.com")).toMatchObject({ quality: "rejected" });
    expect(readEmail("@".repeat(10_000))).toMatchObject({ quality: "rejected" });
  });

  test("GLD2: what makes a key is read as the same address, unless its domain is a slip", () => {
    const keyed = fc.emailAddress().filter((raw) => normaliseEmail(raw) !== null);
    fc.assert(
      fc.property(keyed, (raw) => {
        expect(readEmail(raw)).toMatchObject({ value: { address: normaliseEmail(raw) } });
      }),
    );
    expect(readEmail("ada@gmial.com")).not.toMatchObject({
      value: { address: normaliseEmail("ada@gmial.com") },
    });
  });
});

const casesUrl = new URL(
  "../../../../shared/data/normalisation/email_canonical_cases.csv",
  import.meta.url,
);
const caseSchema = z.object({ input: z.string(), expected_canonical: z.string() });

test.skipIf(!existsSync(casesUrl))(
  "all public e-mail cases (skipped where the data is absent)",
  () => {
    const rows: unknown = parse(readFileSync(casesUrl), { columns: true });
    const cases = caseSchema.array().parse(rows);
    expect(cases).toHaveLength(46);
    for (const { input, expected_canonical: expected } of cases) {
      expect([input, canonicalOf(input) ?? ""]).toEqual([input, expected]);
    }
  },
);
