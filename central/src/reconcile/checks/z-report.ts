/** 4. Z reports: figures recomputed from the journal, counts compared, numbers in order. */
import type { Count } from "@regulars/shared/events/count";
import type { Compared } from "@regulars/shared/events/close";
import { TENDER_TYPES } from "@regulars/shared/events/tender";
import { LIMITS } from "@regulars/shared/limits";
import {
  type CurrencyFigures,
  expectedOf,
  type ShiftFigures,
} from "@regulars/shared/shift/figures";
import type { Found } from "../found.ts";
import { type ClosedShift, closedShifts } from "./shift-figures.ts";
import {
  firstOf,
  inOrder,
  keyOf,
  placeOf,
  type RowOf,
  rowsOfKind,
  type StoreDay,
} from "./store-day.ts";

interface Difference {
  readonly field: string;
  readonly currency: string | null;
  readonly reported: number;
  readonly computed: number;
}

/** One per Z that is about rows which are all here; of others the gap is told, or what is waited for. */
export const checkZFigures = (day: StoreDay): Found[] =>
  closedShifts(day)
    .filter(({ isWhole }) => isWhole)
    .flatMap((shift): Found[] => {
      const [first] = differencesOf(shift);
      return first ? [zDiffers(shift.close, differencesOf(shift), first)] : [];
    });

function differencesOf({ close, rows, figures }: ClosedShift): Difference[] {
  const { body } = close.event;
  const counts = rows
    .flatMap((row) => (row.event?.kind === "count" ? [{ row, count: row.event.body }] : []))
    .toSorted((a, b) => inOrder(firstOf(a.row), firstOf(b.row)));
  return [
    ...figureDifferences(body.figures, figures),
    ...countDifferences(body.compared, counts.at(-1)?.count ?? null, figures),
  ].filter(({ reported, computed }) => reported !== computed);
}

const NUMBERS = [
  "salesMinor", "returnsMinor", "voidsMinor", "adjustmentsMinor", "untenderedMinor", "floatMinor",
  "paidInMinor", "paidOutMinor", "sales", "returns", "voids", "adjustments",
] as const; // prettier-ignore

/** What was taken comes first: it is what a person asks for. */
function figureDifferences(reported: ShiftFigures, computed: ShiftFigures): Difference[] {
  const currencies = new Set([
    ...Object.keys(reported.currencies),
    ...Object.keys(computed.currencies),
  ]);
  const money = [...currencies].toSorted().flatMap((currency): Difference[] => {
    const [z, journal] = [reported.currencies[currency], computed.currencies[currency]];
    const pair = (field: string, of: (figures: CurrencyFigures) => number): Difference => ({
      field,
      currency,
      reported: z ? of(z) : 0,
      computed: journal ? of(journal) : 0,
    });
    return [
      pair("net", netOf),
      ...TENDER_TYPES.map((type) => pair(type, ({ tenders }) => tenders[type] ?? 0)),
      ...NUMBERS.map((field) => pair(field, (figures) => figures[field])),
    ];
  });
  const counted = (["events", "noSales"] as const).map((field) => ({
    field,
    currency: null,
    reported: reported[field],
    computed: computed[field],
  }));
  return [...money, ...counted];
}

export const netOf = (of: CurrencyFigures): number =>
  of.salesMinor + of.returnsMinor + of.voidsMinor + of.adjustmentsMinor;

/** The Z's comparison against the newest count, and against what should have been there. */
function countDifferences(
  compared: readonly Compared[],
  count: Count | null,
  figures: ShiftFigures,
): Difference[] {
  const counted = new Map<string, number>();
  for (const { type, currency, amountMinor } of count?.counted ?? []) {
    const name = `${type}/${currency}`;
    counted.set(name, (counted.get(name) ?? 0) + amountMinor);
  }
  const ofZ = compared.flatMap((each): Difference[] => {
    const { type, currency } = each;
    const of = (field: string, reported: number, computed: number): Difference => ({
      field: `${type} ${field}`,
      currency,
      reported,
      computed,
    });
    return [
      of("counted", each.countedMinor, counted.get(`${type}/${currency}`) ?? 0),
      of("expected", each.expectedMinor, expectedOf(figures, type, currency)),
      of("difference", each.differenceMinor, each.countedMinor - each.expectedMinor),
    ];
  });
  const isCompared = new Set(compared.map(({ type, currency }) => `${type}/${currency}`));
  const leftOut = [...counted].filter(([name]) => !isCompared.has(name));
  return [
    ...ofZ,
    ...leftOut.map(([name, computed]): Difference => {
      const [type = "", currency = null] = name.split("/");
      return { field: `${type} counted`, currency, reported: 0, computed };
    }),
  ];
}

