/** What is past its threshold: for the page, for alerts, and for whoever wants to know what another policy would complain of. */
import type { Storage } from "@regulars/shared/storage/port";
import { DAY_ROWS_MIN, driftOf, shareOf } from "./drift.ts";
import { standingQualityPolicy } from "./policies.ts";
import type { QualityPolicy } from "./policy.ts";
import { readSeries, type Series, sumOf } from "./series.ts";

export const BREACH_MEASURES = [
  "accepted",
  "completeness",
  "drift",
  "potential",
  "merges",
  "twice",
] as const;

export interface Breach {
  readonly measure: (typeof BREACH_MEASURES)[number];
  /** A channel, `channel/field`, of a drift `measure/channel/…`; empty where there is one only. */
  readonly part: string;
  /** The last day that it is about (UTC). */
  readonly day: string;
  /** A share between 0 and 1, or a number of its own. */
  readonly value: number;
  /** From where on it is one; of a drift what is usual. */
  readonly limit: number;
  readonly count: number;
  readonly of: number;
  /** Of a drift: how many spreads away. */
  readonly distance: number | null;
}

/** Completeness is of a week: one quiet Sunday is no lack. */
export const COMPLETENESS_DAYS = 7;

export async function qualityBreaches(storage: Storage, nowMs: number): Promise<Breach[]> {
  const { policy } = await standingQualityPolicy(storage);
  return breachesOf(await readSeries(storage, nowMs), policy);
}

export interface PartDrift {
  readonly measure: "accepted" | "field" | "flag";
  readonly part: string;
  readonly day: string;
  readonly share: number;
  readonly usual: number;
  readonly distance: number;
}

/** Of every share, whether or not it is past the threshold: the farthest first. */
export const readDrift = async (storage: Storage, nowMs: number): Promise<PartDrift[]> =>
  driftsOf(await readSeries(storage, nowMs));

export function driftsOf(all: readonly Series[]): PartDrift[] {
  const drifts = all.flatMap(({ measure, part, days }): PartDrift[] => {
    if (measure !== "accepted" && measure !== "field" && measure !== "flag") return [];
    const drift = driftOf(days);
    return drift ? [{ measure, part, day: days.at(-1)?.day ?? "", ...drift }] : [];
  });
  return drifts.toSorted((a, b) => Math.abs(b.distance) - Math.abs(a.distance));
}

export function breachesOf(all: readonly Series[], policy: QualityPolicy): Breach[] {
  const { thresholds } = policy;
  return [
    ...all.flatMap((series) => acceptedBreach(series, thresholds.accepted)),
    ...all.flatMap((series) => completenessBreach(series, policy)),
    ...driftBreaches(all, thresholds.drift),
    ...all.flatMap((series) => {
      if (series.measure === "potential") return numberBreach(series, "potential", thresholds.potentialPer1000 / 1_000, true); // prettier-ignore
      if (series.measure === "merges") return numberBreach(series, "merges", thresholds.mergesPerDay, false); // prettier-ignore
      if (series.measure === "twice") return numberBreach(series, "twice", thresholds.receiptsTwicePerDay, false); // prettier-ignore
      return [];
    }),
  ];
}

function acceptedBreach(series: Series, limit: number): Breach[] {
  const last = series.days.at(-1);
  if (series.measure !== "accepted" || !last || last.of === 0) return [];
  const value = shareOf(last);
  // One of a few rows is no share; none of them is.
  if (value >= limit || (last.of < DAY_ROWS_MIN && last.count > 0)) return [];
  return [{ measure: "accepted", part: series.part, value, limit, distance: null, ...last }];
}

function completenessBreach(series: Series, { required }: QualityPolicy): Breach[] {
  if (series.measure !== "field") return [];
  const limit = requiredShare(required, series.part);
  const sum = sumOf(series, COMPLETENESS_DAYS);
  if (limit === null || sum.of < DAY_ROWS_MIN) return [];
  const value = shareOf(sum);
  if (value >= limit) return [];
  return [{ measure: "completeness", part: series.part, value, limit, distance: null, ...sum }];
}

/** Null where the policy asks for no such field. */
export function requiredShare(required: QualityPolicy["required"], part: string): number | null {
  const [channel = "", field = ""] = part.split("/");
  const fields = Object.entries(required).find(([name]) => name === channel)?.[1] ?? {};
  return Object.entries(fields).find(([name]) => name === field)?.[1] ?? null;
}

function driftBreaches(all: readonly Series[], most: number): Breach[] {
  return driftsOf(all).flatMap(({ measure, part, day, share, usual, distance }): Breach[] => {
    if (Math.abs(distance) < most) return [];
    const series = all.find((each) => each.measure === measure && each.part === part);
    const { count = 0, of = 0 } = series?.days.at(-1) ?? {};
    return [{ measure: "drift", part: `${measure}/${part}`, day, value: share, limit: usual, count, of, distance }]; // prettier-ignore
  });
}

function numberBreach(
  { part, days }: Series,
  measure: Breach["measure"],
  limit: number,
  isShare: boolean,
): Breach[] {
  const last = days.at(-1);
  if (!last) return [];
  const value = isShare ? shareOf(last) : last.count;
  return value > limit ? [{ measure, part, value, limit, distance: null, ...last }] : [];
}
