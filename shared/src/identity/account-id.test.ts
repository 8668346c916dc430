import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { identityKeySchema } from "../ids.ts";
import { normaliseAnonymousId, normaliseUserId } from "./account-id.ts";
import {
  type IdentityOptions,
  identityKeyOf,
  identityKeysOf,
  kindOfKey,
  scopeOfKey,
} from "./key.ts";

const NOBODYS = [
  "",
  "  ",
  "null",
  "NULL",
  "undefined",
  "0",
  "000",
  "guest",
  "Guest",
  "anonymous",
  "-1",
  "unknown",
  "[object Object]",
  "NaN",
  "none",
  "true",
  "false",
  "00000000-0000-0000-0000-000000000000",
  "00000000000000000000000000000000",
  "cut\u0000short",
  "half \ud800",
  "x".repeat(257),
];

describe("IDN3: what programs send when there is no id is nobody's", () => {
  test.each(NOBODYS)("%j", (raw) => {
    expect(normaliseUserId("shop", raw)).toBeNull();
    expect(normaliseAnonymousId(raw)).toBeNull();
    expect(normaliseAnonymousId(` ${raw}\n`)).toBeNull();
  });
});

test.each([
  ["7013489", "7013489"],
  [" 97980cfea0067 ", "97980cfea0067"],
  ["auth0|5f7c8ec7c33c6c004bbafe82", "auth0|5f7c8ec7c33c6c004bbafe82"],
  ["Zoë@Example.com", "Zoë@Example.com"],
  ["a/b", "a/b"],
  ["10", "10"],
  ["guest-77", "guest-77"],
  ["x".repeat(256), "x".repeat(256)],
])("GLD2: the id %j is read as %j, to the letter", (raw, id) => {
  expect(normaliseUserId("web", raw)).toBe(`web/${id}`);
  expect(normaliseAnonymousId(raw)).toBe(id);
});

test("no id reaches into another realm", () => {
  expect(normaliseUserId("a/b", "c")).toBeNull();
  expect(normaliseUserId("", "a/b")).toBeNull();
});

test("GLD2: an id that was normalised stays as it is, and never throws", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (raw) => {
      const once = normaliseAnonymousId(raw);
      expect(once && normaliseAnonymousId(once)).toBe(once);
      expect(normaliseUserId("shop", raw)).toBe(once && `shop/${once}`);
    }),
  );
});

const options = { pepper: "a retailer's secret", country: "GB", realm: "shop" };
const keyIn = (realm: string, id: string, pepper = options.pepper) =>
  identityKeyOf("user", `${realm}/${id}`, pepper);
const userKey = (userId: string, given: IdentityOptions = options) =>
  identityKeysOf({ userId }, given);

describe("keys of accounts", () => {
  test("an account is found by its id, within its realm", () => {
    const { keys, doubtful } = userKey(" 7013489 ");
    expect(keys).toEqual([identityKeyOf("user", "shop/7013489", options.pepper)]);
    expect(doubtful).toEqual([]);
    expect(userKey("7013489", { ...options, realm: "app" }).keys).not.toEqual(keys);
  });

  test("CAP4: without a realm, or with nobody's id, it is doubtful", () => {
    const { pepper, country } = options;
    expect(userKey("7", { pepper, country })).toEqual({ keys: [], doubtful: ["userId"] });
    expect(userKey("guest")).toEqual({ keys: [], doubtful: ["userId"] });
  });

  test("IDN3: two ids of one realm can be told from ids of two realms, by their keys alone", () => {
    const id = fc.string({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(id, id, fc.constantFrom("web", "app", "kiosk"), (one, two, other) => {
        const [a, b, c] = [keyIn("shop", one), keyIn("shop", two), keyIn(other, one)];
        expect(scopeOfKey(a)).toBe(scopeOfKey(b));
        expect(scopeOfKey(a)).not.toBe(scopeOfKey(c));
        expect(a === b).toBe(one === two);
        expect(c.slice(9)).not.toBe(a.slice(9));
        expect(identityKeySchema.parse(a)).toBe(a);
      }),
    );
  });

  test("SEC2: a realm's digest says nothing without the pepper", () => {
    const [one, two] = ["one", "two"].map((pepper) => keyIn("shop", "7", pepper)) as [
      string,
      string,
    ];
    expect(scopeOfKey(one)).not.toBe(scopeOfKey(two));
    expect(scopeOfKey(identityKeyOf("email", "shop/7", "one"))).toBe("email:");
  });

  test("strongest first: card, account, address, number", () => {
    const given = {
      phone: "07911 123456",
      email: "a@example.com",
      userId: "7",
      loyaltyNumber: "7",
    };
    const kinds = identityKeysOf(given, options).keys.map(kindOfKey);
    expect(kinds).toEqual(["loyalty", "user", "email", "phone"]);
  });
});
