/** What an import came to: one line of JSON at its end, and the figures that go on after an interruption. */
import { z } from "zod";
import { FAILURES } from "@regulars/shared/connect/failure";
import type { Sent } from "./batch.ts";
import type { Item } from "./item.ts";

const countsSchema = z.record(z.string(), z.int());
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
  money: {},
});

/** Adds what a record became. */
export function countItem(summary: Summary, { captures, failed, skipped }: Item): void {
  summary.records++;
  summary.captures += captures.length;
  if (skipped !== undefined) add(summary.skippedByReason, skipped, 1);
  if (failed !== undefined) {
    summary.failed++;
    const { code, field } = failed.failure;
    add(summary.failedByReason, field === undefined ? code : `${code}: ${field}`, 1);
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
  for (const { words } of refused) {
    const { failedByReason } = summary;
    const isListed = words in failedByReason || Object.keys(failedByReason).length < reasonsMax;
    add(failedByReason, isListed ? words : "others", 1);
  }
}

/** More are read by nobody, and words of another version may be without end. */
const reasonsMax = 100;

function add(counts: Record<string, number>, name: string, more: number): void {
  counts[name] = (counts[name] ?? 0) + more;
}

/** The failures in sentences, the most frequent first. */
export function failureLines({ failedByReason }: Summary): string[] {
  return Object.entries(failedByReason)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 20)
    .map(([reason, count]) => `${count} × ${sentenceOf(reason)}`);
}

function sentenceOf(reason: string): string {
  const [code = "", field] = reason.split(": ");
  const known = Object.entries(FAILURES).find(([name]) => name === code)?.[1];
  if (known === undefined) return reason;
  return `${known.words}${field === undefined ? "" : `: ${field}`}`;
}
