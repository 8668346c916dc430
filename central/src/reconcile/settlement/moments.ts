/**
 * Times of a file, read quickly: clocks of all zones change at quarters of an hour, so what is known of a quarter holds for its
 * seconds. A file has some thousand quarters and a hundred thousand times.
 */
import { dayIn } from "@regulars/shared/capture/business-day";
import { type DateOptions, readMoment } from "@regulars/shared/connect/csv/cell";

const QUARTER_MS = 15 * 60_000;

export interface Moments {
  /** Null for what is no time in this order. */
  instantMs(text: string, zone: string): number | null;
  /** ISO date of the instant by the zone's clock. */
  day(zone: string, ms: number): string;
}

export function createMoments(options: Pick<DateOptions, "order" | "today">): Moments {
  const quarters = new Map<string, number | null>();
  const days = new Map<string, string>();

  function slow(text: string, zone: string): number | null {
    const at = readMoment(text, { ...options, zone });
    return at === null ? null : Date.parse(at);
  }

  return {
    instantMs(text, zone) {
      const written = /^(.{1,40}[ T]\d{1,2}):([0-5]\d)(?::([0-5]\d))?$/.exec(text);
      if (written === null) return slow(text, zone);
      const [, hour = "", minute = "", second = "0"] = written;
      const base = `${hour}:${String(Math.floor(Number(minute) / 15) * 15).padStart(2, "0")}:00`;
      const key = `${zone} ${base}`;
      let start = quarters.get(key);
      if (start === undefined) {
        start = slow(base, zone);
        quarters.set(key, start);
      }
      return start === null
        ? null
        : start + (Number(minute) % 15) * 60_000 + Number(second) * 1_000;
    },
    day(zone, ms) {
      const key = `${zone} ${Math.floor(ms / QUARTER_MS)}`;
      let day = days.get(key);
      if (day === undefined) {
        day = dayIn(zone, new Date(ms).toISOString());
        days.set(key, day);
      }
      return day;
    },
  };
}
