import { expect, test } from "vitest";
import { strategySchema } from "@regulars/shared/survivorship/policy";
import { goldenDifference } from "../golden/difference.ts";
import type { Golden } from "../golden/golden.ts";
import { formatMoney, formatTime } from "./format.ts";
import {
  causeWords,
  changeWords,
  fieldChangeWords,
  lagWords,
  ruleWords,
  troubleWords,
  valueWords,
} from "./words.ts";

const noon = Date.UTC(2026, 6, 21, 12);

test("times are those of the store, with the day when it is not today's", () => {
  expect(formatTime(noon, "Europe/London", noon)).toBe("13:00");
  expect(formatTime(noon, "Europe/London", noon + 86_400_000)).toBe("21 Jul 2026, 13:00");
  expect(formatTime(noon, "Asia/Tokyo")).toBe("21 Jul 2026, 21:00");
  expect(formatTime(noon, "Not/AZone")).toBe("21 Jul 2026, 12:00");
  expect(formatTime(noon, null)).toBe("21 Jul 2026, 12:00");
});

test("SYN6 a time that no calendar has is shown as its last day, and costs nobody the page", () => {
  expect(formatTime(Number.MAX_SAFE_INTEGER, "Europe/London")).toBe("13 Sept 275760, 01:00");
  expect(formatTime(-Number.MAX_SAFE_INTEGER, null)).toContain("271822");
});

test("money has its currency's digits", () => {
  expect(formatMoney(-123_456, "GBP")).toBe("-£1,234.56");
  expect(formatMoney(1_234, "JPY")).toBe("JP¥1,234");
});

test("lag is told in words", () => {
  const writer = { journaled: 1_204, golden: 1_204, waitingSinceMs: null, zone: null };
  expect(lagWords(writer, noon)).toBe("all 1,204 events are in golden records");
  expect(lagWords({ ...writer, journaled: 1, golden: 1 }, noon)).toBe(
    "the one event is in golden records",
  );
  const late = { ...writer, golden: 1_201, waitingSinceMs: noon };
  expect(lagWords(late, noon)).toBe("3 events waiting since 12:00");
});

test("trouble is named, and nothing when there is none", () => {
  expect(troubleWords({ forks: 0, quarantined: 0, refused: 0 })).toEqual([]);
  expect(troubleWords({ forks: 1, quarantined: 1_000, refused: 2 })).toEqual([
    "1 fork refused",
    "2 damaged deliveries",
    "1,000 quarantined",
  ]);
});

test("an address is one line, without the parts it does not have", () => {
  expect(valueWords({ line1: "1 High St", city: "Leeds", country: "GB" })).toBe(
    "1 High St, Leeds, GB",
  );
});

test("GLD1 every strategy has words, with who has pinned, how often it was said, and together with what", () => {
  for (const rule of [...strategySchema.options, "pin"]) {
    expect(ruleWords({ rule })).not.toBe(rule);
  }
  expect(ruleWords({ rule: "of-a-newer-build" })).toBe("of-a-newer-build");
  expect(ruleWords({ rule: "pin", pinned: { by: "Eve" } })).toBe("Pinned by Eve");
  const origin = { stamp: "01a1fd5664e0-0000-till-1/1", event: "till-1/1/1", fragment: "f" };
  expect(ruleWords({ rule: "most_frequent", same: [origin, origin] })).toBe(
    "Said most often, 3 times",
  );
  expect(ruleWords({ rule: "longest", group: "name" })).toBe("Longest, together as name");
});

const state = (value: string, rule = "most_recent") => ({
  value,
  rule,
  stamp: "01a1fd5664e0-0000-till-1/1",
  event: "till-1/1/1",
  fragment: "f",
  losers: [],
});

test("GLD1 what has made a version, and what became of a field, is told in words", () => {
  expect(causeWords({ kind: "event", event: "till-1/1/7" })).toBe("with till-1 #7");
  expect(causeWords({ kind: "policy", version: 3 })).toBe("by policy 3");
  expect(causeWords({ kind: "decision", decision: "d1" })).toBe("by decision d1");
  expect(causeWords(null)).toBeNull();
  const [ann, bea] = [state("Ann"), state("Bea")];
  const words = (before: typeof ann | null, after: typeof ann | null) => {
    const golden = (given: typeof ann | null): Golden => ({
      fields: given ? { givenName: given } : {},
      keys: [],
      consents: {},
    });
    return goldenDifference(golden(before), golden(after)).fields.map((each) =>
      fieldChangeWords(each),
    );
  };
  expect(words(null, ann)).toEqual(["Given name: Ann"]);
  expect(words(ann, bea)).toEqual(["Given name: Ann → Bea"]);
  expect(words(ann, null)).toEqual(["Given name: Ann → none"]);
  expect(words(ann, state("Ann", "oldest"))).toEqual(["Given name: Most recent → Oldest"]);
  expect(words(ann, { ...ann, event: "till-1/1/2" })).toEqual([
    "Given name: same value, other sources",
  ]);
});

test("GLD1 a version says what it changed", () => {
  const claim = {
    value: "Ann",
    stamp: "01a1fd5664e0-0000-till-1/1",
    event: "till-1/1/1",
    fragment: "till-1/1/x",
    rule: "most_recent",
    losers: [],
  } as const;
  const golden: Golden = {
    fields: { givenName: { ...claim, losers: [] } },
    keys: [],
    consents: {},
  };
  expect(changeWords(golden, null)).toBe("First version");
  expect(changeWords(golden, { ...golden, fields: {} })).toBe("Given name");
  expect(changeWords({ ...golden, keys: ["email:x"] }, golden)).toBe("known by");
});
