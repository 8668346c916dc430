/** A till with a drawer, in memory: numbers and seals its events as a store agent does, and hands out what the edge would. */
import { CLOCK_START, stampOf, tick } from "@regulars/shared/clock";
import { chainHash, chainStart } from "@regulars/shared/events/chain";
import { type EventKind, eventSchema } from "@regulars/shared/events/event";
import type { Head } from "@regulars/shared/events/seal";
import { writerOf } from "@regulars/shared/ids";
import { addToFigures, NO_FIGURES, type ShiftFigures } from "@regulars/shared/shift/figures";
import type { ArrivedEvent } from "../intake/event-row.ts";

export interface ShiftTillOptions {
  readonly store?: string;
  readonly day?: string;
}

export interface CaptureMore {
  /** Of another day than the till's. */
  readonly day?: string;
  readonly flags?: readonly string[];
}

/** Events a minute apart, from nine in the morning on. */
export function createShiftTill(source: string, options: ShiftTillOptions = {}) {
  const { store = "store-1", day = "2026-11-20" } = options;
  const startMs = Date.parse(`${day}T09:00:00Z`);
  const items: ArrivedEvent[] = [];
  let clock = CLOCK_START;
  let hash = chainStart(source, 1);
  let shift: string | null = null;
  let figures: ShiftFigures = NO_FIGURES;

  function capture(kind: EventKind, body: object, more: CaptureMore = {}): ArrivedEvent {
    const atMs = startMs + items.length * 60_000;
    const seq = items.length + 1;
    clock = tick(clock, atMs);
    const isLate = more.flags?.includes("late") === true;
    const event = eventSchema.parse({
      source,
      epoch: 1,
      seq,
      stamp: stampOf(clock, writerOf(source, 1)),
      at: new Date(atMs).toISOString(),
      businessDay: more.day ?? day,
      zone: "Europe/London",
      store,
      channel: "till",
      subject: [],
      flags: more.flags ?? [],
      ...(shift === null || isLate || kind === "open" ? {} : { shift }),
      kind,
      body,
    });
    if (kind === "open") shift = `1/${seq}`;
    if (shift !== null && !isLate) figures = addToFigures(figures, event);
    if (kind === "close") shift = null;
    const text = JSON.stringify(event);
    const prev = hash;
    hash = chainHash(prev, text);
    const item = { source, epoch: 1, seq, prev, hash, body: text, acceptedAtMs: atMs + 5 };
    items.push(item);
    return item;
  }

  const receipt = (totalMinor: number, type: "cash" | "card") => ({
    receipt: `${source}-${items.length + 1}`,
    currency: "GBP",
    lines: [{ sku: "A1", description: "Tea", quantity: "1", amountMinor: totalMinor }],
    tenders: [{ type, amountMinor: totalMinor }],
    totalMinor,
  });

  return {
    source,
    store,
    items,
    capture,
    open: (number: number, floatMinor: number) =>
      capture("open", { number, float: [{ currency: "GBP", amountMinor: floatMinor }] }),
    sale: (totalMinor: number, type: "cash" | "card" = "cash", more: CaptureMore = {}) =>
      capture("sale", receipt(totalMinor, type), more),
    /** Cash is counted; the rest as the journal has it. */
    close(number: number, countedMinor: number, reason?: string) {
      const cash = { type: "cash", currency: "GBP" } as const;
      const of = figures.currencies["GBP"];
      const expectedMinor = of
        ? (of.tenders.cash ?? 0) + of.floatMinor + of.paidInMinor - of.paidOutMinor
        : 0;
      capture("count", { counted: [{ ...cash, amountMinor: countedMinor }] });
      const differenceMinor = countedMinor - expectedMinor;
      const compared = [{ ...cash, countedMinor, expectedMinor, differenceMinor }];
      const closed = { number, figures, compared, ...(reason === undefined ? {} : { reason }) };
      return capture("close", closed);
    },
    head: (): Head => ({ source, epoch: 1, seq: items.length, hash }),
  };
}

/** As a till numbers it that has begun a new epoch meanwhile; of no chain. */
export const inEpochTwo = ({ body, ...item }: ArrivedEvent, seq: number): ArrivedEvent => ({
  ...item,
  epoch: 2,
  seq,
  body: body.replace(/"epoch":1,"seq":\d+/, `"epoch":2,"seq":${seq}`),
});
