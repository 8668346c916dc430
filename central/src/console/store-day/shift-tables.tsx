/** @jsxImportSource hono/jsx */
// Shifts with their Z and X, tenders against counts, and what came after.
import { expectedOf, type CurrencyFigures } from "@regulars/shared/shift/figures";
import { TENDER_TYPES, type TenderType } from "@regulars/shared/events/tender";
import type { Column } from "../data-table.tsx";
import { type Money, moneyCells, moneyWords, signed, signedMoneyWords } from "../day-words.ts";
import { formatCount, formatCountOf, formatMoment, formatMoney, isoOf } from "../format.ts";
import { Time } from "../layout.tsx";
import { Badge } from "../parts.tsx";
import { rowHref } from "./links.ts";
import type { Amendment, Shift } from "./shifts.ts";
import { capital, reportName } from "./words.ts";

/** Where and when a table stands. */
export interface Place {
  readonly store: string;
  readonly day: string;
  readonly zone: string | null;
  readonly nowMs: number;
}

export function When({ ms, place }: { ms: number; place: Place }) {
  return <Time ms={ms}>{formatMoment(ms, place.zone, place.nowMs)}</Time>;
}

const netOf = (of: CurrencyFigures): number =>
  of.salesMinor + of.returnsMinor + of.voidsMinor + of.adjustmentsMinor;

const moneyOf = ({ figures }: Shift, read: (of: CurrencyFigures) => number): Money =>
  Object.fromEntries(
    Object.entries(figures?.currencies ?? {}).map(([currency, of]) => [currency, read(of)]),
  );

const differenceOf = ({ compared }: Shift): Money => {
  const sum: Record<string, number> = {};
  for (const { currency, differenceMinor } of compared) {
    sum[currency] = (sum[currency] ?? 0) + differenceMinor;
  }
  return sum;
};

const countOf = ({ figures }: Shift, read: (of: CurrencyFigures) => number): number =>
  Object.values(figures?.currencies ?? {}).reduce((sum, of) => sum + read(of), 0);

export function shiftColumns(place: Place): Column<Shift>[] {
  const { store, day } = place;
  return [
    {
      head: "Report",
      isName: true,
      csv: (shift) => reportName(shift),
      cell: (shift) => {
        const seq = shift.closeSeq ?? shift.openSeq;
        return seq === null ? (
          reportName(shift)
        ) : (
          <a
            href={rowHref(store, day, {
              source: shift.source,
              epoch: shift.closeEpoch ?? shift.epoch,
              seq,
            })}
          >
            {reportName(shift)}
          </a>
        );
      },
    },
    { head: "Terminal", csv: ({ source }) => source },
    {
      head: "State",
      csv: ({ closeSeq }) => (closeSeq === null ? "Open" : "Closed"),
      cell: ({ closeSeq, countedMs }) =>
        closeSeq !== null ? (
          <Badge tone="good">Closed</Badge>
        ) : (
          <Badge tone="waiting">{countedMs === null ? "Open" : "Counted, open"}</Badge>
        ),
    },
    {
      head: "Opened",
      csv: ({ openedMs }) => isoOf(openedMs),
      cell: ({ openedMs }) => (openedMs === null ? null : <When ms={openedMs} place={place} />),
    },
    {
      head: "Closed",
      csv: ({ closedMs }) => isoOf(closedMs),
      cell: ({ closedMs }) => (closedMs === null ? null : <When ms={closedMs} place={place} />),
    },
    {
      head: "Sales",
      isFigure: true,
      csv: (shift) => countOf(shift, ({ sales }) => sales),
      cell: (shift) =>
        shift.figures === null ? null : formatCount(countOf(shift, ({ sales }) => sales)),
    },
    { head: "Returns", isFileOnly: true, csv: (shift) => countOf(shift, ({ returns }) => returns) },
    { head: "Voids", isFileOnly: true, csv: (shift) => countOf(shift, ({ voids }) => voids) },
    { head: "No-sales", isFileOnly: true, csv: ({ figures }) => figures?.noSales ?? null },
    {
      head: "Net",
      isFigure: true,
      csv: (shift) => moneyCells(moneyOf(shift, netOf))[0],
      cell: (shift) =>
        shift.figures === null ? "too many rows to add up here" : moneyWords(moneyOf(shift, netOf)),
    },
    { head: "Net in", isFileOnly: true, csv: (shift) => moneyCells(moneyOf(shift, netOf))[1] },
    {
      head: "Over/short",
      isFigure: true,
      csv: (shift) => moneyCells(differenceOf(shift))[0],
      cell: (shift) => overShort(shift),
    },
    { head: "Over/short in", isFileOnly: true, csv: (shift) => moneyCells(differenceOf(shift))[1] },
    { head: "Reason", isFileOnly: true, csv: ({ reason }) => reason },
    {
      head: "Amended",
      csv: ({ amendments }) => amendments.length,
      cell: ({ amendments }) =>
        amendments.length === 0 ? null : (
          <a href="#amendments">{formatCountOf(amendments.length, "receipt")}</a>
        ),
    },
  ];
}

