/** @jsxImportSource hono/jsx */
// Card sales and settlement of store-days, side by side.
import { filterQuery } from "../../reconcile/exceptions/filters.ts";
import { differenceOf, type SettledDay } from "../../reconcile/settlement/list.ts";
import type { Column } from "../data-table.tsx";
import { formatCount, formatMoney } from "../format.ts";
import { Badge } from "../parts.tsx";

export const DAY_COLUMNS: readonly Column<SettledDay>[] = [
  {
    head: "Day",
    csv: ({ businessDay }) => businessDay,
    cell: ({ store, businessDay }) => <a href={`/stores/${store}/${businessDay}`}>{businessDay}</a>,
    isName: true,
  },
  { head: "Store", csv: ({ store }) => store },
  { head: "Currency", csv: ({ currency }) => currency, isFileOnly: true },
  {
    head: "Taken by card",
    csv: ({ cardMinor }) => cardMinor,
    cell: ({ cardMinor, currency }) => money(cardMinor, currency),
    isFigure: true,
  },
  {
    head: "Settled",
    csv: ({ settledMinor }) => settledMinor,
    cell: ({ settledMinor, currency }) => money(settledMinor, currency),
    isFigure: true,
  },
  {
    head: "Payments",
    csv: ({ lines }) => lines,
    cell: ({ lines }) => formatCount(lines),
    isFigure: true,
  },
  {
    head: "Fees",
    csv: ({ feeMinor }) => feeMinor,
    cell: ({ feeMinor, currency, settledMinor }) =>
      settledMinor === null ? null : formatMoney(feeMinor, currency),
    isFigure: true,
  },
  {
    head: "Difference",
    csv: differenceOf,
    cell: (day) => money(differenceOf(day), day.currency),
    isFigure: true,
  },
  {
    head: "State",
    csv: (day) => stateOf(day).words,
    cell: (day) => {
      const { tone, words, isQuestion } = stateOf(day);
      const badge = <Badge tone={tone}>{words}</Badge>;
      if (!isQuestion) return badge;
      const { store, businessDay } = day;
      return (
        <a
          class="settlement-state"
          href={`/exceptions${filterQuery({ state: "all", store, day: businessDay })}`}
        >
          {badge}
        </a>
      );
    },
  },
];

const money = (minor: number | null, currency: string): string | null =>
  minor === null ? null : formatMoney(minor, currency);

function stateOf(day: SettledDay) {
  const difference = differenceOf(day);
  if (day.settledMinor === null) {
    return day.cardMinor === 0
      ? ({ tone: "good", words: "Nothing to settle", isQuestion: false } as const)
      : ({ tone: "waiting", words: "Not settled yet", isQuestion: false } as const);
  }
  if (difference === null)
    return { tone: "none", words: "Not checked yet", isQuestion: false } as const;
  return difference === 0
    ? ({ tone: "good", words: "Agrees", isQuestion: false } as const)
    : ({ tone: "bad", words: "Differs", isQuestion: true } as const);
}
