import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { LIMITS } from "./limits.ts";

const lines = readFileSync(new URL("limits.ts", import.meta.url), "utf8").split("\n");
const UNITS =
  /(Chars|Bytes|Ms|Items|Lines|Tenders|Keys|Sales|Notes|Profiles|Fragments|Files|Results|Customers|Holders|Hops|Rows|Rounds|Blocks|Pages|Captures|Claims|Values|Fields|Prefixes|Samples|Versions|Units|Records|Behaviours|Orders|Carts|Programs|Traits|Ids|Properties|Events|Calls|Callers|Currencies|Counts|Minor|Amendments|Terminals|Looks|Jobs|Tries|Writers|Pairs|Suspects|Recipients|Ranges|Times|Receipts|Closes|Sessions|Names|Journeys|Attempts|Pushes|Entries|Seconds|Hours|Days|Per[A-Z][a-z]+)$/;

/** JSON text inside JSON text: at worst each character is escaped. */
const asJsonText = (bytes: number) => bytes * 2;
/** Four characters for three bytes. */
const asBase64 = (bytes: number) => (bytes * 4) / 3;

describe("SYN10: every limit", () => {
  test.each(Object.entries(LIMITS))(
    "%s is a positive whole number, named with its unit",
    (name, limit) => {
      expect(Number.isSafeInteger(limit) && limit > 0).toBe(true);
      // The end of the name, in the form that a name of one word would have it.
      expect(name.charAt(0).toUpperCase() + name.slice(1)).toMatch(UNITS);
    },
  );

  test.each(Object.keys(LIMITS))("%s stands under a reason, with at most two others", (name) => {
    const at = lines.findIndex((line) => line.trimStart().startsWith(`${name}:`));
    const above = lines.slice(0, at).toReversed();
    const distance = above.findIndex((line) => /^\s*(\/\*\*|\*)/.test(line));
    expect(at).toBeGreaterThan(0);
    expect(distance).toBeGreaterThanOrEqual(0);
    expect(distance).toBeLessThanOrEqual(2);
  });
});

describe("SYN10: limits fit into each other", () => {
  const rowBytes = 2 * 1024 * 1024; // of a Durable Object

  test("the largest event, with the largest fragment, fits a push", () => {
    const { eventBytes, fragmentBytes, pushBytes } = LIMITS;
    expect(asJsonText(eventBytes) + asBase64(fragmentBytes)).toBeLessThan(pushBytes);
  });

  test("the largest fragment fits a delivery, the largest profile a pull", () => {
    expect(asBase64(LIMITS.fragmentBytes)).toBeLessThan(LIMITS.deliverBytes);
    expect(LIMITS.profileBytes).toBeLessThan(LIMITS.pullBytes);
    expect(LIMITS.eventBytes).toBeLessThan(LIMITS.deliverBytes);
  });

  test("what is stored in one row fits a row", () => {
    for (const bytes of [LIMITS.eventBytes, LIMITS.fragmentBytes, LIMITS.profileBytes]) {
      expect(bytes).toBeLessThan(rowBytes / 2);
    }
  });

  test("one capture's keys fit a fragment, and a note its event", () => {
    expect(LIMITS.subjectKeys).toBeLessThan(LIMITS.fragmentKeys - LIMITS.fragmentDeviceKeys);
    expect(LIMITS.anonymousIds).toBeLessThan(LIMITS.fragmentDeviceKeys);
    expect(LIMITS.noteChars * 4).toBeLessThan(LIMITS.eventBytes);
  });

  test("a wait is shorter than the next one", () => {
    expect(LIMITS.retryMinMs).toBeLessThan(LIMITS.retryMaxMs);
    expect(LIMITS.requestTimeoutMs).toBeLessThanOrEqual(LIMITS.retryMaxMs);
  });
});
