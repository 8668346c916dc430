import { dayIn } from "@regulars/shared/capture/business-day";
import { readMoment } from "@regulars/shared/connect/csv/cell";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createMoments } from "./moments.ts";

const ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"];
const two = (value: number): string => String(value).padStart(2, "0");

test("what is remembered of a quarter of an hour is what each time in it is read as", () => {
  const moments = createMoments({ order: "ymd", today: "2026-11-26" });
  // Around the changes of the clocks, where it is hardest.
  const day = fc.constantFrom(
    "2026-03-29",
    "2026-10-25",
    "2026-03-08",
    "2026-11-01",
    "2026-04-05",
    "2026-10-04",
    "2026-06-30",
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      day,
      fc.integer({ min: 0, max: 25 }),
      fc.integer({ min: 0, max: 59 }),
      fc.option(fc.integer({ min: 0, max: 59 })),
      (zone, date, hour, minute, second) => {
        const text = `${date} ${two(hour)}:${two(minute)}${second === null ? "" : `:${two(second)}`}`;
        const at = readMoment(text, { order: "ymd", zone, today: "2026-11-26" });
        const ms = moments.instantMs(text, zone);
        expect(ms).toBe(at === null ? null : Date.parse(at));
        expect(ms === null || moments.day(zone, ms) === dayIn(zone, at ?? "")).toBe(true);
      },
    ),
    { numRuns: 400 },
  );
});
