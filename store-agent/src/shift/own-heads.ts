/** The heads of this terminal's journal as a seal names them: one for each epoch that rows of the day may lie in. */
import type { Head } from "@regulars/shared/events/seal";
import { RESEALED_EPOCHS } from "@regulars/shared/ids";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";

/**
 * Epochs from that of the day's first shift on, for a terminal that was long without network begins one in the middle of a day;
 * of rows sealed anew, those whose last row is not older than the day. Where no shift was of the day, the one that is written.
 */
export async function loadOwnHeads(
  storage: Storage,
  source: string,
  businessDay: string,
): Promise<Head[]> {
  const rows = await rowsOf(
    storage,
    `select w.epoch, w.seq, w.hash from writer w
     left join (select min(epoch) as epoch, min(opened_ms) as ms from shift where business_day = ?1) d
     where w.seq > 0 and (
       w.closed is null
       or (w.epoch >= d.epoch and w.epoch < ?2)
       or (w.epoch >= ?2 and exists (
         select 1 from journal j where j.epoch = w.epoch and j.seq = w.seq and j.captured_ms >= d.ms)))
     order by w.epoch`,
    [businessDay, RESEALED_EPOCHS],
  );
  return rows.map((row) => ({
    source,
    epoch: numberOf(row, "epoch"),
    seq: numberOf(row, "seq"),
    hash: textOf(row, "hash"),
  }));
}
