import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  base64ToBytes,
  bytesToBase64,
  bytesToBase64Url,
  canonicalJson,
  hmacSha256,
  type Json,
  sha256Hex,
  sha256Uint32,
} from "./digest.ts";
import { base64Schema } from "./protocol/item.ts";
import * as everywhere from "./sha256/everywhere.ts";

const anyText = fc.string({ unit: "binary" });

test("SYN5: SHA-256 is that of Node's own module, for text and for bytes", () => {
  fc.assert(
    fc.property(anyText, fc.uint8Array(), (text, bytes) => {
      for (const hex of [sha256Hex, everywhere.sha256Hex]) {
        expect(hex(text)).toBe(createHash("sha256").update(text).digest("hex"));
        expect(hex(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
      }
      expect(sha256Uint32(text)).toBe(createHash("sha256").update(text).digest().readUInt32BE());
    }),
  );
});

test("HMAC-SHA-256 is that of Node's own module", () => {
  fc.assert(
    fc.property(anyText, anyText, (secret, data) => {
      const expected = createHmac("sha256", secret).update(data).digest("hex");
      for (const hmac of [hmacSha256, everywhere.hmacSha256]) {
        expect(Buffer.from(hmac(secret, data)).toString("hex")).toBe(expected);
      }
    }),
  );
});

test("base64 goes there and back, and is that of Node", () => {
  const bytesArb = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.nat(70_000).map((length) => new Uint8Array(length).fill(0xfb)),
  );
  fc.assert(
    fc.property(bytesArb, (bytes) => {
      const text = bytesToBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString("base64"));
      expect(Buffer.compare(base64ToBytes(text), bytes)).toBe(0);
      expect(bytesToBase64Url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
    }),
  );
});

test("SYN6: base64ToBytes takes whatever base64Schema lets through", () => {
  const base64Like = fc.stringMatching(/^[A-Za-z0-9+/]{0,9}={0,3}$/);
  fc.assert(
    fc.property(fc.oneof(base64Like, fc.string()), (text) => {
      const bytes = base64Schema.safeParse(text).success ? base64ToBytes(text) : null;
      expect(bytes?.length ?? 0).toBe(bytes ? Buffer.from(text, "base64").length : 0);
    }),
    { numRuns: 2000 },
  );
  for (const text of ["", "AA==", "AAA=", "AAAA"]) expect(base64Schema.parse(text)).toBe(text);
  for (const text of ["A", "AA=", "A===", "====", "AA==AA==", "AA\n="]) {
    expect(base64Schema.safeParse(text).success).toBe(false);
  }
});

const jsonArb = fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<Json>;

test("GLD2: canonical JSON says the same value and does not depend on the order of keys", () => {
  fc.assert(
    fc.property(jsonArb, (value) => {
      const text = canonicalJson(value);
      expect(text).toBe(canonicalJson(reversed(value)));
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("canonical JSON leaves out what is undefined and keeps the order of lists", () => {
  expect(canonicalJson({ b: [2, 1], a: undefined, c: { z: null, y: "" } })).toBe(
    '{"b":[2,1],"c":{"y":"","z":null}}',
  );
});

function reversed(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((inner: Json) => reversed(inner));
  const entries = Object.entries(value).map(([key, inner]) => [key, reversed(inner ?? null)]);
  return Object.fromEntries(entries.toReversed()) as Json;
}
