/** Instants and days in a store's zone. */
import { dayIn, isZone } from "@regulars/shared/capture/business-day";

export const zoneOr = (zone: string | null): string =>
  zone !== null && isZone(zone) ? zone : "UTC";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Zones are at most 14 hours ahead and 12 behind. */
const FURTHEST_MS = 16 * 3_600_000;

/** When a day is over: the first minute of the next one in the zone. */
export function dayEndMs(zone: string, businessDay: string): number {
  const nextMs = Date.parse(businessDay) + DAY_MS;
  let [low, high] = [nextMs - FURTHEST_MS, nextMs + FURTHEST_MS];
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
    if (dayIn(zone, new Date(middle).toISOString()) > businessDay) high = middle;
    else low = middle;
  }
  return high;
}

const QUARTER_MS = 15 * MINUTE_MS;

/** Hours of the zone's clock (0-23), remembered per quarter of an hour: no zone changes its offset within one. */
export function hoursIn(zone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    hourCycle: "h23",
  });
  const known = new Map<number, number>();
  return (atMs) => {
    const quarter = Math.floor(atMs / QUARTER_MS);
    const hour = known.get(quarter) ?? Number(format.format(quarter * QUARTER_MS)) % 24;
    known.set(quarter, hour);
    return hour;
  };
}
