/** The figures of the last weeks, as they were counted: what pages and alerts read, and all that they read. */
import { numberOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import { dayOf } from "./contribution.ts";
import { BASE_DAYS, type Share } from "./drift.ts";

export const MEASURES = [
  /** Of use, of what was received; per channel. */
  "accepted",
  /** Has the field, of what could; per channel and field. */
  "field",
  /** Was flagged, of what was accepted; per channel and flag. */
  "flag",
  /** Customers joined, and parted, in a day. */
  "merges",
  "splits",
  /** Pairs that may be one customer and were not decided, of all customers; as of the day. */
  "potential",
  /** Receipts that a check has found twice, of the day's rows. */
  "twice",
] as const;
export type Measure = (typeof MEASURES)[number];

/** What still fails at the edge, by the day on which it came; it is part of what was received. */
export const AT_EDGE = "at_edge";

const DAY_MS = 86_400_000;

export interface Series {
  readonly measure: Measure;
  readonly part: string;
  /** Oldest first, one for each day of the window; `of` is 0 where there was nothing. */
  readonly days: readonly Share[];
}

/** Complete days up to yesterday, and the one that the base needs before. */
export function windowOf(nowMs: number, days = BASE_DAYS + 1): string[] {
  return Array.from({ length: days }, (_, at) => dayOf(nowMs - (days - at) * DAY_MS));
}

export const daysQuery = (from: string, to: string): Statement => ({
  sql: `select measure, part, day, count, of from quality_day indexed by quality_day_day
        where day >= ? and day <= ?`,
  args: [from, to],
});

export async function readSeries(storage: Storage, nowMs: number): Promise<Series[]> {
  const days = windowOf(nowMs);
  const [rows = []] = await storage.read([daysQuery(days[0] ?? "", days.at(-1) ?? "")]);
  const byName = new Map<string, Map<string, Share>>();
  for (const row of rows) {
    const name = `${textOf(row, "measure")} ${textOf(row, "part")}`;
    const known = byName.get(name) ?? new Map<string, Share>();
    const day = textOf(row, "day");
    byName.set(name, known.set(day, { day, count: numberOf(row, "count"), of: numberOf(row, "of") })); // prettier-ignore
  }
  return [...byName].flatMap(([name, shares]): Series[] => {
    const at = name.indexOf(" ");
    const [measure, part] = [name.slice(0, at), name.slice(at + 1)];
    const known = MEASURES.find((each) => each === measure);
    if (!known) return [];
    const [channel = ""] = part.split("/");
    const accepted = byName.get(`accepted ${channel}`);
    const failing = byName.get(`${AT_EDGE} ${channel}`);
    return [{ measure: known, part, days: days.map((day) => shareOn(day, known, shares, { accepted, failing })) }]; // prettier-ignore
  });
}

interface Beside {
  readonly accepted: ReadonlyMap<string, Share> | undefined;
  readonly failing: ReadonlyMap<string, Share> | undefined;
}

function shareOn(
  day: string,
  measure: Measure,
  shares: ReadonlyMap<string, Share>,
  { accepted, failing }: Beside,
): Share {
  const { count = 0, of = 0 } = shares.get(day) ?? {};
  if (measure === "flag") return { day, count, of: accepted?.get(day)?.count ?? 0 };
  const isOfReceived = measure === "accepted" || measure === "field";
  return { day, count, of: of + (isOfReceived ? (failing?.get(day)?.count ?? 0) : 0) };
}

/** The newest days together. */
export function sumOf({ days }: Pick<Series, "days">, newest: number): Share {
  const last = days.slice(-newest);
  return {
    day: last.at(-1)?.day ?? "",
    count: last.reduce((sum, { count }) => sum + count, 0),
    of: last.reduce((sum, { of }) => sum + of, 0),
  };
}
