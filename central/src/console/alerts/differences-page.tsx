/** @jsxImportSource hono/jsx */
import type { JournalsCursor, ProfilesCursor } from "../../compare/cursor.ts";
import type { Difference } from "../../compare/differences.ts";
import type { CompareStatus } from "../../compare/status.ts";
import { type Column, DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCount, formatCountOf, formatTime } from "../format.ts";
import { Figure } from "../layout.tsx";
import { Badge } from "../parts.tsx";
import { AlertsLayout, isoOf, When } from "./parts.tsx";
import { DIFFERENCE_NAMES, doneWords, whatWords } from "./words.ts";

export interface DifferencesPageProps {
  readonly page: PageContext;
  readonly status: CompareStatus;
  readonly differences: readonly Difference[];
  readonly next: string | null;
  readonly zone: string;
  readonly nowMs: number;
}

export function DifferencesPage(props: DifferencesPageProps) {
  const { page, status, differences, next, zone, nowMs } = props;
  const standing = Object.values(status.standing).reduce((sum, each) => sum + each, 0);
  const found = Object.values(status.found).reduce((sum, each) => sum + each, 0);
  return (
    <AlertsLayout
      page={page}
      title="Edge and centre"
      subtitle="Both sides derive every profile for themselves. They are compared all the time, and what differs is mended."
    >
      <dl class="figures">
        <Figure label="Differ now" note={`of ${formatCount(found)} ever found`} href="#differences">
          {formatCount(standing)}
        </Figure>
        <Figure label="Customers" note={roundWords(status.profiles, zone, nowMs)}>
          {formatCountOf(status.profiles.compared, "compared", "compared")}
        </Figure>
        <Figure label="Store-days" note={roundWords(status.journals, zone, nowMs)}>
          {formatCountOf(status.journals.compared, "compared", "compared")}
        </Figure>
      </dl>
      <DataTable
        id="differences"
        title="Differences"
        columns={differenceColumns(page, zone, nowMs)}
        rows={differences}
        empty="None was ever found."
        csvHref={page.may("export") ? "/alerts/differences?csv=differences" : null}
        next={next}
        note="What is merely on its way is no difference: both sides are at rest when they are compared."
      />
    </AlertsLayout>
  );
}

function roundWords(
  { rounds, finishedMs }: ProfilesCursor | JournalsCursor,
  zone: string,
  nowMs: number,
): string {
  if (finishedMs === null) return "in the first round, which is under way";
  return `since ${formatTime(finishedMs, zone, nowMs)}; ${formatCountOf(rounds, "round")} before`;
}

export function differenceColumns(
  page: PageContext,
  zone: string,
  nowMs: number,
): Column<Difference>[] {
  return [
    {
      head: "State",
      csv: ({ repairedMs }) => (repairedMs === null ? "differs" : "mended"),
      cell: ({ repairedMs }) =>
        repairedMs === null ? <Badge tone="bad">Differs</Badge> : <Badge tone="good">Mended</Badge>,
    },
    {
      head: "Of",
      isName: true,
      csv: ({ subject }) => subject,
      cell: (difference) => <Subject page={page} difference={difference} />,
    },
    { head: "Kind", isFileOnly: true, csv: ({ kind }) => kind },
    {
      head: "What",
      csv: ({ detail }) => detail.what.join(" "),
      cell: ({ detail }) =>
        detail.what
          .slice(0, SHOWN)
          .map((each) => whatWords(each))
          .join("; "),
    },
    {
      head: "Done about it",
      csv: ({ detail }) => detail.done.join(" "),
      cell: ({ detail }) => (detail.done.length === 0 ? null : doneWords(detail.done)),
    },
    { head: "Digest at the edge", isFileOnly: true, csv: ({ detail }) => detail.edge },
    { head: "Digest at the centre", isFileOnly: true, csv: ({ detail }) => detail.centre },
    {
      head: "Found",
      csv: ({ foundMs }) => isoOf(foundMs),
      cell: ({ foundMs }) => <When ms={foundMs} zone={zone} nowMs={nowMs} />,
    },
    {
      head: "Mended",
      csv: ({ repairedMs }) => isoOf(repairedMs),
      cell: ({ repairedMs, detail }) =>
        repairedMs === null ? (
          <span class="quiet">tried {formatCountOf(detail.tries, "time")}</span>
        ) : (
          <When ms={repairedMs} zone={zone} nowMs={nowMs} />
        ),
    },
  ];
}

const SHOWN = 3;

/** A customer by its id alone: whoever may see more follows the link. */
function Subject({
  page,
  difference: { kind, subject },
}: {
  page: PageContext;
  difference: Difference;
}) {
  const name = DIFFERENCE_NAMES[kind];
  const isJournal = kind === "journal";
  const href = isJournal
    ? page.may("days.read") ? `/stores/${subject}` : null
    : page.may("customers.read") ? `/customers/${subject}` : null; // prettier-ignore
  return (
    <>
      {name}{" "}
      {href === null ? (
        <span class="id">{subject}</span>
      ) : (
        <a class="id" href={href}>
          {subject}
        </a>
      )}
    </>
  );
}
