/** What is wrong with a till, in words for whoever stands in front of it. Pure, and without personal data (SEC2). */
import { LIMITS } from "@regulars/shared/limits";
import { z } from "zod";
import { dayIn } from "@regulars/shared/capture/business-day";
import type { DrawerStanding } from "../shift/standing.ts";
import type { Status } from "./status.ts";

export const healthSchema = z.object({
  /** Nothing that somebody should look at. The till captures in any case. */
  ok: z.boolean(),
  words: z.string(),
});
export type Health = z.infer<typeof healthSchema>;

/** So long may a row be on its way before anybody has to know. */
const PATIENCE_MS = 60_000;
/** What is wrong, and what to do about it, if whoever stands there can do something. */
const EDGE_WORDS: Readonly<Record<Status["edge"]["state"], readonly [string, string?] | null>> = {
  reachable: null,
  unknown: null,
  none: null,
  unreachable: ["edge unreachable"],
  refused: ["edge refuses this till"],
  not_enrolled: ["this till is not enrolled", "ask the office for a code"],
  bad_code: [
    "the enrolment code was not accepted",
    "it was used, has ended, or is for another till; ask the office for another one",
  ],
  revoked: ["the office has revoked this till"],
  overloaded: ["edge asks to come later"],
};

export function healthOf(status: Status, zone: string, nowMs: number): Health {
  const { total, edge, clockOffsetMs, quarantined, resealing, archive } = status;
  const all = [status, ...status.closed];
  const oldest = (step: keyof Status["oldest"]): number | null => {
    const times = all.flatMap((ladder) => {
      const at = ladder.oldest[step];
      return at === null ? [] : [Date.parse(at)];
    });
    return times.length === 0 ? null : Math.min(...times);
  };
  const behind = (step: keyof Status["oldest"], count: number, what: string): string[] => {
    const since = oldest(step);
    if (since === null || count === 0 || nowMs - since < PATIENCE_MS) return [];
    return [`${counted(count, "event")} ${what}, oldest ${timeText(since, zone, nowMs)}`];
  };
  const link = EDGE_WORDS[edge.state];
  const notSent = behind("notAccepted", total.captured - total.accepted, "not yet sent");
  const isClockOff = Math.abs(clockOffsetMs) > LIMITS.clockAheadMs;
  const words = [
    ...notSent,
    ...(notSent.length > 0
      ? []
      : behind("notGolden", total.captured - total.golden, "not yet at head office")),
    ...(link === null ? [] : [linkText(link, edge.since, zone, nowMs)]),
    ...(quarantined > 0 ? [`${counted(quarantined, "event")} set aside, see /v1/quarantine`] : []),
    ...(resealing > 0 ? [`${counted(resealing, "event")} waiting for a new number`] : []),
    ...damagedWords(archive.damagedFiles),
    ...drawerWords(status.drawer, zone, nowMs),
    ...(isClockOff
      ? [`the clock is ${durationText(clockOffsetMs)} ${clockOffsetMs > 0 ? "ahead" : "behind"}`]
      : []),
  ];
  return { ok: words.length === 0, words: words.length === 0 ? "all is well" : words.join(", ") };
}

function damagedWords(files: number): string[] {
  if (files === 0) return [];
  return [
    `${files === 1 ? "an archive file is" : `${files} archive files are`} damaged, run verify`,
  ];
}

/** Nobody closes a day by itself: what a drawer holds has to be counted. */
function drawerWords({ open, left, unsealed }: DrawerStanding, zone: string, nowMs: number) {
  const since = open === null ? nowMs : Date.parse(open.since);
  const today = dayIn(zone, new Date(nowMs).toISOString());
  const isPast = unsealed !== null && unsealed < today;
  return [
    ...(open !== null && nowMs - since > DAY_MS
      ? [`shift ${open.number} is open since ${timeText(since, zone, nowMs)}: count and close it`]
      : []),
    ...(left === null
      ? []
      : [`shift ${left} was left without a Z report: count the drawer and open the next shift`]),
    ...(isPast ? [`the day ${unsealed} is closed here, but not sealed`] : []),
  ];
}

const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? "" : "s"}`;

function linkText(
  [what, advice]: readonly [string, string?],
  since: string | null,
  zone: string,
  nowMs: number,
): string {
  const time = since === null ? null : timeText(Date.parse(since), zone, nowMs);
  if (advice === undefined) return time === null ? what : `${what} since ${time}`;
  return `${what}${time === null ? "" : ` (since ${time})`}: ${advice}`;
}

/** The time of today; of another day, its date as well. */
function timeText(ms: number, zone: string, nowMs: number): string {
  const format = (options: Intl.DateTimeFormatOptions, at: number): string =>
    new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(at);
  const day = { day: "numeric", month: "short" } as const;
  const time = format({ hour: "2-digit", minute: "2-digit" }, ms);
  return format(day, ms) === format(day, nowMs) ? time : `${format(day, ms)} ${time}`;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

function durationText(ms: number): string {
  const size = Math.abs(ms);
  if (size < HOUR_MS) return counted(Math.round(size / MINUTE_MS), "minute");
  if (size < 2 * DAY_MS) return counted(Math.round(size / HOUR_MS), "hour");
  return counted(Math.round(size / DAY_MS), "day");
}
