/** @jsxImportSource hono/jsx */
// Terminals, heads of seals and exceptions of a store-day.
import type { Column } from "../data-table.tsx";
import { formatCount, formatMoney, isoOf } from "../format.ts";
import { Badge, SeverityBadge, type Tone } from "../parts.tsx";
import { rowHref, rowsHref } from "./links.ts";
import type { DayException, Terminal } from "./read-store-day.ts";
import type { CheckedSeal, HeadStanding } from "./seals.ts";
import { type Place, When } from "./shift-tables.tsx";
import { CLOCK_OFF_MS, kindWords, offsetWords } from "./words.ts";

export function terminalColumns(place: Place): Column<Terminal>[] {
  const { store, day } = place;
  return [
    {
      head: "Terminal",
      isName: true,
      csv: ({ source }) => source,
      cell: ({ source, epoch }) => (
        <a href={rowsHref(store, day, { source, epoch })}>
          {source}
          {epoch === 1 ? null : <span class="quiet"> epoch {epoch}</span>}
        </a>
      ),
    },
    { head: "Epoch", isFileOnly: true, csv: ({ epoch }) => epoch },
    {
      head: "Rows",
      isFigure: true,
      csv: ({ rows }) => rows,
      cell: ({ rows }) => formatCount(rows),
    },
    {
      head: "Numbers",
      isFigure: true,
      csv: ({ first, last }) => `${first}-${last}`,
      cell: ({ first, last }) => `${formatCount(first)}–${formatCount(last)}`,
    },
    {
      head: "Sales",
      isFigure: true,
      csv: ({ sales }) => sales,
      cell: ({ sales }) => formatCount(sales),
    },
    {
      head: "Returns",
      isFigure: true,
      csv: ({ returns }) => returns,
      cell: ({ returns }) => formatCount(returns),
    },
    {
      head: "Golden",
      csv: ({ isGolden }) => (isGolden ? "all" : "not all"),
      cell: ({ isGolden }) =>
        isGolden ? <Badge tone="good">All</Badge> : <Badge tone="waiting">Not all yet</Badge>,
    },
    {
      head: "Newest came in",
      csv: ({ acceptedMs }) => isoOf(acceptedMs),
      cell: ({ acceptedMs }) => <When ms={acceptedMs} place={place} />,
    },
    {
      head: "Clock",
      csv: ({ offsetMs: [least, most] }) => `${least} to ${most} ms`,
      cell: ({ offsetMs }) => clockCell(offsetMs),
    },
    {
      head: "Quarantined",
      isFigure: true,
      csv: ({ quarantined }) => quarantined,
      cell: ({ quarantined }) => (quarantined === 0 ? null : formatCount(quarantined)),
    },
  ];
}

function clockCell([least, most]: Terminal["offsetMs"]) {
  const worst = Math.abs(least) > Math.abs(most) ? least : most;
  return Math.abs(worst) > CLOCK_OFF_MS ? (
    <Badge tone="bad">{offsetWords(worst)}</Badge>
  ) : (
    offsetWords(worst)
  );
}

export interface HeadLine {
  readonly seal: CheckedSeal;
  readonly head: CheckedSeal["heads"][number];
}

export const headLines = (seals: readonly CheckedSeal[]): HeadLine[] =>
  seals.flatMap((seal) => seal.heads.map((head) => ({ seal, head })));

const STANDINGS: Readonly<Record<HeadStanding, { tone: Tone; words: string }>> = {
  true: { tone: "good", words: "True" },
  false: { tone: "serious", words: "Another row is here" },
  missing: { tone: "waiting", words: "Not here" },
};

export function headColumns({ store, day }: Place): Column<HeadLine>[] {
  return [
    { head: "Terminal", isName: true, csv: ({ head }) => head.source },
    { head: "Epoch", isFigure: true, csv: ({ head }) => head.epoch },
    {
      head: "Number",
      isFigure: true,
      csv: ({ head }) => head.seq,
      cell: ({ head }) => <a href={rowHref(store, day, head)}>{formatCount(head.seq)}</a>,
    },
    {
      head: "Hash",
      csv: ({ head }) => head.hash,
      cell: ({ head }) => <span class="id">{head.hash.slice(0, 12)}…</span>,
    },
    { head: "Seal", isFigure: true, csv: ({ seal }) => seal.seal.number },
    {
      head: "Is",
      csv: ({ head }) => STANDINGS[head.standing].words,
      cell: ({ head }) => (
        <Badge tone={STANDINGS[head.standing].tone}>{STANDINGS[head.standing].words}</Badge>
      ),
    },
  ];
}

const EXCEPTION_STATES: Readonly<Record<string, { tone: Tone; words: string }>> = {
  open: { tone: "bad", words: "Open" },
  explained: { tone: "waiting", words: "Explained" },
  approved: { tone: "good", words: "Approved" },
  settled: { tone: "none", words: "Settled" },
};

export function exceptionColumns(place: Place): Column<DayException>[] {
  const { store, day } = place;
  return [
    {
      head: "What",
      isName: true,
      csv: ({ kind }) => kindWords(kind),
      cell: ({ n, kind }) => <a href={`/exceptions/${n}`}>{kindWords(kind)}</a>,
    },
    {
      head: "Severity",
      csv: ({ severity }) => severity,
      cell: ({ severity }) => <SeverityBadge severity={severity} />,
    },
    {
      head: "State",
      csv: ({ state }) => state,
      cell: ({ state }) => {
        const { tone, words } = EXCEPTION_STATES[state] ?? { tone: "none", words: state };
        return <Badge tone={tone}>{words}</Badge>;
      },
    },
    { head: "Terminal", csv: ({ source }) => source },
    {
      head: "Row",
      isFigure: true,
      csv: ({ seq }) => seq,
      cell: ({ source, epoch, seq }) =>
        source === null || epoch === null || seq === null ? null : (
          <a href={rowHref(store, day, { source, epoch, seq })}>{formatCount(seq)}</a>
        ),
    },
    {
      head: "Amount",
      isFigure: true,
      csv: ({ amountMinor }) => amountMinor,
      cell: ({ amountMinor, currency }) =>
        amountMinor === null || currency === null ? null : formatMoney(amountMinor, currency),
    },
    { head: "Currency", isFileOnly: true, csv: ({ currency }) => currency },
    { head: "With", csv: ({ assignee }) => assignee },
    {
      head: "Found",
      csv: ({ openedMs }) => isoOf(openedMs),
      cell: ({ openedMs }) => <When ms={openedMs} place={place} />,
    },
  ];
}
