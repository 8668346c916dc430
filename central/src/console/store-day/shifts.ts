/** The shifts of a store-day: Z reports as their tills wrote them, and X: figures so far of those that are open. */
import { eventSchema, type RegularsEvent } from "@regulars/shared/events/event";
import type { Close, Compared } from "@regulars/shared/events/close";
import type { Seal } from "@regulars/shared/events/seal";
import type { Tender } from "@regulars/shared/events/tender";
import { addToFigures, NO_FIGURES, type ShiftFigures } from "@regulars/shared/shift/figures";
import { shiftOf } from "@regulars/shared/shift/shift-id";
import { numberOf, type Row, textOf } from "@regulars/shared/storage/port";
import { bodyOf } from "../../db/event-body.ts";

export interface Shift {
  readonly source: string;
  /** Of its `open`, or of the first of its rows that is here. */
  readonly epoch: number;
  /** `epoch/seq` of its `open` as first numbered. */
  readonly id: string;
  /** Of the shift and of its Z report. */
  readonly number: number;
  /** Null where its `open` is not here. */
  readonly openedMs: number | null;
  readonly openSeq: number | null;
  readonly closedMs: number | null;
  readonly closeSeq: number | null;
  readonly closeEpoch: number | null;
  /** Of the Z report; of an open shift those so far, null where they are too many to add up here. */
  readonly figures: ShiftFigures | null;
  readonly compared: readonly Compared[];
  readonly reason: NonNullable<Close["reason"]> | null;
  readonly note: string | null;
  readonly countedMs: number | null;
  readonly amendments: readonly Amendment[];
}

/** A receipt of the day that came after its terminal had closed it (REC1). */
export interface Amendment {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  readonly kind: string;
  readonly receipt: string | null;
  readonly atMs: number | null;
  readonly acceptedMs: number;
  readonly currency: string | null;
  readonly totalMinor: number | null;
}

export interface SealRow {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  readonly atMs: number;
  readonly seal: Seal;
}

export interface Notable {
  readonly shifts: readonly Shift[];
  readonly seals: readonly SealRow[];
  /** Of terminals without a Z report of the day here. */
  readonly others: readonly Amendment[];
}

interface ReadRow {
  readonly row: Row;
  readonly event: RegularsEvent | null;
}

export function notableOf(rows: readonly Row[]): Notable {
  const read = rows.map((row): ReadRow => ({ row, event: eventOf(bodyOf(row)) }));
  const shifts: Shift[] = [];
  const others: Amendment[] = [];
  // By terminal: a shift may go on in another epoch.
  for (const of of Map.groupBy(read, ({ row }) => textOf(row, "source")).values()) {
    const ofTerminal = shiftsOfTerminal(of);
    shifts.push(...ofTerminal.shifts);
    others.push(...ofTerminal.others);
  }
  const seals = read.flatMap(({ row, event }) =>
    event?.kind === "seal" ? [{ ...keyOf(row), atMs: Date.parse(event.at), seal: event.body }] : [],
  );
  return { shifts, seals, others };
}

function shiftsOfTerminal(rows: readonly ReadRow[]): { shifts: Shift[]; others: Amendment[] } {
  const shifts = new Map<string, Shift>();
  const others: Amendment[] = [];
  let lastClosed: string | null = null;
  for (const { row, event } of rows) {
    const id = event === null ? null : shiftOf(event);
    const known = id === null ? undefined : shifts.get(id);
    if (event !== null && id !== null && isOfShift(event)) {
      shifts.set(id, withEvent(known ?? emptyShift(row, id), row, event));
      if (event.kind === "close") lastClosed = id;
      continue;
    }
    if (event?.kind === "seal" || event?.kind === "open") continue;
    const amended: Shift | undefined = lastClosed === null ? undefined : shifts.get(lastClosed);
    if (amended === undefined) others.push(amendmentOf(row));
    else
      shifts.set(amended.id, { ...amended, amendments: [...amended.amendments, amendmentOf(row)] });
  }
  return { shifts: [...shifts.values()], others };
}

const isOfShift = ({ kind }: RegularsEvent): boolean =>
  kind === "open" || kind === "count" || kind === "close";

function withEvent(shift: Shift, row: Row, event: RegularsEvent): Shift {
  const atMs = Date.parse(event.at);
  switch (event.kind) {
    case "open":
      return {
        ...shift,
        epoch: numberOf(row, "epoch"),
        number: event.body.number,
        openedMs: atMs,
        openSeq: numberOf(row, "seq"),
      };
    case "count":
      return { ...shift, countedMs: atMs };
    case "close":
      return {
        ...shift,
        number: event.body.number,
        closedMs: atMs,
        closeSeq: numberOf(row, "seq"),
        closeEpoch: numberOf(row, "epoch"),
        figures: event.body.figures,
        compared: event.body.compared,
        reason: event.body.reason ?? null,
        note: event.body.note ?? null,
      };
    default:
      return shift;
  }
}

const emptyShift = (row: Row, id: string): Shift => ({
  source: textOf(row, "source"),
  epoch: numberOf(row, "epoch"),
  id,
  number: 0,
  openedMs: null,
  openSeq: null,
  closedMs: null,
  closeSeq: null,
  closeEpoch: null,
  figures: null,
  compared: [],
  reason: null,
  note: null,
  countedMs: null,
  amendments: [],
});

const keyOf = (row: Row) => ({
  source: textOf(row, "source"),
  epoch: numberOf(row, "epoch"),
  seq: numberOf(row, "seq"),
});

const amendmentOf = (row: Row): Amendment => ({
  ...keyOf(row),
  kind: textOf(row, "kind"),
  receipt: row["receipt"] === null ? null : textOf(row, "receipt"),
  atMs: row["at_ms"] === null ? null : numberOf(row, "at_ms"),
  acceptedMs: numberOf(row, "accepted_ms"),
  currency: row["currency"] === null ? null : textOf(row, "currency"),
  totalMinor: row["total_minor"] === null ? null : numberOf(row, "total_minor"),
});

export function eventOf(body: string): RegularsEvent | null {
  try {
    const parsed = eventSchema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // it was taken in, so it is JSON; a damaged disk is for the chain check to find
  }
}

/** X: what the shift has come to with these rows of its terminal, as its till would say (REC2). */
export function figuresSoFar(id: string, bodies: readonly string[]): ShiftFigures {
  const tenders = new Map<string, readonly Tender[]>();
  let figures = NO_FIGURES;
  for (const body of bodies) {
    const event = eventOf(body);
    if (event === null || shiftOf(event) !== id) continue;
    const voided = event.kind === "void" ? tenders.get(event.body.voids) : undefined;
    figures = addToFigures(figures, event, voided ?? []);
    if ("tenders" in event.body && "receipt" in event.body && event.kind !== "void") {
      tenders.set(event.body.receipt, event.body.tenders ?? []);
    }
  }
  return figures;
}