/** What staff wrote beside it may be about a customer: only the reason of the closed list is shown. */
function overShort(shift: Shift) {
  const words = signedMoneyWords(differenceOf(shift));
  if (words === null) return null;
  return (
    <>
      {words}
      {shift.reason === null ? null : (
        <span class="quiet why">{shift.reason.replaceAll("_", " ")}</span>
      )}
    </>
  );
}

export interface TenderLine {
  readonly shift: Shift;
  readonly type: TenderType;
  readonly currency: string;
  readonly expectedMinor: number;
  /** Null where nobody counted it. */
  readonly countedMinor: number | null;
}

/** One line per shift, tender and currency that something was taken in or counted of. */
export function tenderLines(shifts: readonly Shift[]): TenderLine[] {
  return shifts.flatMap((shift) =>
    Object.keys(shift.figures?.currencies ?? {}).flatMap((currency) =>
      TENDER_TYPES.flatMap((type) => {
        const counted = shift.compared.find(
          (each) => each.type === type && each.currency === currency,
        );
        const expectedMinor =
          counted?.expectedMinor ??
          (shift.figures === null ? 0 : expectedOf(shift.figures, type, currency));
        if (counted === undefined && expectedMinor === 0) return [];
        return [
          { shift, type, currency, expectedMinor, countedMinor: counted?.countedMinor ?? null },
        ];
      }),
    ),
  );
}

export function tenderColumns(): Column<TenderLine>[] {
  const difference = ({ countedMinor, expectedMinor }: TenderLine): number | null =>
    countedMinor === null ? null : countedMinor - expectedMinor;
  return [
    {
      head: "Tender",
      isName: true,
      csv: ({ type }) => capital(type),
    },
    { head: "Report", csv: ({ shift }) => reportName(shift) },
    { head: "Terminal", csv: ({ shift }) => shift.source },
    { head: "Currency", isFileOnly: true, csv: ({ currency }) => currency },
    {
      head: "Expected",
      isFigure: true,
      csv: ({ expectedMinor }) => expectedMinor,
      cell: ({ expectedMinor, currency }) => formatMoney(expectedMinor, currency),
    },
    {
      head: "Counted",
      isFigure: true,
      csv: ({ countedMinor }) => countedMinor,
      cell: ({ countedMinor, currency }) =>
        countedMinor === null ? null : formatMoney(countedMinor, currency),
    },
    {
      head: "Difference",
      isFigure: true,
      csv: difference,
      cell: (line) => {
        const minor = difference(line);
        if (minor === null) return null;
        if (minor === 0) return <Badge tone="good">none</Badge>;
        return <Badge tone="bad">{signed(minor, line.currency)}</Badge>;
      },
    },
  ];
}

export interface AmendmentLine {
  /** Null where no Z report of the day is here. */
  readonly shift: Shift | null;
  readonly amendment: Amendment;
}

export const amendmentLines = (
  shifts: readonly Shift[],
  others: readonly Amendment[],
): AmendmentLine[] => [
  ...shifts.flatMap((shift) => shift.amendments.map((amendment) => ({ shift, amendment }))),
  ...others.map((amendment) => ({ shift: null, amendment })),
];

export function amendmentColumns(place: Place): Column<AmendmentLine>[] {
  return [
    {
      head: "Receipt",
      isName: true,
      csv: ({ amendment }) => amendment.receipt ?? `#${amendment.seq}`,
      cell: ({ amendment }) => (
        <a href={rowHref(place.store, place.day, amendment)}>
          {amendment.receipt ?? `#${amendment.seq}`}
        </a>
      ),
    },
    {
      head: "Amends",
      csv: ({ shift }) => (shift === null ? null : reportName(shift)),
    },
    { head: "Terminal", csv: ({ amendment }) => amendment.source },
    { head: "Kind", csv: ({ amendment }) => capital(amendment.kind) },
    {
      head: "Happened",
      csv: ({ amendment }) => isoOf(amendment.atMs),
      cell: ({ amendment: { atMs } }) => (atMs === null ? null : <When ms={atMs} place={place} />),
    },
    {
      head: "Came in",
      csv: ({ amendment }) => isoOf(amendment.acceptedMs),
      cell: ({ amendment }) => <When ms={amendment.acceptedMs} place={place} />,
    },
    {
      head: "Amount",
      isFigure: true,
      csv: ({ amendment }) => amendment.totalMinor,
      cell: ({ amendment: { totalMinor, currency } }) =>
        totalMinor === null || currency === null ? null : formatMoney(totalMinor, currency),
    },
    { head: "Currency", isFileOnly: true, csv: ({ amendment }) => amendment.currency },
  ];
}
