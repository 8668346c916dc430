/** Clocks on walls: what hour and weekday it is in a zone, and when quiet hours end. */

/** Monday is 1, as ISO 8601 has it. */
export interface WallClock {
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

const formats = new Map<string, Intl.DateTimeFormat>();
const ZONES_MAX = 500;

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const options = {
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
  } catch {
    format = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }); // a zone that is none
  }
  if (formats.size < ZONES_MAX) formats.set(zone, format);
  return format;
}

export function wallClock(ms: number, zone: string): WallClock {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  return {
    weekday: WEEKDAYS.indexOf(parts.get("weekday") ?? "") + 1,
    hour: Number(parts.get("hour")),
    minute: Number(parts.get("minute")),
  };
}

/** Of a business day, such as `2026-11-21`. */
export const weekdayOf = (day: string): number => new Date(`${day}T12:00:00Z`).getUTCDay() || 7;

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const minutesOf = (clock: string): number =>
  Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** When quiet hours end that it is in now; null where it is not quiet. */
export function quietUntilMs(
  nowMs: number,
  { from, to }: { readonly from: string; readonly to: string },
  zone: string,
): number | null {
  const [start, end] = [minutesOf(from), minutesOf(to)];
  if (start === end) return null;
  const { hour, minute } = wallClock(nowMs, zone);
  const now = hour * 60 + minute;
  const isQuiet = start < end ? now >= start && now < end : now >= start || now < end;
  if (!isQuiet) return null;
  const left = (end - now + DAY_MINUTES) % DAY_MINUTES;
  const startOfMinute = nowMs - (nowMs % MINUTE_MS);
  return startOfMinute + left * MINUTE_MS;
}
