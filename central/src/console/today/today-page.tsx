/** @jsxImportSource hono/jsx */
// Did everything that happened in the stores reach us, and does it add up? Trouble first.
import type { EdgeSight } from "../../watch/edge-watch.ts";
import { DataTable } from "../data-table.tsx";
import { formatDay } from "../day-words.ts";
import type { PageContext } from "../environment.ts";
import { formatCountOf } from "../format.ts";
import { Layout } from "../layout.tsx";
import { FilterChips } from "../parts.tsx";
import type { StoreToday, Today } from "./read-today.ts";
import { EdgeNotice } from "./edge-notice.tsx";
import { HeadFigures, StatesPanel } from "./head-figures.tsx";
import { DayHours } from "./day-hours.tsx";
import { todayColumns } from "./today-table.tsx";
import { KEPT_STATES, keptOf, keptTitles, type TodayQuery, todayHref } from "./query.ts";

export interface TodayPageProps {
  readonly page: PageContext;
  readonly today: Today | null;
  /** Those that the filters leave, trouble first, from `query.from` on. */
  readonly shown: readonly StoreToday[];
  readonly next: string | null;
  readonly query: TodayQuery;
  readonly sight: EdgeSight;
  readonly nowMs: number;
}

export function TodayPage(props: TodayPageProps) {
  const { page, today } = props;
  return (
    <Layout page={page} title={today === null ? "Today" : `Today, ${formatDay(today.day)}`}>
      {today === null ? <NothingYet sight={props.sight} /> : <TodayPart {...props} today={today} />}
    </Layout>
  );
}

function NothingYet({ sight }: { sight: EdgeSight }) {
  return (
    <>
      <h1>Today</h1>
      <EdgeNotice sight={sight} />
      <p class="empty">
        No store has sent anything of a business day yet. A till is let in under{" "}
        <a href="/sources">Sources</a>.
      </p>
    </>
  );
}

/** What htmx fetches again by itself while one looks at the newest day. */
export function TodayPart(props: TodayPageProps & { readonly today: Today }) {
  const { page, today, shown, next, query, sight, nowMs } = props;
  const csv = page.may("export") ? todayHref(query, { day: today.day, csv: "stores" }) : null;
  const again = today.isNewest
    ? {
        "hx-get": todayHref(query, {}),
        "hx-trigger": "every 60s",
        "hx-swap": "outerHTML",
      }
    : {};
  return (
    <div id="today" {...again}>
      <div class="head">
        <div>
          <h1>{formatDay(today.day)}</h1>
          <p class="subtitle">
            {formatCountOf(today.stores.length, "store")}, each on its own business day
          </p>
        </div>
        <DayStepper today={today} query={query} />
      </div>
      <EdgeNotice sight={sight} />
      <HeadFigures today={today} query={query} nowMs={nowMs} />
      <div class="sides wide">
        <StatesPanel today={today} />
        <DayHours today={today} />
      </div>
      <div class="toolbar">
        <FilterChips
          label="Stores that are shown"
          tabs={KEPT_STATES.map((kept) => ({
            name: keptTitles[kept],
            count: today.stores.filter(keptOf(kept)).length,
            href: todayHref(query, { state: kept, from: 0 }),
            isHere: query.state === kept,
          }))}
        />
        <StoreSearch query={query} />
      </div>
      <DataTable
        id="stores"
        title="Stores"
        note="Trouble first. Bars are sales by hour, the dashed line those of the same day a week before."
        columns={todayColumns({ day: today.day, nowMs })}
        rows={shown}
        empty="No store is like that on this day."
        csvHref={csv}
        next={next}
      />
    </div>
  );
}

function DayStepper({ today, query }: { today: Today; query: TodayQuery }) {
  const { before, after, day } = today;
  return (
    <form class="stepper" method="get" action="/">
      {before === null ? null : (
        <a class="button" href={todayHref(query, { day: before, from: 0 })} data-key="p">
          Earlier <kbd>p</kbd>
        </a>
      )}
      <input type="date" name="day" value={day} aria-label="Business day" />
      <button type="submit">Show</button>
      {after === null ? null : (
        <a class="button" href={todayHref(query, { day: after, from: 0 })} data-key="n">
          Later <kbd>n</kbd>
        </a>
      )}
    </form>
  );
}

function StoreSearch({ query }: { query: TodayQuery }) {
  return (
    <form class="stepper" method="get" action="/" role="search" aria-label="Stores">
      {query.day === undefined ? null : <input type="hidden" name="day" value={query.day} />}
      {query.state === "all" ? null : <input type="hidden" name="state" value={query.state} />}
      <input
        type="search"
        name="store"
        value={query.store}
        maxlength={64}
        placeholder="Store"
        aria-label="Store, or a part of its name"
        data-key="s"
      />
      <button type="submit">Search</button>
    </form>
  );
}
