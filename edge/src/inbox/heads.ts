/**
 * Whether the centre still has what it was given: it may have come back from a backup. The last row of each journal that it has
 * is shown to it once more, and its answer says how far it has come. What it lacks is delivered again (docs/decisions/0022).
 */
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, rowsOf, type Row, type Storage, textOf } from "@regulars/shared/storage/port";
import {
  type CentralPort,
  eventOf,
  isWhole,
  reachedOf,
  showHeads as askForHeads,
  withinBytes,
} from "./deliver.ts";
import { itemIdSql } from "./item-id.ts";
import type { Marks } from "./marks.ts";
import { setDelivered } from "./move-marks.ts";

export interface Heads {
  /** To be shown with the next round. */
  ask(): Promise<void>;
  /** Somebody has asked for it. */
  asked(): void;
  /** True when the centre lacks something. Throws when it cannot be reached; asked for again then. */
  round(): Promise<boolean>;
}

export function createHeads(storage: Storage, central: CentralPort, marks: Marks): Heads {
  let isAsked: boolean | null = null;
  return {
    async ask() {
      await askForHeads(storage, marks);
      isAsked = true;
    },
    asked() {
      isAsked = true;
    },
    async round() {
      isAsked ??=
        (await rowsOf(storage, "select 1 from setting where name = 'show_heads'")).length > 0;
      if (!isAsked) return false;
      await marks.flush();
      const isLess = await showHeads(storage, central, marks);
      await storage.write([{ sql: "delete from setting where name = 'show_heads'" }]);
      isAsked = false;
      return isLess;
    },
  };
}

async function showHeads(storage: Storage, central: CentralPort, marks: Marks): Promise<boolean> {
  let isLess = false;
  let after: Row | undefined;
  for (;;) {
    const args = [after ? textOf(after, "source") : "", after ? numberOf(after, "epoch") : 0];
    const found = await rowsOf(
      storage,
      `select m.store, i.source, i.epoch, i.seq, i.prev, i.hash, i.body, i.accepted_ms, i.code, i.offset_ms
       from mark m cross join item i on i.id = ${itemIdSql("m.n", "m.delivered")}
       where (m.source, m.epoch) > (?, ?) and i.body is not null
       order by m.source, m.epoch limit ?`,
      [...args, LIMITS.deliverItems],
    );
    const rows = withinBytes(found, (row) => row);
    after = rows.at(-1);
    if (!after) return isLess;
    const whole = rows.filter((row) => isWhole(row));
    const [first] = whole;
    if (!first) continue;
    // Twice each: what is repeated is answered with the mark of its writer as well, also where it was the one row that lacked.
    const events = [...whole, ...whole].map((row) => eventOf(row));
    const store = textOf(first, "store");
    const reached = reachedOf(whole, await central.events({ ...THIS_VERSION, store, events }));
    const lacking = reached.filter((each) => each.isLess);
    if (lacking.length === 0) continue;
    isLess = true;
    for (const each of lacking) await setDelivered(marks, each);
  }
}
