/** Numbers, money and times as people read them. Times are those of the store's own clock. */
import { formatMinor } from "@regulars/shared/money";

const LOCALE = "en-GB";
const counts = new Intl.NumberFormat(LOCALE);

export const formatCount = (count: number): string => counts.format(count);

/** "1 event", "1,204 events". */
export function formatCountOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

export const formatMoney = (minor: number, currency: string): string =>
  formatMinor(minor, currency, LOCALE);

/** "21 Nov 2026, 11:40", or "11:40" on the day of `nowMs`. A zone that nobody knows is read as UTC. */
export function formatTime(ms: number, zone: string | null, nowMs?: number): string {
  const { day, time } = clocksOf(zone);
  const instant = instantOf(ms);
  const date = day.format(instant);
  if (nowMs !== undefined && date === day.format(nowMs)) return time.format(instant);
  return `${date}, ${time.format(instant)}`;
}

/** Where there is little room: "11:40" on the day of `nowMs`, "21 Nov 11:40" within a year of it, else "21 Nov 2026". */
export function formatMoment(ms: number, zone: string | null, nowMs: number): string {
  const { day, time } = clocksOf(zone);
  const instant = instantOf(ms);
  const date = day.format(instant);
  if (date === day.format(nowMs)) return time.format(instant);
  if (Math.abs(nowMs - ms) > YEAR_MS) return date;
  return `${date.slice(0, date.lastIndexOf(" "))} ${time.format(instant)}`;
}
const YEAR_MS = 360 * 86_400_000;

/** The last day of all calendars, where a number of milliseconds is none of theirs: one such row must not cost the page. */
export const instantOf = (ms: number): Date =>
  new Date(Math.max(-DATE_MAX_MS, Math.min(DATE_MAX_MS, ms)));
const DATE_MAX_MS = 8_640_000_000_000_000;

/** ISO 8601, for files. */
export const isoOf = (ms: number | null): string | null =>
  ms === null ? null : instantOf(ms).toISOString();

interface Clocks {
  readonly day: Intl.DateTimeFormat;
  readonly time: Intl.DateTimeFormat;
}

/** Making a formatter costs as much as a hundred uses; there are a few hundred zones. */
const clocksByZone = new Map<string, Clocks>();
const ZONES_MAX = 500;

function clocksOf(zone: string | null): Clocks {
  const name = zone ?? "UTC";
  const known = clocksByZone.get(name);
  if (known) return known;
  const clocks = createClocks(name) ?? createClocks("UTC");
  if (!clocks) throw new Error("UTC is not a zone here");
  if (clocksByZone.size < ZONES_MAX) clocksByZone.set(name, clocks);
  return clocks;
}

function createClocks(timeZone: string): Clocks | null {
  try {
    return {
      day: new Intl.DateTimeFormat(LOCALE, {
        timeZone,
        day: "numeric",
        month: "short",
        year: "numeric",
      }),
      time: new Intl.DateTimeFormat(LOCALE, { timeZone, hour: "2-digit", minute: "2-digit" }),
    };
  } catch {
    return null; // RangeError: the till named a zone that is none
  }
}
