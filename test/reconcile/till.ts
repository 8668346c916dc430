/** A till of the generated town: its journal is sealed as a store agent seals it, its shifts are folded as a till folds them. */
import { CLOCK_START } from "@regulars/shared/clock";
import type { Draft } from "@regulars/shared/capture/draft";
import { type JournalRow, seal, type WriterState } from "@regulars/shared/capture/seal";
import { chainStart } from "@regulars/shared/events/chain";
import type { RegularsEvent } from "@regulars/shared/events/event";
import type { EventsIntake } from "@regulars/shared/protocol/intake";
import {
  addToFigures,
  expectedOf,
  NO_FIGURES,
  type ShiftFigures,
} from "@regulars/shared/shift/figures";

export type Item = EventsIntake["events"][number];

export interface Place {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
}

export interface Said {
  readonly kind: string;
  readonly body: object;
  readonly atMs: number;
  readonly businessDay: string;
  readonly flags?: readonly string[];
  readonly subject?: readonly string[];
  readonly resealed?: { readonly epoch: number; readonly seq: number };
  /** In no shift, though one may be open. */
  readonly isLate?: boolean;
}

export interface Captured {
  readonly item: Item;
  readonly event: RegularsEvent;
}

const CURRENCY = "GBP";

export function createTill(source: string, store: string, zone: string) {
  let writer: WriterState = {
    epoch: 1,
    seq: 0,
    hash: chainStart(source, 1),
    clock: CLOCK_START,
    receipts: 0,
  };
  let shift: { id: string; number: number; figures: ShiftFigures } | null = null;
  let [zs, seals] = [0, 0];

  function capture(said: Said): Captured {
    const { atMs, isLate = false, flags = [], subject = [], ...rest } = said;
    const draft = {
      ...rest,
      at: new Date(atMs).toISOString(),
      subject,
      flags,
      ...(shift === null || isLate ? {} : { shift: shift.id }),
    };
    // What a later build's till writes may be no draft of this one's.
    const sealed = seal(writer, draft as unknown as Draft, { source, store, zone }, atMs);
    writer = sealed.writer;
    // Of what only a later build knows, this one's function gives nothing.
    if (shift && !isLate && said.kind !== "hologram")
      shift.figures = addToFigures(shift.figures, sealed.row.event);
    return { item: itemOf(sealed.row, atMs), event: sealed.row.event };
  }

  return {
    source,
    store,
    capture,
    get head() {
      return { source, epoch: writer.epoch, seq: writer.seq, hash: writer.hash };
    },
    nextReceipt: (): string =>
      `${source}-${writer.epoch}-${String(writer.receipts + 1).padStart(6, "0")}`,
    open(at: { atMs: number; businessDay: string }, staff: string, floatMinor: number): Captured {
      zs += 1;
      const id = `${writer.epoch}/${writer.seq + 1}`;
      const float = [{ currency: CURRENCY, amountMinor: floatMinor }];
      const opened = capture({ kind: "open", body: { number: zs, staff, float }, ...at });
      shift = { id, number: zs, figures: addToFigures(NO_FIGURES, opened.event) };
      return opened;
    },
    /** As a till does that comes back with a backlog: its shift goes on (SYN7). */
    nextEpoch(): void {
      const epoch = writer.epoch + 1;
      writer = { ...writer, epoch, seq: 0, hash: chainStart(source, epoch) };
    },
    /** The next Zs count from here. */
    skipNumbers(by: number): void {
      zs += by;
      if (shift) shift.number += by;
    },
    /** `change` is what a till with a mistake would report instead. */
    close(
      at: { atMs: number; businessDay: string },
      staff: string,
      offMinor: number,
      change: (body: CloseBody) => CloseBody = (body) => body,
    ): Captured[] {
      if (!shift) throw new Error("no shift is open");
      const { figures, number } = shift;
      const expectedMinor = expectedOf(figures, "cash", CURRENCY);
      const countedMinor = expectedMinor + offMinor;
      const counted = [{ type: "cash", currency: CURRENCY, amountMinor: countedMinor }];
      const count = capture({ kind: "count", body: { counted, staff }, ...at });
      const compared = [
        {
          type: "cash",
          currency: CURRENCY,
          countedMinor,
          expectedMinor,
          differenceMinor: offMinor,
        },
      ];
      const reason = offMinor === 0 ? {} : { reason: "unknown" };
      const body = change({ number, staff, figures, compared, ...reason });
      const close = capture({ kind: "close", body, ...at });
      shift = null;
      return [count, close];
    },
    seal(
      at: { atMs: number; businessDay: string },
      body: { heads: readonly object[]; root: string },
    ): Captured {
      seals += 1;
      return capture({ kind: "seal", body: { number: seals, ...body }, ...at });
    },
  };
}
export type Till = ReturnType<typeof createTill>;

export interface CloseBody {
  readonly number: number;
  readonly staff: string;
  readonly figures: ShiftFigures;
  readonly compared: readonly {
    type: string;
    currency: string;
    countedMinor: number;
    expectedMinor: number;
    differenceMinor: number;
  }[];
  readonly reason?: string;
}

const itemOf = ({ event, body, prev, hash }: JournalRow, atMs: number): Item => ({
  source: event.source,
  epoch: event.epoch,
  seq: event.seq,
  prev,
  hash,
  body,
  acceptedAtMs: atMs + 5,
  offsetMs: 0,
});
