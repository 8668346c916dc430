/** Rows that could not be used, with the reason: damaged on this disk, or set aside by the edge (SYN6). */
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";

export const quarantinedRowSchema = z.object({
  epoch: z.int(),
  seq: z.int(),
  /** `damaged_row`: lost here. Anything else the edge said, and it keeps the row whole. */
  code: z.string(),
  since: z.iso.datetime(),
});
export type QuarantinedRow = z.infer<typeof quarantinedRowSchema>;

/**
 * What the edge has set aside is told with each answer about its epoch. Of an epoch that is closed and golden nothing
 * is asked any more, so nothing is known either: head office has the list.
 */
export const ASIDE = `select q.epoch, q.seq, q.code, q.ms from quarantine q
  where q.code = 'damaged_row' or q.epoch in (
    select epoch from writer where closed is null or golden < seq)`;

/** The oldest first. */
export async function listQuarantine(storage: Storage): Promise<QuarantinedRow[]> {
  const rows = await rowsOf(storage, `${ASIDE} order by q.ms, q.epoch, q.seq limit ?`, [
    LIMITS.journalRows,
  ]);
  return rows.map((row) => ({
    epoch: numberOf(row, "epoch"),
    seq: numberOf(row, "seq"),
    code: textOf(row, "code"),
    since: new Date(numberOf(row, "ms")).toISOString(),
  }));
}
