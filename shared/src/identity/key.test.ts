import { existsSync, readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { identityKeySchema } from "../ids.ts";
import { normaliseEmail } from "./email.ts";
import {
  compareKeys,
  type Identifiers,
  identityKeyOf,
  identityKeysOf,
  KEY_KINDS,
  kindOfKey,
} from "./key.ts";
import { normaliseLoyaltyNumber } from "./loyalty.ts";
import { nameTerms } from "./name.ts";
import { normalisePhone } from "./phone.ts";

const options = { pepper: "a retailer's secret", country: "GB" };
const keysOf = (given: Identifiers) => identityKeysOf(given, options).keys;

describe("GLD2: the same person typed differently has the same key", () => {
  const sameForms: [keyof Identifiers, string[]][] = [
    [
      "email",
      [
        "zoe@example.com",
        " Zoe@Example.COM\n",
        "ZOE@EXAMPLE.COM",
        "zoe@example.com",
        "ｚｏｅ@example.com",
      ],
    ],
    [
      "phone",
      [
        "07911 123456",
        "+44 7911 123456",
        "0044 7911 123456",
        "+44 (0)7911 123456",
        "(07911) 123-456",
        "07911.123.456",
        " 07911123456 ",
        "tel:+447911123456",
        "０７９１１ １２３４５６",
      ],
    ],
    [
      "loyaltyNumber",
      ["ab-1234.5678", "AB 1234 5678", "AB12345678", " ab_12345678 ", "ＡＢ12345678"],
    ],
  ];
  test.each(sameForms)("%s", (field, forms) => {
    const keys = forms.map((form) => keysOf({ [field]: form }));
    expect(keys[0]).toHaveLength(1);
    for (const each of keys) expect(each).toEqual(keys[0]);
  });

  test("a number without prefix belongs to the given country", () => {
    const german = identityKeysOf({ phone: "030 123456" }, { ...options, country: "DE" }).keys;
    expect(german).toEqual(keysOf({ phone: "+49 30 123456" }));
    expect(german).not.toEqual(keysOf({ phone: "030 123456" }));
  });

  test("normalising is idempotent", () => {
    const any = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.emailAddress(),
      fc.stringMatching(/^\+?[\d ()-]{5,16}$/),
    );
    fc.assert(
      fc.property(any, (raw) => {
        for (const normalise of [
          normaliseEmail,
          normaliseLoyaltyNumber,
          (text: string) => normalisePhone(text, "GB"),
        ]) {
          const once = normalise(raw);
          expect(once && normalise(once)).toBe(once);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("different people have different keys", () => {
  test.each<[Identifiers, Identifiers]>([
    [{ email: "zoe@example.com" }, { email: "zoe+shop@example.com" }],
    [{ email: "z.oe@example.com" }, { email: "zoe@example.com" }],
    [{ email: "zoe@example.com" }, { email: "zoe@example.co" }],
    [{ loyaltyNumber: "0123" }, { loyaltyNumber: "123" }],
    [{ loyaltyNumber: "447911123456" }, { phone: "+447911123456" }],
    [{ phone: "07911 123456" }, { phone: "07911 123457" }],
  ])("%j, %j", (a, b) => {
    expect(keysOf(a)).toHaveLength(1);
    expect(keysOf(b)).toHaveLength(1);
    expect(keysOf(a)).not.toEqual(keysOf(b));
  });

  test("the same digits as a card and as a number are digested apart", () => {
    const digests = KEY_KINDS.map((kind) => identityKeyOf(kind, "447911123456", "p").split(":")[1]);
    expect(new Set(digests).size).toBe(KEY_KINDS.length);
  });

  test("another pepper gives other keys", () => {
    const other = identityKeysOf({ email: "zoe@example.com" }, { ...options, pepper: "p" }).keys;
    expect(other).not.toEqual(keysOf({ email: "zoe@example.com" }));
  });
});

describe("CAP4: what does not normalise is named, and makes no key", () => {
  test.each<[Identifiers, (keyof Identifiers)[]]>([
    [{ email: "zoe at example.com" }, ["email"]],
    [{ email: "zoe@example" }, ["email"]],
    [{ email: `${"z".repeat(250)}@example.com` }, ["email"]],
    [{ phone: "12" }, ["phone"]],
    [{ phone: "ask at the desk" }, ["phone"]],
    [{ phone: "1".repeat(1000) }, ["phone"]],
    [{ loyaltyNumber: "---" }, ["loyaltyNumber"]],
    [{ loyaltyNumber: "12345#" }, ["loyaltyNumber"]],
    [{ loyaltyNumber: "1".repeat(33) }, ["loyaltyNumber"]],
    [{ email: "no", phone: "no", loyaltyNumber: "#" }, ["loyaltyNumber", "email", "phone"]],
  ])("%j", (given, doubtful) => {
    expect(identityKeysOf(given, options)).toEqual({ keys: [], doubtful });
  });

  test("one doubtful field does not cost the others their keys", () => {
    const { keys, doubtful } = identityKeysOf({ email: "no", loyaltyNumber: "77" }, options);
    expect(keys.map(kindOfKey)).toEqual(["loyalty"]);
    expect(doubtful).toEqual(["email"]);
  });

  test("empty fields are neither", () => {
    const given = { email: "", phone: "  ", loyaltyNumber: undefined };
    expect(identityKeysOf(given, options)).toEqual({ keys: [], doubtful: [] });
  });

  test("a country that nobody knows reads numbers with a prefix, and no others", () => {
    expect(normalisePhone("+44 7911 123456", "ZZ")).toBe("+447911123456");
    expect(normalisePhone("07911 123456", "ZZ")).toBeNull();
  });

  test("no text makes a normaliser throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (raw) => {
        const given = { email: raw, phone: raw, loyaltyNumber: raw };
        const { keys } = identityKeysOf(given, options);
        expect(identityKeySchema.array().parse(keys)).toEqual(keys);
        expect(nameTerms(raw)).not.toContain("");
      }),
    );
  });
});

test("SEC2: a key does not hold the value it was made of", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]{6,20}$/), (value) => {
      expect(identityKeyOf("loyalty", value, "pepper")).not.toContain(value);
    }),
  );
});

