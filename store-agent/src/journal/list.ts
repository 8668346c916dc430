/** The journal for audit and measuring: what happened when, without personal data. */
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, type Row, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";
import type { JournalDeps } from "./find.ts";

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

/** Rows of one epoch, in order. Archived rows that cannot be read are left out: their numbers show it. */
export async function listJournal(
  { storage, archive }: JournalDeps,
  { epoch, after = 0, limit = LIMITS.journalRows }: JournalPage,
): Promise<JournalEntry[]> {
  const most = Math.min(limit, LIMITS.journalRows);
  const chosen = `(select * from writer where epoch = ?1 or (?1 is null and closed is null)
    order by epoch desc limit 1)`;
  const [standing = [], rows = []] = await storage.read([
    {
      sql: `select epoch, (select coalesce(max(last_seq), 0) from archive a where a.epoch = w.epoch)
              as archived from ${chosen} w`,
      args: [epoch ?? null],
    },
    {
      sql: `select j.epoch, j.seq, j.kind, j.receipt, j.external_id, j.hash, j.captured_ms, j.online,
              j.currency, j.total_minor,
              ${learnedAt("accepted")}, ${learnedAt("merged")}, ${learnedAt("golden")}
            from ${chosen} w
            join journal j on j.epoch = w.epoch and j.seq > ?2 and j.seq <= w.seq
            order by j.seq limit ?3`,
      args: [epoch ?? null, after, most],
    },
  ]);
  const [of] = standing;
  const archivedTo = of ? numberOf(of, "archived") : 0;
  const stored = rows.map(entryOf).filter(({ seq }) => seq > archivedTo);
  if (!of || after >= archivedTo || most <= 0) return stored;
  for (let from = after + 1; from <= archivedTo; from += most) {
    const to = Math.min(archivedTo, from + most - 1);
    const archived = await archive.rows(numberOf(of, "epoch"), from, to);
    const entries = archived.map((row) => journalEntrySchema.parse(row));
    if (to === archivedTo) return [...entries, ...stored].slice(0, most);
    if (entries.length > 0) return entries;
  }
  return stored;
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
