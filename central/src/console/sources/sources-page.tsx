/** @jsxImportSource hono/jsx */
// Tills and connectors: who sends, how far each has come, and who is let in.
import type { EdgeSight } from "../../watch/edge-watch.ts";
import { DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCount, formatMoment } from "../format.ts";
import { Figure, Layout } from "../layout.tsx";
import { FilterChips, Notice } from "../parts.tsx";
import { EdgeNotice } from "../today/edge-notice.tsx";
import { SHOWN, type Shown, shownOf, type SourcesQuery, sourcesHref } from "./query.ts";
import type { Source } from "./read-sources.ts";
import { sourceColumns } from "./sources-table.tsx";

export interface SourcesPageProps {
  readonly page: PageContext;
  readonly all: readonly Source[];
  /** What the filters leave, trouble first, from `query.from` on. */
  readonly shown: readonly Source[];
  readonly next: string | null;
  readonly query: SourcesQuery;
  readonly sight: EdgeSight;
  readonly nowMs: number;
}

const SHOWN_NAMES: Readonly<Record<Shown, string>> = {
  all: "All",
  trouble: "To be looked at",
  tills: "Tills",
  connectors: "Connectors",
};

export function SourcesPage(props: SourcesPageProps) {
  const { page, all, shown, next, query, sight, nowMs } = props;
  return (
    <Layout page={page} title="Sources">
      <div class="head">
        <div>
          <h1>Sources</h1>
          <p class="subtitle">Tills and connectors, and how far each has come</p>
        </div>
        {page.may("tills.manage") ? (
          <p class="actions">
            <a class="button primary" href="/sources/enrol" data-key="e">
              Let a till in <kbd>e</kbd>
            </a>
          </p>
        ) : null}
      </div>
      <EdgeNotice sight={sight} />
      {query.revoked === undefined ? null : (
        <Notice tone="good">
          {query.revoked} is shut out. What it has sent stays; what it sends from now on is refused.
        </Notice>
      )}
      <HeadFigures {...props} />
      <div class="toolbar">
        <FilterChips
          label="Sources that are shown"
          tabs={SHOWN.map((of) => ({
            name: SHOWN_NAMES[of],
            count: all.filter(shownOf(of)).length,
            href: sourcesHref(query, { show: of, from: 0 }),
            isHere: query.show === of,
          }))}
        />
        <form class="stepper" method="get" action="/sources" role="search" aria-label="Sources">
          {query.show === "all" ? null : <input type="hidden" name="show" value={query.show} />}
          <input
            type="search"
            name="find"
            value={query.find}
            maxlength={64}
            placeholder="Store or source"
            aria-label="Store or source, or a part of its name"
            data-key="s"
          />
          <button type="submit">Search</button>
        </form>
      </div>
      <DataTable
        id="sources"
        title="Tills and connectors"
        note={
          all.some(({ schema }) => schema !== null)
            ? "Trouble first. Version: of what its events hold, and of how it talks to the edge."
            : "Trouble first. Which version each runs is not known: the edge does not tell it."
        }
        columns={sourceColumns(nowMs)}
        rows={shown}
        empty="No source is like that."
        csvHref={page.may("export") ? sourcesHref(query, { csv: "sources" }) : null}
        next={next}
      />
    </Layout>
  );
}

function HeadFigures({ all, query, sight, nowMs }: SourcesPageProps) {
  const count = (of: Shown): number => all.filter(shownOf(of)).length;
  const sum = (of: (source: Source) => number): number =>
    all.reduce((total, source) => total + of(source), 0);
  const href = (show: Shown): string => sourcesHref(query, { show, from: 0, find: "" });
  const troubled = count("trouble");
  return (
    <dl class="figures">
      <Figure label="To be looked at" note={`of ${formatCount(all.length)}`} href={href("trouble")}>
        {formatCount(troubled)}
      </Figure>
      <Figure label="Tills" href={href("tills")}>
        {formatCount(count("tills"))}
      </Figure>
      <Figure label="Connectors" href={href("connectors")}>
        {formatCount(count("connectors"))}
      </Figure>
      <Figure label="Rows here" note="of all journals" href={href("all")}>
        {formatCount(sum(({ journaled }) => journaled))}
      </Figure>
      <Figure label="Not golden yet" note="of those" href={href("trouble")}>
        {formatCount(sum(({ journaled, golden }) => journaled - golden))}
      </Figure>
      <Figure label="Forks" note="refused" href={href("trouble")}>
        {formatCount(sum(({ forks }) => forks))}
      </Figure>
      <Figure label="Quarantined" note="kept whole" href="/intake">
        {formatCount(sum(({ quarantined }) => quarantined))}
      </Figure>
      <Figure label="The edge" note="in UTC">
        {sight.seenMs === null ? "Not asked yet" : formatMoment(sight.seenMs, null, nowMs)}
      </Figure>
    </dl>
  );
}
