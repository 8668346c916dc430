/** @jsxImportSource hono/jsx */
// Did everything that happened in the stores reach us, and does it add up? Trouble first.
import type { EdgeSight } from "../../watch/edge-watch.ts";
import { Legend } from "../charts/legend.tsx";
import { ShareBar } from "../charts/share-bar.tsx";
import { DataTable } from "../data-table.tsx";
import { addMoney, formatDay, type Money, signed } from "../day-words.ts";
import type { PageContext } from "../environment.ts";
import { formatCount, formatCountOf, formatMoment, formatMoney, formatTime } from "../format.ts";
import { Figure, Layout, Time } from "../layout.tsx";
import { FilterChips, Notice } from "../parts.tsx";
import type { StoreToday, Today } from "./read-today.ts";
import { DayHours } from "./day-hours.tsx";
import { exceptionsHref, todayColumns } from "./today-table.tsx";
import { type Kept, KEPT_STATES, keptOf, keptTitles, type TodayQuery, todayHref } from "./query.ts";

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

export function EdgeNotice({ sight }: { sight: EdgeSight }) {
  if (sight.awaySinceMs === null) return null;
  const at = formatTime(sight.awaySinceMs, null);
  return (
    <Notice tone="waiting">
      The edge cannot be reached since <Time ms={sight.awaySinceMs}>{at} UTC</Time>. What stores
      have told it since is not known here; nothing is lost, and it comes when the edge is back.
    </Notice>
  );
}

function HeadFigures(props: { today: Today; query: TodayQuery; nowMs: number }) {
  const { today, query, nowMs } = props;
  const { stores, day } = today;
  const figures = stores.flatMap(({ row }) => row?.figures ?? []);
  const sum = (of: (each: (typeof figures)[number]) => number): number =>
    figures.reduce((total, each) => total + of(each), 0);
  const add = (of: (each: (typeof figures)[number]) => Money): Money =>
    figures.reduce<Money>((total, each) => addMoney(total, of(each)), {});
  const count = (kept: Kept): number => stores.filter(keptOf(kept)).length;
  const serious = stores.reduce((total, { open }) => total + open.serious, 0);
  const others = stores.reduce((total, { open }) => total + open.warning + open.info, 0);
  const oldest = oldestOf(stores);
  const waiting = sum((each) => each.events - each.golden);
  const over = add((each) => each.overShortMinor);
  const href = (state: Kept): string => todayHref(query, { state, from: 0 });
  return (
    <dl class="figures">
      <Figure label="Complete" note={`of ${formatCount(stores.length)}`} href={href("complete")}>
        {formatCount(count("complete"))}
      </Figure>
      <Figure
        label="Waiting"
        note={`${formatCount(count("nothing"))} without a word`}
        href={href("waiting")}
      >
        {formatCount(count("waiting"))}
      </Figure>
      <Figure
        label="In question"
        note={`${formatCount(serious)} serious, ${formatCount(others)} more`}
        href={exceptionsHref({ day })}
      >
        {formatCount(count("in_question"))}
      </Figure>
      <Figure
        label="Oldest not here yet"
        note={oldest === null ? "everything that is known of" : `of ${oldest.store}`}
        {...(oldest === null ? {} : { href: `#store-${oldest.store}` })}
      >
        {oldest === null ? "None" : formatMoment(oldest.sinceMs, oldest.zone, nowMs)}
      </Figure>
      <Figure
        label="Rows"
        note={waiting === 0 ? "all golden" : `${formatCount(waiting)} not golden yet`}
        href="#stores"
      >
        {formatCount(sum((each) => each.events))}
      </Figure>
      <Figure
        label="Sales"
        note={formatCountOf(
          sum((each) => each.returns),
          "return",
        )}
        href="#hours"
      >
        {formatCount(sum((each) => each.sales))}
      </Figure>
      {Object.entries(add((each) => each.netMinor)).map(([currency, minor]) => (
        <Figure label={`Net, ${currency}`} note="less returns and voids" href="#stores">
          {formatMoney(minor, currency)}
        </Figure>
      ))}
      {Object.entries(over).map(([currency, minor]) => (
        <Figure label={`Over/short, ${currency}`} note="counted less expected" href="#stores">
          {signed(minor, currency)}
        </Figure>
      ))}
    </dl>
  );
}

function oldestOf(stores: readonly StoreToday[]) {
  const late = stores.flatMap(({ store, row, missingSinceMs }) =>
    missingSinceMs === null ? [] : [{ store, zone: row?.zone ?? null, sinceMs: missingSinceMs }],
  );
  return late.toSorted((a, b) => a.sinceMs - b.sinceMs)[0] ?? null;
}

/** How far the day has come, and how it stands: the two bars of the whole house. */
function StatesPanel({ today }: { today: Today }) {
  const { stores } = today;
  const count = (kept: Kept): number => stores.filter(keptOf(kept)).length;
  const parts = [
    { name: "Complete", value: count("complete"), tone: "good" },
    { name: "Waiting", value: count("waiting"), tone: "waiting" },
    { name: "In question", value: count("in_question"), tone: "bad" },
    { name: "Nothing here", value: count("nothing"), tone: "none" },
  ] as const;
  const events = stores.reduce((sum, { row }) => sum + (row?.figures?.events ?? 0), 0);
  const golden = stores.reduce((sum, { row }) => sum + (row?.figures?.golden ?? 0), 0);
  const missing = stores.reduce((sum, each) => sum + each.missing, 0);
  const steps = [
    { name: "Golden", value: golden, tone: "good" },
    { name: "Here, not golden yet", value: events - golden, tone: "c2" },
    { name: "Not here yet", value: missing, tone: "waiting" },
  ] as const;
  const named = (each: { name: string; value: number }) =>
    `${each.name} ${formatCount(each.value)}`;
  return (
    <section class="panel" aria-labelledby="progress">
      <h2 id="progress">Progress</h2>
      {[
        { what: "Stores", of: parts },
        { what: "Rows", of: steps },
      ].map(({ what, of }) => (
        <div class="step">
          <h3>{what}</h3>
          <ShareBar title={`${what}: ${of.map(named).join(", ")}`} parts={of} />
          <Legend entries={of.map((each) => ({ name: named(each), tone: each.tone, as: "bar" }))} />
        </div>
      ))}
    </section>
  );
}
