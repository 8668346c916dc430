import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bent, faultIn, takenCuts } from "../testing/hostile.ts";
import { ACCOUNT, IDS, mapText, NOW } from "../testing/segment.ts";
import { mapSegment } from "./map.ts";

describe("SEC2: whatever is sent, the answer holds or says why not, without quoting it", () => {
  const FIXTURES = [
    {
      type: "identify",
      ...IDS,
      traits: { email: "a@example.com", name: "Ada Lovelace", address: { street: "x" } },
      context: { locale: "de", consent: { categoryPreferences: { marketing: true } } },
    },
    {
      type: "track",
      ...IDS,
      event: "Order Completed",
      properties: {
        order_id: "o",
        total: 3,
        shipping: 1,
        currency: "EUR",
        products: [{ sku: "A", price: 2, quantity: 1 }],
      },
    },
    {
      type: "track",
      ...IDS,
      event: "Order Refunded",
      properties: { order_id: "o", total: 3, products: [{ sku: "A", price: 2 }] },
    },
    {
      type: "track",
      ...IDS,
      event: "Product Added",
      properties: { cart_id: "c", sku: "A", price: 2, url: "https://x.example/?a" },
      context: { page: { path: "/x" } },
    },
    {
      type: "page",
      ...IDS,
      name: "Home",
      properties: { url: "https://x.example/?a" },
      timestamp: "2026-05-01T11:00:00Z",
      sentAt: "2026-05-01T11:00:00Z",
    },
    { type: "group", ...IDS, groupId: "g", traits: { name: "Initech" } },
    { type: "alias", ...IDS, previousId: "p" },
  ] as const;

  test.each(FIXTURES)("$type", (fixture) => {
    fc.assert(
      fc.property(bent(fixture), (message) => {
        expect(faultIn(mapText(fixture.type, JSON.stringify(message)))).toBeNull();
      }),
      { numRuns: 400 },
    );
    const taken = takenCuts(new TextEncoder().encode(JSON.stringify(fixture)), (body) =>
      mapSegment({ topic: fixture.type, body, headers: {}, receivedAtMs: NOW }, ACCOUNT),
    );
    expect(taken).toEqual([]);
  });

  test("what is nested deeper than anybody means", () => {
    const deep = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;
    expect(faultIn(mapText("identify", `{"userId":"u","traits":${deep}}`))).toBeNull();
    expect(faultIn(mapText("track", `{"userId":"u","event":"A","properties":${deep}}`))).toBeNull();
  });
});
