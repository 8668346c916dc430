/**
 * Opening the journal: the first epoch of a new folder, a new one where the folder is not what it was, and a new life
 * in any case (SYN3). One write, durable before anything is sent.
 */
import type { WriterState } from "@regulars/shared/capture/seal";
import { CLOCK_START } from "@regulars/shared/clock";
import type { Life } from "@regulars/shared/protocol/life";
import {
  numberOf,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import type { HighWaterMark } from "../db/high-water.ts";
import { LEAVE_SHIFT, loadNumbers, numbersStatements } from "../shift/drawer-rows.ts";
import { closeStatement, freeEpoch, openStatement } from "./roll.ts";
import { loadWriter } from "./writer.ts";

export interface OpenWriterDeps {
  readonly storage: Storage;
  readonly source: string;
  readonly store: string;
  readonly highWater: HighWaterMark;
  /** 32 hex digits that nobody else draws. */
  readonly nonce: string;
}

export async function openWriter(deps: OpenWriterDeps): Promise<Life> {
  const { storage, source, store, highWater, nonce } = deps;
  const start = (await startsOf(storage)) + 1;
  await storage.write([
    {
      sql: `insert into setting (name, value) values ('starts', ?)
            on conflict (name) do update set value = excluded.value`,
      args: [String(start)],
    },
    // A folder from before epochs had stores.
    { sql: "update writer set store = ? where store is null", args: [store] },
    ...(await epochStatements(deps)),
  ]);
  const { epoch, seq, receipts } = await loadWriter(storage);
  highWater.raise({ source, epoch, seq, receipts, ...(await loadNumbers(storage)) });
  return { start, nonce };
}

async function epochStatements(deps: OpenWriterDeps): Promise<Statement[]> {
  const { storage, source, store, highWater } = deps;
  const [open] = await rowsOf(
    storage,
    "select store from writer where closed is null order by epoch desc limit 1",
  );
  const roll = { source, store, reason: "moved" } as const;
  const mark = ownMark(highWater, source);
  if (!open) {
    // Also of a folder whose database is gone and whose mark is not.
    const next = Math.max(await freeEpoch(storage), mark ? mark.epoch + 1 : 1);
    return [
      openStatement(roll, next, { receipts: mark?.receipts ?? 0, clock: CLOCK_START }),
      ...(mark ? numbersStatements(mark) : []),
    ];
  }
  const writer = await loadWriter(storage);
  if (mark && isAhead(mark, writer)) {
    const next = Math.max(await freeEpoch(storage), mark.epoch + 1);
    const known = { ...writer, receipts: Math.max(writer.receipts, mark.receipts) };
    return [
      closeStatement(writer, "restored"),
      openStatement(roll, next, known),
      LEAVE_SHIFT,
      ...numbersStatements(mark),
    ];
  }
  if (open["store"] !== null && textOf(open, "store") !== store) {
    const next = await freeEpoch(storage);
    return [closeStatement(writer, "moved"), openStatement(roll, next, writer), LEAVE_SHIFT];
  }
  return [];
}

function ownMark(highWater: HighWaterMark, source: string) {
  const mark = highWater.read();
  return mark?.source === source ? mark : null;
}

const isAhead = (mark: { epoch: number; seq: number }, writer: WriterState): boolean =>
  mark.epoch > writer.epoch || (mark.epoch === writer.epoch && mark.seq > writer.seq);

async function startsOf(storage: Storage): Promise<number> {
  const [row] = await rowsOf(
    storage,
    "select cast(value as integer) as starts from setting where name = 'starts'",
  );
  return row ? numberOf(row, "starts") : 0;
}
