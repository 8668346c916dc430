/** @jsxImportSource hono/jsx */
// One till or connector: its epochs, what of it could not be used, and whether it is let in.
import { type Column, DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCount, formatMoment, formatTime, isoOf } from "../format.ts";
import { Layout, Time } from "../layout.tsx";
import { Badge, Facts } from "../parts.tsx";
import { rowHref, storeHref } from "../store-day/links.ts";
import { capital, offsetWords } from "../store-day/words.ts";
import type { WriterState } from "../writers.ts";
import type { Aside, Source } from "./read-sources.ts";
import { kindWords, sourceHref, versionWords } from "./sources-table.tsx";

export interface SourcePageProps {
  readonly page: PageContext;
  /** One per store that it was ever in; the last is where it is. */
  readonly sources: readonly [Source, ...Source[]];
  readonly aside: readonly Aside[];
  readonly nowMs: number;
}

export function SourcePage({ page, sources, aside, nowMs }: SourcePageProps) {
  const [first] = sources;
  const { source } = first;
  const zone = first.zone;
  const epochs = sources.flatMap((each) => each.epochs);
  const csv = (table: string): string | null =>
    page.may("export") ? `${sourceHref(source)}?csv=${table}` : null;
  const isTill = sources.some((each) => each.kind === "till" && each.revokedAt === null);
  return (
    <Layout page={page} title={source}>
      <p class="crumbs">
        <a href="/sources">All sources</a>
      </p>
      <div class="head">
        <h1>{source}</h1>
        {isTill && page.may("tills.manage") ? (
          <p class="actions">
            <a class="button danger" href={`${sourceHref(source)}/revoke`}>
              Shut it out
            </a>
          </p>
        ) : null}
      </div>
      <div class="sides">
        {sources.map((each) => (
          <section class="panel" aria-label={`${source} in ${each.store}`}>
            <Facts facts={factsOf(each, nowMs)} />
          </section>
        ))}
      </div>
      <DataTable
        id="epochs"
        title="Epochs"
        note="A till whose journal was lost or copied goes on in another epoch; rows of the earlier one stay."
        columns={epochColumns(nowMs)}
        rows={epochs}
        empty="It has sent nothing yet."
        csvHref={csv("epochs")}
      />
      <DataTable
        id="aside"
        title="Kept and not used"
        columns={asideColumns(source, { zone, nowMs })}
        rows={aside}
        empty="Everything that it has sent could be used."
        csvHref={csv("aside")}
      />
    </Layout>
  );
}

const utc = (at: string): string => `${formatTime(Date.parse(at), null)} UTC`;

function factsOf(each: Source, nowMs: number) {
  const { store, kind, lastSeenMs, zone, clockOffsetMs, enrolledAt, revokedAt } = each;
  return [
    ["Store", <a href={storeHref(store)}>{store}</a>],
    ["Kind", kindWords(kind)],
    [
      "Health",
      <span class="marks">
        {each.symptoms.map(({ tone, words }) => (
          <Badge tone={tone}>{capital(words)}</Badge>
        ))}
      </span>,
    ],
    ["Last seen", lastSeenMs === null ? "never" : formatMoment(lastSeenMs, zone, nowMs)],
    ["Clock", clockOffsetMs === null ? "not known" : offsetWords(clockOffsetMs)],
    ["Version", versionWords(each) ?? "not told yet"],
    ...(kind === "till" && enrolledAt !== null ? [["Let in", utc(enrolledAt)] as const] : []),
    ...(revokedAt === null ? [] : [["Shut out", utc(revokedAt)] as const]),
  ] as const;
}

export function epochColumns(nowMs: number): Column<WriterState>[] {
  return [
    { head: "Epoch", isName: true, csv: ({ epoch }) => epoch },
    { head: "Store", csv: ({ store }) => store },
    {
      head: "Rows here",
      isFigure: true,
      csv: ({ journaled }) => journaled,
      cell: ({ journaled }) => formatCount(journaled),
    },
    {
      head: "Golden",
      isFigure: true,
      csv: ({ golden }) => golden,
      cell: ({ golden }) => formatCount(golden),
    },
    {
      head: "Last seen",
      csv: ({ lastSeenMs }) => isoOf(lastSeenMs),
      cell: ({ lastSeenMs, zone }) => (
        <Time ms={lastSeenMs}>{formatMoment(lastSeenMs, zone, nowMs)}</Time>
      ),
    },
    {
      head: "Forks",
      isFigure: true,
      csv: ({ forks }) => forks,
      cell: ({ forks }) => (forks === 0 ? null : formatCount(forks)),
    },
    {
      head: "Quarantined",
      isFigure: true,
      csv: ({ quarantined }) => quarantined,
      cell: ({ quarantined }) => (quarantined === 0 ? null : formatCount(quarantined)),
    },
    {
      head: "Damaged",
      isFigure: true,
      csv: ({ refused }) => refused,
      cell: ({ refused }) => (refused === 0 ? null : formatCount(refused)),
    },
  ];
}

export function asideColumns(
  source: string,
  { zone, nowMs }: { readonly zone: string | null; readonly nowMs: number },
): Column<Aside>[] {
  return [
    {
      head: "Row",
      isName: true,
      csv: ({ seq }) => seq,
      cell: ({ seq, epoch, store, day }) => {
        if (seq === null) return "not a row";
        const key = { source, epoch, seq };
        return store === null || day === null ? (
          formatCount(seq)
        ) : (
          <a href={rowHref(store, day, key)}>{formatCount(seq)}</a>
        );
      },
    },
    { head: "Epoch", isFigure: true, csv: ({ epoch }) => epoch },
    {
      head: "Why",
      csv: ({ code }) => code,
      cell: ({ code }) => (
        <Badge tone={code === "fork" ? "serious" : "waiting"}>{capital(code)}</Badge>
      ),
    },
    {
      head: "Since",
      csv: ({ sinceMs }) => isoOf(sinceMs),
      cell: ({ sinceMs }) => <Time ms={sinceMs}>{formatMoment(sinceMs, zone, nowMs)}</Time>,
    },
  ];
}