test("keys come strongest first, and compareKeys is that order", () => {
  const given = {
    phone: "07911 123456",
    email: "zoe@example.com",
    userId: "7",
    loyaltyNumber: "77",
  };
  const known = identityKeysOf(given, { ...options, realm: "shop" }).keys;
  const keys = [...known, identityKeyOf("anonymous", "a browser", options.pepper)];
  expect(keys.map(kindOfKey)).toEqual([...KEY_KINDS]);
  const unknown = `device:${"x".repeat(22)}`;
  expect([unknown, ...keys.toReversed()].toSorted(compareKeys)).toEqual([...keys, unknown]);
});

test.each([
  ["Zoë O'Neil-Smith", ["zoe", "o", "neil", "smith"]],
  ["  Müller ß Straße ", ["muller", "ss", "strasse"]],
  ["Łukasz Ærø ŒUVRE", ["lukasz", "aero", "oeuvre"]],
  ["Anna anna ANNA", ["anna"]],
  ["李 小龍", ["李", "小龍"]],
  ["--", []],
])("the name %j is found by its terms", (name, terms) => {
  expect(nameTerms(name)).toEqual(terms);
});

const casesUrl = new URL(
  "../../../../shared/data/normalisation/phone_parse_cases.csv",
  import.meta.url,
);
const caseSchema = z.object({
  input: z.string(),
  default_region: z.string(),
  e164: z.string(),
  is_valid: z.enum(["0", "1", ""]),
  is_possible: z.enum(["0", "1", ""]),
});

function readCases() {
  const rows: unknown = parse(readFileSync(casesUrl), { columns: true });
  return caseSchema.array().parse(rows);
}

describe.skipIf(!existsSync(casesUrl))(
  "public phone cases (skipped where the data is absent)",
  () => {
    const read = existsSync(casesUrl)
      ? readCases().map((each) => ({
          ...each,
          ours: normalisePhone(each.input, each.default_region),
        }))
      : [];

    test("CAP4: a number is read as it is meant or not at all, and an impossible one never", () => {
      const other = read.filter(({ ours, e164 }) => ours !== null && ours !== e164);
      expect(other).toEqual([]);
      expect(read.filter(({ ours, is_possible }) => is_possible === "0" && ours !== null)).toEqual(
        [],
      );
    });

    test("most of the valid ones are read: what stays are letters for digits and tel: contexts", () => {
      const valid = read.filter(({ is_valid }) => is_valid === "1");
      const unread = valid.filter(({ ours }) => ours === null);
      expect(valid.length).toBeGreaterThan(50);
      expect(unread.length / valid.length).toBeLessThan(0.25);
    });
  },
);
