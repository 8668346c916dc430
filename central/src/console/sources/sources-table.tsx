/** @jsxImportSource hono/jsx */
import type { Column } from "../data-table.tsx";
import { formatCount, formatMoment, isoOf } from "../format.ts";
import { Time } from "../layout.tsx";
import { Badge } from "../parts.tsx";
import { storeHref } from "../store-day/links.ts";
import { capital, offsetWords } from "../store-day/words.ts";
import type { Source } from "./read-sources.ts";

export const sourceHref = (source: string): string => `/sources/${encodeURIComponent(source)}`;

export const kindWords = (kind: string | null): string =>
  kind === null ? "not known" : kind === "till" ? "Till" : `Connector, ${kind}`;

/** "5 (4)": of events, and of the conversation. */
export const versionWords = ({ schema, protocol }: Source): string | null =>
  schema === null ? null : `${schema}${protocol === null ? "" : ` (${protocol})`}`;

const missingOf = ({ atEdge, journaled }: Source): number | null =>
  atEdge === null ? null : Math.max(0, atEdge - journaled);

export function sourceColumns(nowMs: number): Column<Source>[] {
  return [
    {
      head: "Source",
      isName: true,
      csv: ({ source }) => source,
      cell: ({ source }) => <a href={sourceHref(source)}>{source}</a>,
    },
    {
      head: "Store",
      csv: ({ store }) => store,
      cell: ({ store }) => <a href={storeHref(store)}>{store}</a>,
    },
    { head: "Kind", csv: ({ kind }) => kindWords(kind) },
    {
      head: "Health",
      csv: ({ symptoms }) => symptoms.map(({ words }) => words).join("; "),
      cell: ({ symptoms }) => (
        <span class="marks">
          {symptoms.map(({ tone, words }) => (
            <Badge tone={tone}>{capital(words)}</Badge>
          ))}
        </span>
      ),
    },
    {
      head: "Last seen",
      csv: ({ lastSeenMs }) => isoOf(lastSeenMs),
      cell: ({ lastSeenMs, zone }) =>
        lastSeenMs === null ? null : (
          <Time ms={lastSeenMs}>{formatMoment(lastSeenMs, zone, nowMs)}</Time>
        ),
    },
    {
      head: "Rows here",
      isFigure: true,
      csv: ({ journaled }) => journaled,
      cell: ({ journaled }) => formatCount(journaled),
    },
    {
      head: "Not here yet",
      isFigure: true,
      csv: missingOf,
      cell: (source) => {
        const count = missingOf(source);
        return count === null || count === 0 ? null : formatCount(count);
      },
    },
    { head: "Golden", isFileOnly: true, csv: ({ golden }) => golden },
    { head: "Waiting since", isFileOnly: true, csv: ({ waitingSinceMs }) => isoOf(waitingSinceMs) },
    {
      head: "Clock",
      csv: ({ clockOffsetMs }) => clockOffsetMs,
      cell: ({ clockOffsetMs }) => (clockOffsetMs === null ? null : offsetWords(clockOffsetMs)),
    },
    { head: "Version", csv: versionWords },
    { head: "Epochs", isFileOnly: true, csv: ({ epochs }) => epochs.length },
    { head: "Forks", isFileOnly: true, csv: ({ forks }) => forks },
    { head: "Quarantined", isFileOnly: true, csv: ({ quarantined }) => quarantined },
    { head: "Refused", isFileOnly: true, csv: ({ refused }) => refused },
  ];
}
