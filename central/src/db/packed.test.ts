/** Rows are stored in other bytes than they were written in: each of them must come back. */
import { describe, expect, test } from "vitest";
import { createTill, keyOf } from "../testing/till.ts";
import { eventRowOf } from "../intake/event-row.ts";
import { DICTIONARIES, type PackedKind } from "./dictionaries.ts";
import { bodyOf, packBody } from "./event-body.ts";
import { digestBytes, hexOf, pack, unpack, unpackBytes } from "./packed.ts";

const KINDS = Object.keys(DICTIONARIES) as PackedKind[];
const TEXTS = ["", "{}", "\u0000", "👩‍🌾 naïve", "x".repeat(100_000), JSON.stringify({ kind: "sale", body: { lines: [] } })]; // prettier-ignore

describe.each(KINDS)("packed as %s", (kind) => {
  test.each(["", "loyalty:AAAAAAAAAAAAAAAAAAAAAA", "ü".repeat(50_000)])(
    "SYN9 a text comes back whole, whatever it is packed against",
    (context) => {
      for (const text of TEXTS) expect(unpack(kind, pack(kind, text, context), context)).toBe(text);
      const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
      expect([...unpackBytes(kind, pack(kind, bytes, context), context)]).toEqual([...bytes]);
    },
  );
});

test("text is what it says, and a form of a newer build is refused", () => {
  expect(unpack("golden", '{"fields":{}}')).toBe('{"fields":{}}');
  const packed = pack("golden", "{}");
  packed[0] = 0xf2;
  expect(() => unpack("golden", packed)).toThrow(/form that this build does not know/);
  expect(() => unpack("golden", null)).toThrow(/neither text nor bytes/);
});

test("a digest is stored in half the bytes; what is none stays what it is", () => {
  const hex = "0".repeat(62) + "f7";
  expect(hexOf({ hash: digestBytes(hex) }, "hash")).toBe(hex);
  expect(digestBytes(hex)).toHaveLength(32);
  for (const none of ["", "0", "ABCD", "zz"]) {
    expect(digestBytes(none)).toBe(none);
    expect(hexOf({ hash: none }, "hash")).toBe(none);
  }
});

test("SYN9 a body is read with its row's columns, in a quarter of its bytes; in quarantine it is text", () => {
  const till = createTill("till-1");
  const { item } = till.sale(1_234, [keyOf("loyalty", "1001"), keyOf("email", "ann@example.org")]);
  const { kind, key, businessDay, atMs, receipt, currency, totalMinor, quarantined } =
    eventRowOf(item);
  const row = {
    source: item.source, epoch: item.epoch, seq: item.seq, store: "store-1", kind, key, quarantined, receipt, currency,
    business_day: businessDay, at_ms: atMs, total_minor: totalMinor,
  }; // prettier-ignore
  const body = packBody(item.body, row);
  expect(bodyOf({ ...row, body })).toBe(item.body);
  expect((body as Uint8Array).length).toBeLessThan(item.body.length / 4);
  expect(packBody(item.body, { ...row, quarantined: "not_an_event" })).toBe(item.body);
  expect(packBody(item.body, { ...row, kind: "close" })).toBe(item.body);
  expect(packBody(item.body, { ...row, receipt: "\0" })).toBe(item.body);
});
