/** One row of a journal with its place in the chain. */
import { chainHash } from "@regulars/shared/events/chain";
import type { RegularsEvent } from "@regulars/shared/events/event";
import { type Storage, textOf } from "@regulars/shared/storage/port";
import { bodyOf } from "../../db/event-body.ts";
import { hexOf } from "../../db/packed.ts";
import { type JournalRow, journalRowOf } from "./read-rows.ts";
import { eventOf } from "./shifts.ts";
import { oneRow, type RowKey } from "./statements.ts";

export interface FullRow extends JournalRow {
  readonly day: string | null;
  /** Null where this build cannot read it. */
  readonly event: RegularsEvent | null;
  /** Its hash is that of its body and of what it says is before it. */
  readonly isHashTrue: boolean;
  /** What it says is before it is the row that is; null where that is not here, as before the first. */
  readonly followsBefore: boolean | null;
}

/** Null where no row of the store has this key. */
export async function readRow(
  storage: Storage,
  store: string,
  key: RowKey,
): Promise<FullRow | null> {
  const [[row] = [], [before] = []] = await storage.read([
    oneRow(key),
    oneRow({ ...key, seq: key.seq - 1 }),
  ]);
  if (!row || textOf(row, "store") !== store) return null;
  const prev = hexOf(row, "prev");
  const body = bodyOf(row);
  const known = journalRowOf(row);
  return {
    ...known,
    day: row["business_day"] === null ? null : textOf(row, "business_day"),
    event: known.kind === null ? null : eventOf(body),
    isHashTrue: chainHash(prev, body) === known.hash,
    followsBefore: before ? hexOf(before, "hash") === prev : null,
  };
}
