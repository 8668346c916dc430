/** How a till or connector stands, in words; the worst first. */
import { formatCount, formatCountOf, formatMoment } from "../format.ts";
import type { Tone } from "../parts.tsx";
import { CLOCK_OFF_MS, offsetWords } from "../store-day/words.ts";
import type { Source, Unjudged } from "./read-sources.ts";

export interface Symptom {
  readonly tone: Tone;
  readonly words: string;
}

/** A shop may be closed for a day. */
const SILENT_MS = 36 * 3_600_000;
/** From the edge to golden records takes seconds. */
const PATIENCE_MS = 5 * 60_000;

const ORDER: readonly Tone[] = ["serious", "bad", "waiting", "info", "none", "good"];

/** Always at least one: "all 1,204 events are golden". */
export function symptomsOf(source: Unjudged, nowMs: number): Symptom[] {
  if (source.revokedAt !== null) return [{ tone: "none", words: "revoked" }];
  const found = [...brokenOf(source), ...lateOf(source, nowMs)];
  if (found.length === 0) return [wellOf(source)];
  return found.toSorted((a, b) => ORDER.indexOf(a.tone) - ORDER.indexOf(b.tone));
}

export const isTroubled = ({ symptoms }: Source): boolean =>
  symptoms.some(({ tone }) => ORDER.indexOf(tone) < ORDER.indexOf("info"));

/** Worst first. */
export const rankOf = ({ symptoms }: Source): number => ORDER.indexOf(symptoms[0]?.tone ?? "good");

function wellOf({ journaled, lastSeenMs }: Unjudged): Symptom {
  if (lastSeenMs === null) return { tone: "info", words: "let in, and nothing sent yet" };
  if (journaled === 1) return { tone: "good", words: "its one row is golden" };
  return { tone: "good", words: `all ${formatCount(journaled)} rows are golden` };
}

const some = (count: number, tone: Tone, words: string): Symptom[] =>
  count > 0 ? [{ tone, words }] : [];

function brokenOf(source: Unjudged): Symptom[] {
  const { forks, refused, quarantined, clockOffsetMs, fenced, expiredKeys } = source;
  return [
    ...some(forks, "serious", `${formatCountOf(forks, "fork")} refused`),
    ...some(refused, "bad", formatCountOf(refused, "damaged delivery", "damaged deliveries")),
    ...some(quarantined, "waiting", `${formatCount(quarantined)} quarantined`),
    ...some(expiredKeys, "waiting", `${formatCountOf(expiredKeys, "key")} expired`),
    ...some(
      fenced,
      "info",
      `another copy of its journal was turned away ${formatCountOf(fenced, "time")}`,
    ),
    ...(clockOffsetMs !== null && Math.abs(clockOffsetMs) > CLOCK_OFF_MS
      ? [{ tone: "bad", words: `its clock is ${offsetWords(clockOffsetMs)}` } as const]
      : []),
  ];
}

function lateOf(source: Unjudged, nowMs: number): Symptom[] {
  const { atEdge, journaled, golden, waitingSinceMs, lastSeenMs, zone } = source;
  const missing = atEdge === null ? 0 : atEdge - journaled;
  const isLate = waitingSinceMs !== null && nowMs - waitingSinceMs > PATIENCE_MS;
  const since = (ms: number): string => `since ${formatMoment(ms, zone, nowMs)}`;
  const late: Symptom[] = [];
  if (isLate && missing > 0) {
    late.push({ tone: "waiting", words: `${formatCountOf(missing, "row")} at the edge, not here` });
  }
  if (isLate && journaled > golden) {
    const words = `${formatCountOf(journaled - golden, "row")} not golden ${since(waitingSinceMs)}`;
    late.push({ tone: "waiting", words });
  }
  if (lastSeenMs !== null && nowMs - lastSeenMs > SILENT_MS) {
    late.push({ tone: "waiting", words: `silent ${since(lastSeenMs)}` });
  }
  return late;
}
