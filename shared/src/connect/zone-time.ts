/** Wall-clock times of a shop as instants: files and tills write what their clock shows, without its offset. */
export interface WallTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/** An ISO 8601 time to a UTC instant; without an offset it is the clock of `zone`. Null when it is no such time. */
export function instantOfIso(text: string, zone: string): string | null {
  const match = ISO.exec(text.trim());
  if (match === null) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", offset] = match;
  const wall = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    millisecond: Number(fraction.slice(0, 3).padEnd(3, "0")),
  };
  if (offset === undefined) return instantOfWall(wall, zone);
  const asUtc = utcOf(wall);
  const offsetMs = offsetMsOf(offset);
  return asUtc === null || offsetMs === null ? null : isoOf(asUtc - offsetMs);
}

/**
 * Of a time that the clock shows twice, in autumn, the first; a time that it skips in spring is read with the offset
 * before the change. Null for a day or hour that no calendar has.
 */
export function instantOfWall(wall: WallTime, zone: string): string | null {
  const asUtc = utcOf(wall);
  if (asUtc === null) return null;
  // Offsets of a day before and after: a change between them is the only case with two answers.
  const before = asUtc - offsetAt(zone, asUtc - DAY_MS);
  const after = asUtc - offsetAt(zone, asUtc + DAY_MS);
  const fits = [before, after].filter((instant) => instant + offsetAt(zone, instant) === asUtc);
  return isoOf(fits.length === 0 ? before : Math.min(...fits));
}

const DAY_MS = 86_400_000;

/** Null for 30 February, 25 o'clock and the like. */
function utcOf(wall: WallTime): number | null {
  const { year, month, day, hour, minute, second, millisecond } = wall;
  if (year < 1 || hour > 23 || minute > 59 || second > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, millisecond);
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? date.getTime() : null;
}

function offsetMsOf(text: string): number | null {
  if (text.toUpperCase() === "Z") return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(":", "") || 0);
  if (hours > 18 || minutes > 59) return null;
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

const isoOf = (instantMs: number): string | null => {
  const date = new Date(instantMs);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1 ? null : date.toISOString();
};

const formats = new Map<string, Intl.DateTimeFormat>();
/** Offsets by zone and hour: they change at full hours only, and a file has thousands of lines per hour. */
const offsets = new Map<string, number>();
const offsetsMax = 50_000;

/** Milliseconds that the clock of `zone` is ahead of UTC. `zone` is an IANA name that the runtime knows. */
function offsetAt(zone: string, instantMs: number): number {
  // Changes at quarter hours have been: Lord Howe, old zones.
  const quarter = Math.floor(instantMs / 900_000);
  const name = `${zone}/${quarter}`;
  const known = offsets.get(name);
  if (known !== undefined) return known;
  if (offsets.size >= offsetsMax) offsets.clear();
  const offset = measureOffset(zone, quarter * 900_000);
  offsets.set(name, offset);
  return offset;
}

function measureOffset(zone: string, instantMs: number): number {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(zone, format);
  }
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of format.formatToParts(new Date(instantMs))) part[type] = value;
  const date = new Date(0);
  const year = part.era === "BC" ? 1 - Number(part.year) : Number(part.year);
  date.setUTCFullYear(year, Number(part.month) - 1, Number(part.day));
  date.setUTCHours(Number(part.hour), Number(part.minute), Number(part.second));
  return date.getTime() - instantMs;
}

export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
