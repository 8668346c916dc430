/** What an import came to: one line of JSON at its end, and the figures that go on after an interruption. */
import { z } from "zod";
import { FAILURES } from "@regulars/shared/connect/failure";
import type { Sent } from "./batch.ts";
import { type Item, type Place, placeOf } from "./item.ts";

const countsSchema = z.record(z.string(), z.int());
const placesSchema = z.object({ unit: z.enum(["line", "record"]), numbers: z.array(z.int()) });
export const summarySchema = z.object({
  /** Customers, receipts, messages or transactions of the file. */
  records: z.int(),
  captures: z.int(),
  accepted: z.int(),
  duplicates: z.int(),
  /** At the intake desk, or refused by the edge. */
  failed: z.int(),
  /** Of these, what was thought good and the edge could not use. */
  refused: z.int(),
  skippedByReason: countsSchema,
  /** Why something failed: code and field. */
  failedByReason: countsSchema,
  /** Where the first of each reason stand in the file. */
  failedAtByReason: z.record(z.string(), placesSchema),
  /** Sales less returns by currency, in minor units. */
  money: countsSchema,
});
export type Summary = z.infer<typeof summarySchema>;

export const emptySummary = (): Summary => ({
  records: 0,
  captures: 0,
  accepted: 0,
  duplicates: 0,
  failed: 0,
  refused: 0,
  skippedByReason: {},
  failedByReason: {},
  failedAtByReason: {},
  money: {},
});

/** Adds what a record became. */
export function countItem(summary: Summary, item: Item): void {
  const { captures, failed, skipped } = item;
  summary.records++;
  summary.captures += captures.length;
  if (skipped !== undefined) add(summary.skippedByReason, skipped, 1);
  if (failed !== undefined) {
    summary.failed++;
    const { code, field } = failed.failure;
    const reason = field === undefined ? code : `${code}: ${field}`;
    addFailure(summary, reason, placeOf(item, summary.records));
  }
  for (const capture of captures) {
    if (capture.kind !== "sale" && capture.kind !== "return") continue;
    const minor = capture.lines.reduce((sum, { amountMinor = 0 }) => sum + amountMinor, 0);
    add(summary.money, capture.currency, minor);
  }
}

export function countSent(summary: Summary, { accepted, duplicates, refused }: Sent): void {
  summary.accepted += accepted;
  summary.duplicates += duplicates;
  summary.failed += refused.length;
  summary.refused += refused.length;
  for (const { words, place } of refused) {
    const { failedByReason } = summary;
    const isListed = words in failedByReason || Object.keys(failedByReason).length < reasonsMax;
    addFailure(summary, isListed ? words : "others", place);
  }
}

/** More are read by nobody, and words of another version may be without end. */
const reasonsMax = 100;

/** Enough to find what is wrong by. */
const placesMax = 5;

function addFailure(summary: Summary, reason: string, { unit, number }: Place): void {
  add(summary.failedByReason, reason, 1);
  const { numbers } = (summary.failedAtByReason[reason] ??= { unit, numbers: [] });
  // Several captures of one record may fail.
  if (numbers.length < placesMax && numbers.at(-1) !== number) numbers.push(number);
}

function add(counts: Record<string, number>, name: string, more: number): void {
  counts[name] = (counts[name] ?? 0) + more;
}

/** Null where something could be used, or nothing was wrong. */
export function nothingUsable({ captures, refused, failed }: Summary): string | null {
  return failed > 0 && captures <= refused
    ? "No record of the file could be used: look at what is said of them, and whether format and mapping fit the file."
    : null;
}

/** The failures in sentences, the most frequent first. */
export function failureLines({ failedByReason, failedAtByReason }: Summary): string[] {
  return Object.entries(failedByReason)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 20)
    .map(([reason, count]) => {
      const { unit, numbers } = failedAtByReason[reason] ?? { unit: "record", numbers: [] };
      const more = count > numbers.length ? ", …" : "";
      const where = `${unit}${numbers.length === 1 && more === "" ? "" : "s"} ${numbers.join(", ")}${more}`;
      return `${count} × ${where}: ${sentenceOf(reason)}`;
    });
}

function sentenceOf(reason: string): string {
  const [code = "", field] = reason.split(": ");
  const known = Object.entries(FAILURES).find(([name]) => name === code)?.[1];
  if (known === undefined) return reason;
  return `${known.words}${field === undefined ? "" : `: ${field}`}`;
}
