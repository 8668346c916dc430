/**
 * When a store trades, learned from what it has sold: per weekday and hour of its own clock. Nobody has to enter opening hours,
 * and a store that changes them is understood after a few weeks.
 */
import { wallClock, weekdayOf } from "./clocks.ts";

export interface TradedDay {
  readonly businessDay: string;
  /** Sales per hour of the store's clock, 24 of them. */
  readonly sales: readonly number[];
}

/** Whether it trades at that hour; null where too little is known of it to say. */
export type TradingHours = ((weekday: number, hour: number) => boolean) | null;

/** Of this many days, at least this share: one stocktaking night is no opening hour. */
const DAYS_MIN = 3;
const WEEKDAYS_MIN = 2;
const SHARE = 0.5;

export function tradingHoursOf(days: readonly TradedDay[]): TradingHours {
  const traded = days.filter(({ sales }) => sales.some((count) => count > 0));
  if (traded.length < DAYS_MIN) return null;
  const byWeekday = Map.groupBy(days, ({ businessDay }) => weekdayOf(businessDay));
  const open = new Map<number, readonly boolean[]>();
  for (let weekday = 1; weekday <= 7; weekday++) {
    const same = byWeekday.get(weekday) ?? [];
    open.set(weekday, openHours(same.length >= WEEKDAYS_MIN ? same : traded));
  }
  return (weekday, hour) => open.get(weekday)?.[hour] ?? false;
}

function openHours(days: readonly TradedDay[]): boolean[] {
  return Array.from({ length: 24 }, (_, hour) => {
    const count = days.filter(({ sales }) => (sales[hour] ?? 0) > 0).length;
    return count >= days.length * SHARE;
  });
}

const STEP_MS = 5 * 60_000;
/** Longer silence says nothing more. */
const LOOK_BACK_MS = 14 * 24 * 60 * 60_000;

/** Minutes of trading hours since the store was last heard of; counted no further than `enough`. */
export function silentMinutes(
  hours: NonNullable<TradingHours>,
  zone: string,
  { lastSeenMs, nowMs, enough }: { lastSeenMs: number; nowMs: number; enough: number },
): number {
  let silentMs = 0;
  const sinceMs = Math.max(lastSeenMs, nowMs - LOOK_BACK_MS);
  for (let toMs = nowMs; toMs > sinceMs && silentMs < enough * 60_000; toMs -= STEP_MS) {
    const fromMs = Math.max(sinceMs, toMs - STEP_MS);
    const { weekday, hour } = wallClock(toMs - 1, zone);
    if (hours(weekday, hour)) silentMs += toMs - fromMs;
  }
  return Math.min(enough, silentMs / 60_000);
}

/** Trading now: at night nobody is silent, however long nobody was heard of. */
export function isTradingAt(
  hours: NonNullable<TradingHours>,
  zone: string,
  nowMs: number,
): boolean {
  const { weekday, hour } = wallClock(nowMs, zone);
  return hours(weekday, hour);
}
