/** @jsxImportSource hono/jsx */
import { filterQuery, type Filters } from "../../reconcile/exceptions/filters.ts";
import type { StoredException } from "../../reconcile/exceptions/read.ts";
import { titleOf, wordsOf } from "../../reconcile/exceptions/words.ts";
import type { Column } from "../data-table.tsx";
import { formatMoney, formatTime } from "../format.ts";
import { Time } from "../layout.tsx";
import { Badge, SeverityBadge } from "../parts.tsx";
import { STATE_WORDS } from "./life-words.ts";
import type { Names } from "./people.ts";

/** Also of the file; `filters` are the list that one goes on in. */
export const exceptionColumns = (
  filters: Filters,
  names: Names,
  nowMs: number,
): Column<StoredException>[] => [
  { head: "Number", csv: ({ n }) => n, isFileOnly: true },
  {
    head: "What",
    csv: ({ kind }) => titleOf(kind),
    cell: (exception) => (
      <>
        <a href={`/exceptions/${exception.n}${filterQuery(filters)}`}>{titleOf(exception.kind)}</a>
        <span class="quiet exception-sentence">{wordsOf(exception).sentence}</span>
      </>
    ),
    isName: true,
  },
  { head: "In words", csv: (exception) => wordsOf(exception).sentence, isFileOnly: true },
  { head: "Severity", csv: ({ severity }) => severity, isFileOnly: true },
  {
    head: "State",
    csv: ({ state }) => state,
    cell: ({ severity, state }) => (
      <span class="exception-badges">
        <SeverityBadge severity={severity} />
        <Badge tone={STATE_WORDS[state].tone}>{STATE_WORDS[state].words}</Badge>
      </span>
    ),
  },
  {
    head: "Store and day",
    csv: ({ store }) => store,
    cell: ({ store, businessDay }) => (
      <span class="exception-day">
        <a href={`/stores/${store}/${businessDay}`}>{store}</a>{" "}
        <span class="quiet">{businessDay}</span>
      </span>
    ),
  },
  { head: "Day", csv: ({ businessDay }) => businessDay, isFileOnly: true },
  { head: "Terminal", csv: ({ source }) => source, isFileOnly: true },
  { head: "Epoch", csv: ({ epoch }) => epoch, isFileOnly: true },
  { head: "Row", csv: ({ seq }) => seq, isFileOnly: true },
  {
    head: "Amount",
    csv: ({ amountMinor }) => amountMinor,
    cell: ({ amountMinor, currency }) =>
      amountMinor === null || currency === null ? null : formatMoney(amountMinor, currency),
    isFigure: true,
  },
  { head: "Currency", csv: ({ currency }) => currency, isFileOnly: true },
  {
    head: "Since",
    csv: ({ openedMs }) => new Date(openedMs).toISOString(),
    cell: ({ openedMs, zone }) => <Time ms={openedMs}>{formatTime(openedMs, zone, nowMs)}</Time>,
  },
  {
    head: "With",
    csv: ({ assignee }) => (assignee === null ? null : names(assignee)),
    cell: ({ assignee }) =>
      assignee === null ? (
        <span class="exception-with quiet">Nobody</span>
      ) : (
        <span class="exception-with">{names(assignee)}</span>
      ),
  },
];