/** The amount is the first difference of money, so of what was taken where that differs. */
function zDiffers(
  close: RowOf<"close">,
  differences: readonly Difference[],
  first: Difference,
): Found {
  const money = differences.find(({ currency, field }) => currency !== null && !COUNTS.has(field));
  const { field, reported, computed } = money ?? first;
  return {
    kind: "z_differs",
    about: keyOf(close),
    ...placeOf(close),
    currency: money?.currency ?? null,
    amountMinor: money ? reported - computed : null,
    evidence: {
      z: close.event.body.number,
      field,
      ...(money ? { reportedMinor: reported, journalMinor: computed } : { reported, computed }),
      fields: differences
        .slice(0, LIMITS.evidenceItems)
        .map((each) => (each.currency === null ? each.field : `${each.currency} ${each.field}`)),
    },
  };
}

const COUNTS: ReadonlySet<string> = new Set(["sales", "returns", "voids", "adjustments"]);

/**
 * Z reports and seals of a terminal go on counting by one, in the order in which it has made them. Where rows are missing between
 * two, that is told, and those that were skipped may be among them.
 */
export const checkZNumbers = (day: StoreDay): Found[] =>
  rowsOfKind(day, "close", "seal").flatMap((row): Found[] => {
    const { before, missing } = day.numberedBefore.get(keyOf(row)) ?? NOTHING_BEFORE;
    const expected = (before?.number ?? 0) + 1;
    const { number } = row.event.body;
    if (number === expected || mayHold(missing, number - expected, row) || isAhead(day, row)) return []; // prettier-ignore
    return [
      {
        kind: "z_number",
        about: keyOf(row),
        ...placeOf(row),
        currency: null,
        amountMinor: null,
        evidence: { number, expected, of: row.event.kind === "close" ? "z" : "seal" },
      },
    ];
  });

/**
 * Whether the reports that were skipped may be among the rows that are missing. A skipped shift was opened and closed, and only
 * the `open` of the first may be here; a skipped seal is one row.
 */
function mayHold(missing: number, skipped: number, { event }: RowOf<"close" | "seal">): boolean {
  return skipped > 0 && missing >= (event.kind === "close" ? 2 * skipped - 1 : skipped);
}

const NOTHING_BEFORE = { before: null, missing: 0 };

/**
 * A number that is too high where the one before is of another epoch, or none is here of an epoch that is not the first: those
 * between may be on their way (SYN7). Not for ever: a folder that came back from a backup has left some out.
 */
export function isAhead(
  { numberedBefore, nowMs }: Pick<StoreDay, "numberedBefore" | "nowMs">,
  row: RowOf<"close" | "seal">,
): boolean {
  const { before } = numberedBefore.get(keyOf(row)) ?? NOTHING_BEFORE;
  const isHigher = row.event.body.number > (before?.number ?? 0) + 1;
  if (!isHigher || nowMs >= aheadUntilMs(row)) return false;
  return before === null ? row.epoch > 1 : before.epoch !== row.epoch;
}

const aheadUntilMs = ({ acceptedMs }: RowOf<"close" | "seal">): number =>
  acceptedMs + LIMITS.zWaitMs;

/** When the first number that is ahead becomes a question, if one is. */
export const firstAheadMs = (day: StoreDay): number | null =>
  rowsOfKind(day, "close", "seal")
    .filter((row) => isAhead(day, row))
    .reduce<number | null>((first, row) => Math.min(first ?? Infinity, aheadUntilMs(row)), null);
