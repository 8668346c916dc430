/** One row of the journal, wherever it is. */
import { numberOf, rowsOf, textOf } from "@regulars/shared/storage/port";
import type { JournalDeps } from "./find.ts";

export interface SealedRow {
  readonly capturedMs: number;
  readonly prev: string;
  readonly hash: string;
  readonly body: string;
}

/** How far an epoch is archived: a query that stands in the same read as those for its rows. */
export const ARCHIVED_TO = "(select coalesce(max(last_seq), 0) from archive where epoch = ?1)";

/** Null when there is no such row, or none that can be read. */
export async function readRow(
  { storage, archive }: JournalDeps,
  epoch: number,
  seq: number,
): Promise<SealedRow | null> {
  const [row] = await rowsOf(
    storage,
    "select captured_ms, prev, hash, body from journal where epoch = ? and seq = ?",
    [epoch, seq],
  );
  if (!row) return (await archive.rows(epoch, seq, seq))[0] ?? null;
  return {
    capturedMs: numberOf(row, "captured_ms"),
    prev: textOf(row, "prev"),
    hash: textOf(row, "hash"),
    body: textOf(row, "body"),
  };
}
