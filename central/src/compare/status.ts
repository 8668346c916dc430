/** How the comparing stands, for whoever watches. */
import { ageSeconds, counter, gauge, type Metric } from "@regulars/shared/metrics";
import {
  numberOf,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import {
  type JournalsCursor,
  type ProfilesCursor,
  readJournalsCursor,
  readProfilesCursor,
} from "./cursor.ts";
import {
  type Difference,
  DIFFERENCE_KINDS,
  newestStatement,
  readDifferences,
  standingStatement,
} from "./differences.ts";

export interface CompareStatus {
  readonly profiles: ProfilesCursor;
  readonly journals: JournalsCursor;
  /** By kind. */
  readonly standing: Readonly<Record<string, number>>;
  readonly found: Readonly<Record<string, number>>;
}

/** Differences are few, and each is a row. */
export const countsStatement: Statement = {
  sql: `select kind, count(*) as found, count(*) filter (where repaired_ms is null) as standing
        from difference group by kind`,
};

export async function readCompareStatus(storage: Storage, nowMs: number): Promise<CompareStatus> {
  const counts = await rowsOf(storage, countsStatement.sql);
  const by = (column: string): Record<string, number> =>
    Object.fromEntries([
      ...DIFFERENCE_KINDS.map((kind): [string, number] => [kind, 0]),
      ...counts.map((row): [string, number] => [textOf(row, "kind"), numberOf(row, column)]),
    ]);
  return {
    profiles: await readProfilesCursor(storage, nowMs),
    journals: await readJournalsCursor(storage, nowMs),
    standing: by("standing"),
    found: by("found"),
  };
}

export interface CompareAnswer extends CompareStatus {
  readonly ok: boolean;
  readonly words: string;
  readonly differences: readonly Difference[];
}

const LISTED = 100;

/** `GET /v1/compare`. Those that stand, and then the newest of the others. */
export async function readCompareAnswer(storage: Storage, nowMs: number): Promise<CompareAnswer> {
  const status = await readCompareStatus(storage, nowMs);
  const standing = await readDifferences(storage, standingStatement(LISTED));
  const newest = await readDifferences(storage, newestStatement(LISTED));
  const listed = new Set(standing.map(({ n }) => n));
  return { ...wordsOf(status), ...status, differences: [...standing, ...newest.filter(({ n }) => !listed.has(n))].slice(0, LISTED) }; // prettier-ignore
}

function wordsOf({ standing, profiles }: CompareStatus): { ok: boolean; words: string } {
  const count = Object.values(standing).reduce((sum, each) => sum + each, 0);
  if (count > 0)
    return {
      ok: false,
      words: `${count} ${count === 1 ? "difference" : "differences"} between edge and centre`,
    };
  if (profiles.rounds === 0) return { ok: true, words: "the first round is under way" };
  return { ok: true, words: "edge and centre are the same" };
}

const byKind = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).map(([kind, value]) => ({ labels: { kind }, value }));

export function compareMetrics(status: CompareStatus, nowMs: number): Metric[] {
  const { profiles, journals, standing, found } = status;
  const sides = [
    { labels: { of: "profiles" }, cursor: profiles },
    { labels: { of: "journals" }, cursor: journals },
  ];
  return [
    counter(
      "regulars_centre_differences_total",
      "Customers and store-days of which edge and centre were found to differ.",
      byKind(found),
    ),
    gauge("regulars_centre_differences_standing", "Those that still differ.", byKind(standing)),
    counter(
      "regulars_centre_compare_rounds_total",
      "How often all of them were compared.",
      sides.map(({ labels, cursor }) => ({ labels, value: cursor.rounds })),
    ),
    gauge(
      "regulars_centre_compare_last_round_seconds",
      "Since the last round was over; since it began, before the first.",
      sides.map(({ labels, cursor }) => ({
        labels,
        value: ageSeconds(cursor.finishedMs ?? cursor.startedMs, nowMs),
      })),
    ),
  ];
}
