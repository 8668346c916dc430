/**
 * A store-day as the checks see it: its rows in the order of their keys, and the facts beside them that a check needs. Read from the
 * database by `read/`; checks are pure functions of this alone.
 */
import type { RegularsEvent } from "@regulars/shared/events/event";
import { shiftOf } from "@regulars/shared/shift/shift-id";

export interface Place {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
}

export interface DayRow extends Place {
  readonly prev: string;
  readonly hash: string;
  /** Its hash covers its bytes and the row that it says it follows. */
  readonly isWhole: boolean;
  readonly acceptedMs: number;
  readonly receivedMs: number;
  /** How far the terminal's clock was ahead. */
  readonly offsetMs: number;
  /** Of the fragment that must hold it before it is golden. */
  readonly key: string | null;
  readonly quarantined: string | null;
  /** Without the lines of its receipt; null where it cannot be read. */
  readonly event: RegularsEvent | null;
  /** Of a receipt with a number of the POS: digest of all that was sold and paid, but for our own number. */
  readonly content: string | null;
}

/** Rows of one writer that follow each other without a hole. */
export interface Stretch {
  readonly source: string;
  readonly epoch: number;
  readonly first: number;
  readonly last: number;
  /** The stored row before it, of whatever day. */
  readonly before: { readonly seq: number; readonly hash: string } | null;
  /** The stored row after it. */
  readonly after: number | null;
}

export interface WriterFacts {
  readonly source: string;
  readonly epoch: number;
  readonly journaled: number;
  readonly headHash: string;
  readonly golden: number;
}

/** A row that was refused because its number is taken or it follows another row. */
export interface Refusal extends Place {
  readonly code: "fork" | "broken_chain";
  readonly hash: string;
  /** What it would have moved, where it can be read. */
  readonly currency: string | null;
  readonly totalMinor: number | null;
}

/** A Z report or seal in the order of its terminal. */
export interface Numbered extends Place {
  readonly number: number;
}

export interface NumberedBefore {
  /** Null where it is the terminal's first. */
  readonly before: Numbered | null;
  /** Rows between the two that are not here, where the numbers do not follow each other. */
  readonly missing: number;
}

/** A row whose receipt number another row of the terminal has that was numbered before. */
export interface Repeat extends Place {
  readonly other: string;
}

export interface CardPayment extends Place {
  readonly businessDay: string;
  readonly receipt: string;
  /** The receipt that it takes back. */
  readonly voids: string | null;
  readonly reference: string | null;
  readonly currency: string;
  readonly amountMinor: number;
}

export interface SettlementLine {
  readonly file: number;
  readonly line: number;
  readonly businessDay: string;
  readonly batch: string | null;
  readonly reference: string;
  readonly currency: string;
  readonly amountMinor: number;
}

export interface SettlementFacts {
  /** The first day of the store that any file has lines of; null where none has. */
  readonly firstDay: string | null;
  /** Of the day, and of days close by with references of the day. */
  readonly lines: readonly SettlementLine[];
  /** Of days close by, with references that do not come out even within the day. */
  readonly others: readonly CardPayment[];
}

/** What was brought back of one receipt, by everybody so far. */
export interface ReturnedFacts {
  readonly original: string;
  readonly currency: string;
  /** What was paid for it; 0 where it was voided. */
  readonly soldMinor: number;
  /** In the order of their stamps, without those that were voided. Amounts are negative. */
  readonly returns: readonly (Place & { readonly receipt: string; readonly amountMinor: number })[];
}

/** Totals of one customer who has rows of the day, in one currency. */
export interface GoldenTotals {
  readonly customer: string;
  readonly currency: string;
  readonly goldenMinor: number;
  readonly journalMinor: number;
}

/** What a program has said of a member, in the order of its stamps. */
export interface PointsWord {
  readonly key: string;
  readonly program: string;
  readonly stamp: string;
  readonly balancePoints: number;
  readonly lifetimePoints: number;
}

/** A close of the last weeks, in the order of their stamps. */
export interface PastClose extends Place {
  readonly staff: string;
  readonly currency: string;
  /** Of all cash that was counted. */
  readonly differenceMinor: number;
}

export interface StoreDay {
  readonly store: string;
  readonly businessDay: string;
  /** Of the newest row that names one that is one; UTC otherwise. */
  readonly zone: string;
  readonly nowMs: number;
  /** When the day ends in the store's zone. */
  readonly endMs: number;
  readonly rows: readonly DayRow[];
  readonly stretches: readonly Stretch[];
  /** By writer: of the store, and of terminals that a seal names. */
  readonly writers: ReadonlyMap<string, WriterFacts>;
  readonly refusals: readonly Refusal[];
  /** By event key: stored hashes of the heads that seals name. */
  readonly heads: ReadonlyMap<string, string>;
  /** By event key of a close or seal: the one before it at its terminal. */
  readonly numberedBefore: ReadonlyMap<string, NumberedBefore>;
  /** The store has sealed a day in the last weeks. */
  readonly seals: boolean;
  readonly repeats: readonly Repeat[];
  /** By `source receipt`: rows that voids of older tills take back and that are not of the day. */
  readonly voided: ReadonlyMap<string, RegularsEvent>;
  readonly settlement: SettlementFacts;
  readonly returned: readonly ReturnedFacts[];
  readonly golden: readonly GoldenTotals[];
  readonly points: readonly PointsWord[];
  readonly closes: readonly PastClose[];
}

type EventOf<Kind extends RegularsEvent["kind"]> = Extract<RegularsEvent, { kind: Kind }>;
export type RowOf<Kind extends RegularsEvent["kind"]> = DayRow & {
  readonly event: EventOf<Kind>;
};

/** Rows of these kinds. */
export function rowsOfKind<Kind extends RegularsEvent["kind"]>(
  { rows }: Pick<StoreDay, "rows">,
  ...kinds: readonly Kind[]
): RowOf<Kind>[] {
  const wanted: readonly string[] = kinds;
  // What was just compared is not seen by the compiler through the row.
  return rows.filter((row): row is RowOf<Kind> => row.event !== null && wanted.includes(row.event.kind)); // prettier-ignore
}

export const keyOf = ({ source, epoch, seq }: Place): string => `${source}/${epoch}/${seq}`;

/** Where it stands, as each `Found` has it. */
export const placeOf = ({ source, epoch, seq }: Place): Place => ({ source, epoch, seq });

/** Under which it was first numbered: the order in which its terminal has captured it. */
export const firstOf = ({ event, epoch, seq }: DayRow): { epoch: number; seq: number } =>
  event?.resealed ?? { epoch, seq };

/** By these. */
export const inOrder = (
  a: { readonly epoch: number; readonly seq: number },
  b: { readonly epoch: number; readonly seq: number },
): number => a.epoch - b.epoch || a.seq - b.seq;

/** Rows of one shift of one terminal. */
export const rowsOfShift = ({ rows }: Pick<StoreDay, "rows">, source: string, shift: string) =>
  rows.filter((row) => row.source === source && row.event && shiftOf(row.event) === shift);

export function byKey(a: Place, b: Place): number {
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.epoch - b.epoch || a.seq - b.seq;
}
