/** Times as others write them, to UTC instants (CAP5). What has more than one reading is none. */

const WRITTEN =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|z|UTC|[+-]\d\d(?::?\d\d)?)?$/;

interface Written {
  /** As if it were UTC. */
  readonly ms: number;
  readonly offset: string | undefined;
}

/** `2024-05-01T12:00:00+02:00` to `2024-05-01T10:00:00.000Z`; null without an offset, and for a day that is none. */
export function instantOf(text: string): string | null {
  const written = readWritten(text);
  if (written?.offset === undefined) return null;
  return isoOf(written.ms - offsetMs(written.offset));
}

/** The same where the text has no offset, and its writer means UTC all the same. */
export function instantOfUtc(text: string): string | null {
  const written = readWritten(text);
  if (written === null) return null;
  return isoOf(written.ms - (written.offset === undefined ? 0 : offsetMs(written.offset)));
}

/**
 * Clock time of a place: where it has no offset, the zone's. Of an hour that comes twice the first; an hour that is left
 * out is read as the clock would have stood without the change. Null where the zone is not one the runtime knows.
 */
export function instantIn(text: string, zone: string): string | null {
  const written = readWritten(text);
  if (written === null) return null;
  if (written.offset !== undefined) return isoOf(written.ms - offsetMs(written.offset));
  // A day on either side is beyond any change of the clocks nearby.
  const before = zoneOffsetMs(zone, written.ms - DAY_MS);
  const after = zoneOffsetMs(zone, written.ms + DAY_MS);
  if (before === null || after === null) return null;
  const fits = [before, after].find((offset) => zoneOffsetMs(zone, written.ms - offset) === offset);
  return isoOf(written.ms - (fits ?? before));
}

/** Unix time in seconds. */
export const instantOfSeconds = (seconds: number): string | null =>
  Number.isFinite(seconds) ? isoOf(Math.round(seconds * 1_000)) : null;

const DAY_MS = 86_400_000;
const FIRST_MS = Date.UTC(1900, 0, 1);
const END_MS = Date.UTC(2200, 0, 1);

function readWritten(text: string): Written | null {
  const match = WRITTEN.exec(text.trim());
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second > 60) return null;
  const fraction = Number((match[7] ?? "").padEnd(3, "0").slice(0, 3));
  const ms = Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59), fraction);
  const read = new Date(ms);
  if (read.getUTCMonth() !== month - 1 || read.getUTCDate() !== day) return null;
  return { ms, offset: match[8] };
}

/** Nobody alive has bought anything outside of these years: a time beyond is a mistake. */
function isoOf(ms: number): string | null {
  return ms >= FIRST_MS && ms < END_MS ? new Date(ms).toISOString() : null;
}

function offsetMs(offset: string): number {
  const digits = offset.replaceAll(/\D/g, "");
  if (digits === "") return 0;
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0);
  return (offset.startsWith("-") ? -minutes : minutes) * 60_000;
}

const formats = new Map<string, Intl.DateTimeFormat | null>();

function zoneOffsetMs(zone: string, ms: number): number | null {
  const format = formatOf(zone);
  if (!format) return null;
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(ms)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1_000) * 1_000;
}

function formatOf(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = makeFormat(zone);
  formats.set(zone, made);
  return made;
}

function makeFormat(timeZone: string): Intl.DateTimeFormat | null {
  const two = "2-digit";
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    });
  } catch {
    return null;
  }
}
