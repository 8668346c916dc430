import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCapture } from "./capture-form.ts";
import { sumMinor } from "./read/lines.ts";
import { bent, faultIn } from "./testing/hostile.ts";
import { ok } from "../result.ts";

const DEFAULTS = { key: "k", at: "2026-05-01T12:00:00.000Z" };
const read = (value: unknown, more: object = {}) => readCapture(value, { ...DEFAULTS, ...more });

const SALE = {
  kind: "sale",
  key: "receipt:1",
  at: "2026-05-01T14:00:00+02:00",
  currency: "EUR",
  lines: [
    { sku: "A", quantity: "3", unitPrice: "0.10" },
    { sku: "TAX", quantity: "1", amountMinor: 6 },
  ],
  tenders: [{ type: "cash", amountMinor: 36 }],
  customer: { email: "ada@example.com", userId: "u-1", traits: { size: 38 } },
  consents: [{ purpose: "marketing", channel: "email", state: "granted" }],
};
const BEHAVIOUR = { kind: "behaviour", type: "track", name: "Fitted", properties: { room: 3 } };
const CLAIM = { kind: "claim", customer: { email: "ada@example.com" } };

test("CAP5: lines get what they come to, exactly, and times become UTC", () => {
  expect(read(SALE)).toMatchObject({
    ok: true,
    value: {
      at: "2026-05-01T12:00:00.000Z",
      key: "receipt:1",
      lines: [{ amountMinor: 30 }, { amountMinor: 6 }],
    },
  });
});

test("what the envelope says need not be said again, and may not be contradicted", () => {
  const { kind: _, ...said } = BEHAVIOUR;
  expect(read(said, { kind: "behaviour" })).toMatchObject({
    ok: true,
    value: { kind: "behaviour", key: "k", at: DEFAULTS.at },
  });
  expect(read(BEHAVIOUR, { kind: "claim" })).toMatchObject({
    reason: { code: "bad_field", field: "kind" },
  });
});

test.each<[string, unknown, object]>([
  ["no object", [], { code: "bad_field", field: "data" }],
  ["no kind", {}, { code: "missing_field", field: "kind" }],
  ["a kind that there is not", { kind: "dance" }, { code: "unknown_topic", field: "kind" }],
  ["no name", { ...BEHAVIOUR, name: undefined }, { code: "missing_field", field: "name" }],
  ["a name that is a number", { ...BEHAVIOUR, name: 7 }, { code: "bad_field", field: "name" }],
  [
    "a time without an offset",
    { ...BEHAVIOUR, at: "2026-05-01T12:00:00" },
    { code: "bad_time", field: "at" },
  ],
  [
    "half a cent",
    { ...SALE, tenders: [{ type: "cash", amountMinor: 0.5 }] },
    { code: "bad_money", field: "tenders.0.amountMinor" },
  ],
  [
    "a comma",
    { ...SALE, lines: [{ sku: "A", quantity: "1", unitPrice: "1,50" }] },
    { code: "bad_money", field: "lines.0.unitPrice" },
  ],
  [
    "more than can be counted",
    { ...SALE, lines: [{ sku: "A", quantity: "99999999", unitPrice: "99999999999" }] },
    { code: "bad_money", field: "lines.0.unitPrice" },
  ],
  [
    "money back that is positive",
    {
      kind: "refund",
      refund: "r",
      order: "o",
      currency: "EUR",
      lines: [{ sku: "A", quantity: "1", amountMinor: 5 }],
    },
    { code: "bad_money", field: "lines" },
  ],
])("%s", (_name, value, reason) => {
  expect(read(value)).toMatchObject({ ok: false, reason });
});

test("SEC2: names that the sender made up are no part of a failure", () => {
  const read1 = read({ ...BEHAVIOUR, properties: { "bob@example.com": ["no scalar"] } });
  expect(read1).toMatchObject({ reason: { code: "bad_field", field: "properties.…" } });
});

describe("SEC2: whatever is sent, the answer holds or says why not, without quoting it", () => {
  test.each([SALE, BEHAVIOUR, CLAIM])("$kind", (fixture) => {
    fc.assert(
      fc.property(bent(fixture), (value) => {
        const capture = read(value);
        const mapped = capture.ok ? ok({ captures: [capture.value] }) : capture;
        expect(faultIn(mapped)).toBeNull();
      }),
      { numRuns: 400 },
    );
  });
});

test("lines with prices come to what a till makes of them", () => {
  const line = fc.record({ quantity: fc.integer({ min: 1, max: 99 }), cents: fc.nat(99_999) });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 9 }), (lines) => {
      const said = lines.map(({ quantity, cents }) => ({
        sku: "A",
        quantity: String(quantity),
        unitPrice: (cents / 100).toFixed(2),
      }));
      const capture = read({ ...SALE, lines: said });
      const sum = capture.ok && "lines" in capture.value ? sumMinor(capture.value.lines) : null;
      expect(sum).toBe(lines.reduce((total, { quantity, cents }) => total + quantity * cents, 0));
    }),
  );
});
