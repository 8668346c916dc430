/** Everything that is known of one store on one business day. */
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, type Row, type Storage, textOf } from "@regulars/shared/storage/port";
import type { ShiftFigures } from "@regulars/shared/shift/figures";
import { bodyOf } from "../../db/event-body.ts";
import type { DayFigures, Severity } from "../../reconcile/found.ts";
import { dayPlus } from "../day-words.ts";
import {
  dayAfterOfStore,
  dayBeforeOfStore,
  dayOf,
  dayOfStore,
  storeDayOf,
  type StoreDayRow,
} from "../store-days.ts";
import { type CheckedSeal, checkedSeals, keysOfHeads } from "./seals.ts";
import { type Amendment, figuresSoFar, notableOf, type Shift } from "./shifts.ts";
import {
  exceptionsOfDay,
  hashesOf,
  notableOfDay,
  rowsOfShift,
  terminalsOfDay,
} from "./statements.ts";

export interface Terminal {
  readonly source: string;
  readonly epoch: number;
  readonly rows: number;
  readonly first: number;
  readonly last: number;
  readonly sales: number;
  readonly returns: number;
  readonly quarantined: number;
  /** Of its newest row of the day. */
  readonly acceptedMs: number;
  /** How far its clock was ahead of the edge's, at the least and at the most. */
  readonly offsetMs: readonly [least: number, most: number];
  readonly isGolden: boolean;
}

export interface DayException {
  readonly n: number;
  readonly kind: string;
  readonly severity: Severity;
  readonly source: string | null;
  readonly epoch: number | null;
  readonly seq: number | null;
  readonly currency: string | null;
  readonly amountMinor: number | null;
  readonly state: string;
  readonly assignee: string | null;
  readonly openedMs: number;
}

export interface StoreDay {
  readonly store: string;
  readonly day: string;
  /** Null where no check has been here yet. */
  readonly row: StoreDayRow | null;
  readonly zone: string | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly lastWeek: DayFigures | null;
  readonly terminals: readonly Terminal[];
  readonly shifts: readonly Shift[];
  readonly seals: readonly CheckedSeal[];
  readonly otherAmendments: readonly Amendment[];
  readonly exceptions: readonly DayException[];
}

/** Null where nothing is known of the day. */
export async function readStoreDay(
  storage: Storage,
  store: string,
  day: string,
): Promise<StoreDay | null> {
  const [
    own = [],
    week = [],
    before = [],
    after = [],
    terminals = [],
    notable = [],
    exceptions = [],
  ] = await storage.read([
    dayOfStore(store, day),
    dayOfStore(store, dayPlus(day, -7)),
    dayBeforeOfStore(store, day),
    dayAfterOfStore(store, day),
    terminalsOfDay(store, day),
    notableOfDay(store, day),
    exceptionsOfDay(store, day),
  ]);
  const [row] = own;
  if (!row && terminals.length === 0 && exceptions.length === 0) return null;
  const known = notableOf(notable);
  const ofDay = row ? storeDayOf(row) : null;
  const [weekRow] = week;
  return {
    store,
    day,
    row: ofDay,
    zone: ofDay?.zone ?? zoneOf(terminals),
    before: dayOf(before),
    after: dayOf(after),
    lastWeek: weekRow ? storeDayOf(weekRow).figures : null,
    terminals: terminals.map(terminalOf),
    shifts: await withFiguresSoFar(storage, { store, day }, known.shifts),
    seals: await sealsOf(storage, known.seals),
    otherAmendments: known.others,
    exceptions: exceptions.map(exceptionOf),
  };
}

const zoneOf = (terminals: readonly Row[]): string | null => {
  const zone = terminals.find((row) => row["zone"] !== null)?.["zone"];
  return typeof zone === "string" ? zone : null;
};

async function sealsOf(storage: Storage, seals: Parameters<typeof checkedSeals>[0]) {
  if (seals.length === 0) return [];
  const [hashes = []] = await storage.read([hashesOf(keysOfHeads(seals))]);
  return checkedSeals(seals, hashes);
}

async function withFiguresSoFar(
  storage: Storage,
  { store, day }: { readonly store: string; readonly day: string },
  shifts: readonly Shift[],
): Promise<Shift[]> {
  const open = shifts.filter(({ closeSeq, openSeq }) => closeSeq === null && openSeq !== null);
  const read = await storage.read(
    open.map(({ source, epoch, openSeq }) =>
      rowsOfShift({ store, day, source, epoch, fromSeq: openSeq ?? 0 }),
    ),
  );
  const soFar = new Map<Shift, ShiftFigures | null>(
    open.map((shift, at) => {
      const bodies = (read[at] ?? []).map((row) => bodyOf(row));
      return [shift, bodies.length > LIMITS.openShiftRows ? null : figuresSoFar(shift.id, bodies)];
    }),
  );
  return shifts.map((shift) => ({ ...shift, figures: soFar.get(shift) ?? shift.figures }));
}

const terminalOf = (row: Row): Terminal => ({
  source: textOf(row, "source"),
  epoch: numberOf(row, "epoch"),
  rows: numberOf(row, "rows_of_day"),
  first: numberOf(row, "first"),
  last: numberOf(row, "last"),
  sales: numberOf(row, "sales"),
  returns: numberOf(row, "returns"),
  quarantined: numberOf(row, "quarantined"),
  acceptedMs: numberOf(row, "accepted_ms"),
  offsetMs: [numberOf(row, "offset_least"), numberOf(row, "offset_most")],
  isGolden: typeof row["golden"] === "number" && row["golden"] >= numberOf(row, "last"),
});

const textOrNull = (row: Row, column: string): string | null =>
  row[column] === null ? null : textOf(row, column);
const numberOrNull = (row: Row, column: string): number | null =>
  row[column] === null ? null : numberOf(row, column);

function exceptionOf(row: Row): DayException {
  const severity = textOf(row, "severity");
  return {
    n: numberOf(row, "n"),
    kind: textOf(row, "kind"),
    severity: severity === "serious" || severity === "warning" ? severity : "info",
    source: textOrNull(row, "source"),
    epoch: numberOrNull(row, "epoch"),
    seq: numberOrNull(row, "seq"),
    currency: textOrNull(row, "currency"),
    amountMinor: numberOrNull(row, "amount_minor"),
    state: textOf(row, "state"),
    assignee: textOrNull(row, "assignee"),
    openedMs: numberOf(row, "opened_ms"),
  };
}
