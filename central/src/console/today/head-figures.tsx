/** @jsxImportSource hono/jsx */
import { Legend } from "../charts/legend.tsx";
import { ShareBar } from "../charts/share-bar.tsx";
import { addMoney, type Money, signed } from "../day-words.ts";
import { formatCount, formatCountOf, formatMoment, formatMoney } from "../format.ts";
import { Figure } from "../layout.tsx";
import { type Kept, keptOf, type TodayQuery, todayHref } from "./query.ts";
import { isUnderWay, type StoreToday, type Today } from "./read-today.ts";
import { exceptionsHref } from "./today-table.tsx";

export function HeadFigures(props: { today: Today; query: TodayQuery; nowMs: number }) {
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
      <Figure label="Waiting" note={waitingNote(stores)} href={href("waiting")}>
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

function waitingNote(stores: readonly StoreToday[]): string {
  const underWay = stores.filter(({ row }) => row !== null && isUnderWay(row)).length;
  const silent = stores.filter(({ row }) => row === null).length;
  return [
    ...(underWay === 0 ? [] : [`${formatCount(underWay)} only for the day's end`]),
    ...(silent === 0 ? [] : [`${formatCount(silent)} without a word`]),
  ].join(", ");
}

function oldestOf(stores: readonly StoreToday[]) {
  const late = stores.flatMap(({ store, row, missingSinceMs }) =>
    missingSinceMs === null ? [] : [{ store, zone: row?.zone ?? null, sinceMs: missingSinceMs }],
  );
  return late.toSorted((a, b) => a.sinceMs - b.sinceMs)[0] ?? null;
}

const named = (each: { name: string; value: number }): string =>
  `${each.name} ${formatCount(each.value)}`;

/** How far the day has come, and how it stands: the two bars of the whole house. */
export function StatesPanel({ today }: { today: Today }) {
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
