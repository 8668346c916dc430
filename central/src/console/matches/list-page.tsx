/** @jsxImportSource hono/jsx */
import { stampToMs } from "@regulars/shared/clock";
import type { PotentialMatch, PotentialPage } from "../../steward/potential-matches.ts";
import { type Column, DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCount, formatCountOf, formatTime } from "../format.ts";
import { Layout, Time } from "../layout.tsx";
import { shortReasonWords } from "./words.ts";

export interface QueueRow {
  readonly match: PotentialMatch;
  readonly names: readonly [string | null, string | null];
  /** Name of somebody else who is looking at it. */
  readonly other: string | null;
}

const asOfMs = ({ match: { asOf } }: QueueRow): number | null => {
  const newest = asOf.toSorted().at(-1) ?? "";
  return newest === "" ? null : stampToMs(newest);
};

export const QUEUE_COLUMNS: readonly Column<QueueRow>[] = [
  {
    head: "Pair",
    csv: ({ names }) => names.map((name) => name ?? "").join(" / "),
    cell: ({ match, names, other }) => (
      <>
        <a href={`/matches/${match.customers.join("/")}`}>
          {names.map((name) => name ?? "Without a name").join(" · ")}
        </a>
        {other === null ? null : <span class="look">{other} is looking at it</span>}
      </>
    ),
    isName: true,
  },
  { head: "One", csv: ({ match }) => match.customers[0], isFileOnly: true },
  { head: "Two", csv: ({ match }) => match.customers[1], isFileOnly: true },
  {
    head: "Reasons",
    csv: ({ match }) => match.reasons.join(" "),
    cell: ({ match }) => match.reasons.map((each) => shortReasonWords(each)).join(", "),
  },
  {
    head: "Bits",
    csv: ({ match }) => match.weight,
    cell: ({ match }) => (match.weight === null ? "–" : match.weight.toFixed(1)),
    isFigure: true,
  },
  {
    head: "Purchases",
    csv: ({ match }) => match.sales.join(" / "),
    cell: ({ match }) => match.sales.map((each) => formatCount(each)).join(" / "),
    isFigure: true,
  },
  {
    head: "Latest event",
    csv: (row) => {
      const ms = asOfMs(row);
      return ms === null ? null : new Date(ms).toISOString();
    },
    cell: (row) => {
      const ms = asOfMs(row);
      if (ms === null) return "–";
      return (
        <span class="quiet">
          <Time ms={ms}>{formatTime(ms, null)}</Time>
        </span>
      );
    },
  },
  {
    head: "Priority",
    csv: ({ match }) => match.priority,
    cell: ({ match }) => match.priority.toFixed(0),
    isFigure: true,
  },
];

export function QueueListPage(props: {
  page: PageContext;
  rows: readonly QueueRow[];
  queue: Pick<PotentialPage, "count" | "next">;
  isFirst: boolean;
}) {
  const { page, rows, queue, isFirst } = props;
  const { count, next } = queue;
  return (
    <Layout page={page} title="Potential matches">
      <p class="crumbs">
        <a href="/matches">Work through them</a>
      </p>
      <h1>Potential matches</h1>
      <DataTable
        id="queue"
        title="First by priority"
        columns={QUEUE_COLUMNS}
        rows={rows}
        empty="No pair waits."
        csvHref={page.may("export") ? "/matches/list?csv=queue" : null}
        next={
          next === null ? null : `/matches/list?${new URLSearchParams({ after: next }).toString()}`
        }
        note={`${formatCountOf(count, "pair")} of customers who may be one person: how likely, how strong the conflict, and how much hangs on it make the priority.`}
      />
      {isFirst ? null : (
        <p class="more">
          <a href="/matches/list">Back to the first</a>
        </p>
      )}
    </Layout>
  );
}
