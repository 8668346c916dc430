/** Rows that were replayed, to the centre once more: it has them as quarantined, and hears that they are not (SYN6). */
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { itemIdSql } from "./item-id.ts";
import { type CentralPort, eventOf, isWhole, withinBytes } from "./deliver.ts";

/** One batch; false when nothing was waiting. Throws when the centre cannot be reached; all stays then. */
export async function redeliverRound(storage: Storage, central: CentralPort): Promise<boolean> {
  const rows = withinBytes(
    // What was not delivered yet goes its usual way. A delivery that was read before the replay may still be on its
    // way as quarantined, so the row waits here in any case.
    await rowsOf(
      storage,
      `select m.store, i.source, i.epoch, i.seq, i.prev, i.hash, i.body, i.accepted_ms, i.code,
         i.offset_ms
       from redelivery r
         cross join mark m on m.source = r.source and m.epoch = r.epoch
         cross join item i on i.id = ${itemIdSql("m.n", "r.seq")}
       where r.seq <= m.delivered and i.body is not null order by 2, 3, 4 limit ?`,
      [LIMITS.deliverItems],
    ),
    (row) => row,
  );
  const [first] = rows;
  if (!first) return false;
  // A row that has been damaged since is dropped: the centre has its own copy, and can replay that.
  const events = rows.filter((row) => isWhole(row)).map((row) => eventOf(row));
  await central.events({ ...THIS_VERSION, store: textOf(first, "store"), events });
  await storage.write(
    rows.flatMap((row) => {
      const args = [textOf(row, "source"), numberOf(row, "epoch"), numberOf(row, "seq")];
      return [
        { sql: "delete from redelivery where source = ? and epoch = ? and seq = ?", args },
        {
          sql: `update item set body = null, updates = null
                where code is null and id = (
                  select ${itemIdSql("n", "?3")} from mark
                  where source = ?1 and epoch = ?2 and let_go >= ?3)`,
          args,
        },
      ];
    }),
  );
  return true;
}
