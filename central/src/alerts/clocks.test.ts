import fc from "fast-check";
import { expect, test } from "vitest";
import { quietUntilMs, wallClock, weekdayOf } from "./clocks.ts";
import { isTradingAt, silentMinutes, type TradedDay, tradingHoursOf } from "./hours.ts";

const LONDON = "Europe/London";
const at = (text: string): number => Date.parse(text);

test("a wall clock is that of the zone, in summer and winter", () => {
  expect(wallClock(at("2026-07-05T22:30:00Z"), LONDON)).toEqual({
    weekday: 7,
    hour: 23,
    minute: 30,
  });
  expect(wallClock(at("2026-11-21T09:05:00Z"), LONDON)).toEqual({ weekday: 6, hour: 9, minute: 5 });
  expect(wallClock(at("2026-11-21T09:05:00Z"), "no zone")).toMatchObject({ hour: 9 });
  expect(["2026-11-21", "2026-11-22", "2026-11-23"].map((day) => weekdayOf(day))).toEqual([
    6, 7, 1,
  ]);
});

test.each([
  ["2026-11-21T20:59:00Z", null],
  ["2026-11-21T21:00:00Z", "2026-11-22T07:00:00.000Z"],
  ["2026-11-22T03:12:40Z", "2026-11-22T07:00:00.000Z"],
  ["2026-11-22T07:00:00Z", null],
])("quiet hours over midnight, at %s: until %s", (now, end) => {
  const until = quietUntilMs(at(now), { from: "21:00", to: "07:00" }, LONDON);
  expect(until === null ? null : new Date(until).toISOString()).toBe(end);
});

const textOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

test("quiet hours end when they say, whatever they are", () => {
  const clock = fc.integer({ min: 0, max: 24 * 60 - 1 });
  fc.assert(
    fc.property(clock, clock, fc.integer({ min: 0, max: 10 * 86_400_000 }), (from, to, offset) => {
      const nowMs = at("2026-11-01T00:00:00Z") + offset;
      const until = quietUntilMs(nowMs, { from: textOf(from), to: textOf(to) }, "UTC");
      if (until === null) return;
      expect(until).toBeGreaterThan(nowMs);
      expect(until - nowMs).toBeLessThanOrEqual(86_400_000);
      const { hour, minute } = wallClock(until, "UTC");
      expect(hour * 60 + minute).toBe(to);
    }),
  );
});

/** Open from nine to six but on Sundays, with a stocktaking night. */
function weeks(count: number): TradedDay[] {
  return Array.from({ length: 7 * count }, (_, day) => {
    const businessDay = new Date(at("2026-10-05T12:00:00Z") + day * 86_400_000)
      .toISOString()
      .slice(0, 10);
    const isSunday = weekdayOf(businessDay) === 7;
    const sales = Array.from({ length: 24 }, (_hour, hour) => {
      if (day === 2 && hour === 23) return 4;
      return !isSunday && hour >= 9 && hour < 18 ? 5 : 0;
    });
    return { businessDay, sales };
  });
}

test("trading hours are learned from what was sold: not at night, not on Sundays, not of a single night", () => {
  const hours = tradingHoursOf(weeks(3))!;
  const isOpen = (text: string): boolean => isTradingAt(hours, LONDON, at(text));
  expect(isOpen("2026-11-20T09:30:00Z")).toBe(true);
  expect(isOpen("2026-11-20T23:30:00Z")).toBe(false);
  expect(isOpen("2026-11-18T23:30:00Z")).toBe(false); // the weekday of the stocktaking
  expect(isOpen("2026-11-22T11:00:00Z")).toBe(false);
  expect(tradingHoursOf(weeks(3).slice(0, 2))).toBeNull();
  expect(tradingHoursOf([])).toBeNull();
});

test("silence is counted in trading hours alone", () => {
  const hours = tradingHoursOf(weeks(3))!;
  const silent = (seen: string, now: string, enough = 10_000): number =>
    silentMinutes(hours, LONDON, { lastSeenMs: at(seen), nowMs: at(now), enough });
  // From half past five on Friday to ten on Saturday: half an hour and an hour.
  expect(silent("2026-11-20T17:30:00Z", "2026-11-21T10:00:00Z")).toBe(90);
  // Over Sunday as well.
  expect(silent("2026-11-21T17:00:00Z", "2026-11-23T09:20:00Z")).toBe(80);
  expect(silent("2026-11-20T18:30:00Z", "2026-11-21T08:59:00Z")).toBe(0);
  expect(silent("2020-01-01T00:00:00Z", "2026-11-21T10:00:00Z", 60)).toBe(60);
});
