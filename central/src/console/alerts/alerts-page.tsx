/** @jsxImportSource hono/jsx */
import type { CompareStatus } from "../../compare/status.ts";
import { type Column, DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCount, formatCountOf } from "../format.ts";
import { Figure } from "../layout.tsx";
import { Badge, Notice, SeverityBadge } from "../parts.tsx";
import { AlertsLayout, isoOf, When } from "./parts.tsx";
import type { AlertRow } from "./queries.ts";
import { kindName } from "./words.ts";

export interface AlertsPageProps {
  readonly page: PageContext;
  readonly standing: readonly AlertRow[];
  readonly past: readonly AlertRow[];
  /** Where older ones are. */
  readonly next: string | null;
  readonly isFirst: boolean;
  readonly waiting: number;
  readonly hasWays: boolean;
  readonly compare: CompareStatus;
  readonly zone: string;
  readonly nowMs: number;
}

export function AlertsPage(props: AlertsPageProps) {
  const { page, standing, past, next, isFirst, hasWays, zone, nowMs } = props;
  const csv = (id: string) => (page.may("export") ? `/alerts?csv=${id}` : null);
  return (
    <AlertsLayout
      page={page}
      title="Alerts"
      subtitle={`What somebody has to know of. Times are of ${zone}.`}
    >
      {hasWays ? null : (
        <Notice tone="waiting">
          Nobody is told of alerts yet: neither a mail server nor a webhook is set up.{" "}
          <a href="/alerts/ways">How to set one up</a>
        </Notice>
      )}
      {isFirst ? <Figures {...props} /> : null}
      {isFirst ? (
        <DataTable
          id="standing"
          title="Standing"
          columns={columnsOf(zone, nowMs).filter(({ head }) => head !== "Until")}
          rows={standing}
          empty="Nothing stands. Stores are heard of, journals are whole, and both sides are the same."
          csvHref={csv("standing")}
        />
      ) : null}
      <DataTable
        id="past"
        title={isFirst ? "Past" : "Past, further back"}
        columns={columnsOf(zone, nowMs)}
        rows={past}
        empty="Nothing has passed yet."
        csvHref={csv("past")}
        next={next}
      />
    </AlertsLayout>
  );
}

function Figures({ standing, waiting, compare }: AlertsPageProps) {
  const serious = standing.filter(({ severity }) => severity === "serious").length;
  const differing = Object.values(compare.standing).reduce((sum, each) => sum + each, 0);
  return (
    <dl class="figures">
      <Figure label="Serious" note="cannot wait" href="#standing">
        {formatCount(serious)}
      </Figure>
      <Figure label="Others that stand" note="warnings and hints" href="#standing">
        {formatCount(standing.length - serious)}
      </Figure>
      <Figure
        label="Edge and centre differ in"
        note={
          compare.profiles.rounds === 0
            ? "the first round is under way"
            : `${formatCountOf(compare.profiles.rounds, "round")} over all customers`
        }
        href="/alerts/differences"
      >
        {formatCount(differing)}
      </Figure>
      <Figure
        label="Messages on their way"
        note="until somebody has taken them"
        href="/alerts/ways"
      >
        {formatCount(waiting)}
      </Figure>
    </dl>
  );
}

export function columnsOf(zone: string, nowMs: number): Column<AlertRow>[] {
  const when = (ms: number) => <When ms={ms} zone={zone} nowMs={nowMs} />;
  return [
    {
      head: "Severity",
      csv: ({ severity }) => severity,
      cell: ({ severity }) => <SeverityBadge severity={severity} />,
    },
    {
      head: "What",
      isName: true,
      csv: ({ words }) => words,
      cell: ({ words, href, kind }) => (
        <>
          <a href={href}>{words}</a>
          <span class="quiet kind">{kindName(kind)}</span>
        </>
      ),
    },
    { head: "Kind", isFileOnly: true, csv: ({ kind }) => kind },
    { head: "Subject", isFileOnly: true, csv: ({ subject }) => subject },
    {
      head: "Since",
      csv: ({ openedMs }) => isoOf(openedMs),
      cell: ({ openedMs }) => when(openedMs),
    },
    {
      head: "Until",
      csv: ({ endedMs }) => isoOf(endedMs),
      cell: ({ endedMs }) => (endedMs === null ? null : when(endedMs)),
    },
    {
      head: "Told",
      csv: ({ toldMs }) => isoOf(toldMs),
      cell: ({ toldMs, reminders, endedMs }) =>
        toldMs === null ? (
          <span class="quiet">{endedMs === null ? "not yet" : "nobody"}</span>
        ) : (
          <>
            {when(toldMs)}
            {reminders === 0 ? null : (
              <Badge tone="none">{formatCountOf(reminders, "reminder")}</Badge>
            )}
          </>
        ),
    },
    { head: "Reminders", isFileOnly: true, csv: ({ reminders }) => reminders },
  ];
}
