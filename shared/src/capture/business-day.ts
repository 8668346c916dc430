/** The store's day of an instant (CAP5). */
const formats = new Map<string, Intl.DateTimeFormat>();
/** A capture asks twice for its own day, and captures that come together for that of the same moment. */
let last = { zone: "", at: "", day: "" };

/** `zone` is an IANA name that the runtime knows; `openStoreAgent` has checked it. */
export function dayIn(zone: string, at: string): string {
  if (last.zone === zone && last.at === at) return last.day;
  let format = formats.get(zone);
  if (!format) {
    // Swedish writes dates as ISO 8601 does.
    format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" });
    formats.set(zone, format);
  }
  const day = format.format(new Date(at)).padStart("2026-01-01".length, "0");
  last = { zone, at, day };
  return day;
}

/** Whether the runtime knows the zone by this IANA name; an offset such as +01:00 has no summer, and is none. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false; // RangeError
  }
}
