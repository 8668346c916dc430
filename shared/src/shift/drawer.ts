/**
 * What a terminal knows of its own drawer: the shift that is open and what it comes to, how many it has had, and which of its
 * days are closed. Folded row by row in the write of the row, so that a Z report costs no look back (REC1). Pure.
 */
import type { Counted } from "../events/count.ts";
import type { RegularsEvent } from "../events/event.ts";
import { LIMITS } from "../limits.ts";
import { addToFigures, NO_FIGURES, type ShiftFigures } from "./figures.ts";
import { shiftOf } from "./shift-id.ts";

export interface TakenCount {
  readonly at: string;
  readonly counted: readonly Counted[];
  readonly staff?: string | undefined;
}

export interface OpenShift {
  /** `epoch/seq` of its `open` as first numbered. */
  readonly id: string;
  readonly number: number;
  readonly businessDay: string;
  /** The device's clock when it was opened (UTC). */
  readonly openedAt: string;
  readonly staff?: string | undefined;
  readonly figures: ShiftFigures;
  /** The newest; null while nobody has counted. */
  readonly count: TakenCount | null;
}

export interface ClosedDay {
  /** Z number of its last shift; 0 where it was sealed without one. */
  readonly number: number;
  readonly isSealed: boolean;
}

export interface Drawer {
  readonly open: OpenShift | null;
  /** Z numbers given out by this terminal; the next shift has the next one. */
  readonly shifts: number;
  /** Days that this terminal has sealed for its store. */
  readonly seals: number;
  /** Business days of which a shift was closed here, or that were sealed here. */
  readonly closed: ReadonlyMap<string, ClosedDay>;
}

export const NO_DRAWER: Drawer = { open: null, shifts: 0, seals: 0, closed: new Map() };

/** The drawer after this row of its terminal. */
export function advance(drawer: Drawer, event: RegularsEvent): Drawer {
  const { open } = drawer;
  switch (event.kind) {
    case "open": {
      const { number, staff } = event.body;
      const { businessDay, at: openedAt } = event;
      const figures = addToFigures(NO_FIGURES, event);
      const id = shiftOf(event) ?? "";
      const opened = { id, number, businessDay, openedAt, staff, figures, count: null };
      return { ...drawer, open: opened, shifts: Math.max(drawer.shifts, number) };
    }
    case "count": {
      const { counted, staff } = event.body;
      return open
        ? { ...drawer, open: { ...open, count: { at: event.at, counted, staff } } }
        : drawer;
    }
    case "close": {
      const day = { number: event.body.number, isSealed: false };
      return { ...drawer, open: null, closed: withDay(drawer.closed, event.businessDay, day) };
    }
    case "seal": {
      const number = drawer.closed.get(event.businessDay)?.number ?? 0;
      const closed = withDay(drawer.closed, event.businessDay, { number, isSealed: true });
      return { ...drawer, seals: Math.max(drawer.seals, event.body.number), closed };
    }
    default:
      if (!open || event.shift !== open.id) return drawer;
      return { ...drawer, open: { ...open, figures: addToFigures(open.figures, event) } };
  }
}

/** Whether what is captured for this day comes after its Z report. A day may have another shift, and is open again with it. */
export const isClosedDay = ({ open, closed }: Drawer, businessDay: string): boolean =>
  closed.has(businessDay) && open?.businessDay !== businessDay;

/** Whether the figures are still exact, and a Z report of them is an event that every tier can read. */
export function isCountable({ currencies }: ShiftFigures): boolean {
  const all = Object.values(currencies);
  if (all.length > LIMITS.figuresCurrencies) return false;
  return all.every(
    ({ tenders, ...amounts }) =>
      Object.values(amounts).every(isCountableMinor) &&
      Object.values(tenders).every(isCountableMinor),
  );
}

export const isCountableMinor = (minor: number): boolean =>
  Math.abs(minor) <= LIMITS.countableMinor;

const withDay = (
  days: ReadonlyMap<string, ClosedDay>,
  businessDay: string,
  day: ClosedDay,
): ReadonlyMap<string, ClosedDay> => new Map([...days, [businessDay, day]]);
