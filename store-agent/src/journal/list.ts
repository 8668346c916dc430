/** The journal for audit and measuring: what happened when, without personal data. */
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";

export const journalEntrySchema = z.object({
  epoch: z.int(),
  seq: z.int(),
  kind: z.string(),
  receipt: z.string().nullable(),
  externalId: z.string().nullable(),
  hash: z.string(),
  capturedMs: z.int(),
  /** When the till learned of it; null while it has not. */
  acceptedMs: z.int().nullable(),
  mergedMs: z.int().nullable(),
  goldenMs: z.int().nullable(),
  /** Whether the edge could be reached when this was captured. */
  online: z.boolean(),
  currency: z.string().nullable(),
  totalMinor: z.int().nullable(),
});
export type JournalEntry = z.infer<typeof journalEntrySchema>;

export interface JournalPage {
  /** The one that is being written if left out. */
  readonly epoch?: number | undefined;
  /** Rows with higher numbers. */
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
}

/** Rows of one epoch, in order. */
export async function listJournal(
  storage: Storage,
  { epoch, after = 0, limit = LIMITS.journalRows }: JournalPage,
): Promise<JournalEntry[]> {
  const rows = await rowsOf(
    storage,
    `select j.epoch, j.seq, j.kind, j.receipt, j.external_id, j.hash, j.captured_ms, j.online,
       j.currency, j.total_minor,
       ${learnedAt("accepted")}, ${learnedAt("merged")}, ${learnedAt("golden")}
     from (select * from writer where epoch = ?1 or (?1 is null and closed is null)
       order by epoch desc limit 1) w
     join journal j on j.epoch = w.epoch and j.seq > ?2 and j.seq <= w.seq
     order by j.seq limit ?3`,
    [epoch ?? null, after, Math.min(limit, LIMITS.journalRows)],
  );
  return rows.map(entryOf);
}

/** The first mark at or over the row; none while the ladder stands lower. */
const learnedAt = (level: "accepted" | "merged" | "golden"): string =>
  `case when j.seq <= w.${level} then (
     select ms from mark where epoch = j.epoch and level = '${level}' and seq >= j.seq limit 1
   ) end as ${level}_ms`;

const entryOf = (row: Row): JournalEntry => ({
  epoch: numberOf(row, "epoch"),
  seq: numberOf(row, "seq"),
  kind: textOf(row, "kind"),
  receipt: textOrNull(row, "receipt"),
  externalId: textOrNull(row, "external_id"),
  hash: textOf(row, "hash"),
  capturedMs: numberOf(row, "captured_ms"),
  acceptedMs: numberOrNull(row, "accepted_ms"),
  mergedMs: numberOrNull(row, "merged_ms"),
  goldenMs: numberOrNull(row, "golden_ms"),
  online: numberOf(row, "online") === 1,
  currency: textOrNull(row, "currency"),
  totalMinor: numberOrNull(row, "total_minor"),
});

const textOrNull = (row: Row, column: string): string | null =>
  row[column] === null ? null : textOf(row, column);
const numberOrNull = (row: Row, column: string): number | null =>
  row[column] === null ? null : numberOf(row, column);
