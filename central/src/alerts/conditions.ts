/** What somebody has to be told at this moment: each kind a query by index, and words without personal data (SEC2). */
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { dayFiguresSchema } from "../reconcile/found.ts";
import { isTradingAt, silentMinutes, type TradedDay, tradingHoursOf } from "./hours.ts";
import type { AlertKind, AlertRules, AlertSeverity } from "./rules.ts";

export interface Condition {
  readonly kind: AlertKind;
  /** What it is about, such as a store: one alert stands per kind and subject. */
  readonly subject: string;
  readonly severity: AlertSeverity;
  readonly words: string;
  /** Page of the console. */
  readonly href: string;
}

/** A measure of data quality outside of its bounds, as the quality desk finds it. */
export interface QualityBreach {
  readonly measure: string;
  readonly part: string;
  /** A sentence without personal data. */
  readonly words: string;
}

export interface ConditionDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  readonly qualityBreaches: (storage: Storage, nowMs: number) => Promise<readonly QualityBreach[]>;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export async function readConditions(deps: ConditionDeps, rules: AlertRules): Promise<Condition[]> {
  const { kinds } = rules;
  const lists = await Promise.all([
    kinds.store_silent.isOn ? silentStores(deps, rules) : [],
    exceptions(deps, rules),
    kinds.settlement_missing.isOn ? missingSettlement(deps, rules) : [],
    kinds.quarantine_growth.isOn ? growingQuarantine(deps, rules) : [],
    kinds.drift.isOn ? drift(deps, rules) : [],
    kinds.difference.isOn ? differences(deps, rules) : [],
  ]);
  return lists.flat();
}

export const storesStatement: Statement = {
  sql: `select store, max(last_seen_ms) as seen, max(zone) as zone from writer
        where zone is not null group by store order by store`,
};

export const tradedDaysStatement = (store: string, since: string, until: string): Statement => ({
  sql: `select business_day, figures from store_day
        where store = ? and business_day >= ? and business_day < ? order by business_day`,
  args: [store, since, until],
});

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

async function silentStores(
  { storage, nowMs }: ConditionDeps,
  { kinds }: AlertRules,
): Promise<Condition[]> {
  const { minutes, severity } = kinds.store_silent;
  const now = nowMs();
  const found: Condition[] = [];
  for (const row of await rowsOf(storage, storesStatement.sql)) {
    const [store, lastSeenMs, zone] = [
      textOf(row, "store"),
      numberOf(row, "seen"),
      textOf(row, "zone"),
    ];
    if (now - lastSeenMs < minutes * MINUTE_MS) continue;
    const hours = tradingHoursOf(await readTradedDays(storage, store, now));
    if (!hours || !isTradingAt(hours, zone, now)) continue;
    const silent = silentMinutes(hours, zone, { lastSeenMs, nowMs: now, enough: minutes });
    if (silent < minutes) continue;
    found.push({
      kind: "store_silent",
      subject: store,
      severity,
      words: `Store ${store} has sent nothing for more than ${durationWords(minutes)} of its trading hours.`,
      href: `/sources?store=${encodeURIComponent(store)}`,
    });
  }
  return found;
}

async function readTradedDays(
  storage: Storage,
  store: string,
  nowMs: number,
): Promise<TradedDay[]> {
  const since = dayOf(nowMs - LIMITS.alertLearnDays * DAY_MS);
  // Of today only a part is known.
  const { sql, args = [] } = tradedDaysStatement(store, since, dayOf(nowMs));
  const rows = await rowsOf(storage, sql, [...args]);
  return rows.flatMap((row) => {
    const figures = dayFiguresSchema.safeParse(JSON.parse(textOf(row, "figures")));
    if (!figures.success) return [];
    return [
      {
        businessDay: textOf(row, "business_day"),
        sales: figures.data.hours.map(({ sales }) => sales),
      },
    ];
  });
}

/** Unfinished exceptions alone: the index holds no others. */
export const exceptionsStatement = (kinds: readonly string[]): Statement => ({
  sql: `select kind, store, count(*) as found, min(business_day) as first
        from exception indexed by exception_work
        where state in ('open', 'explained') and kind in (select value from json_each(?))
        group by kind, store order by kind, store`,
  args: [JSON.stringify(kinds)],
});

const EXCEPTIONS = {
  gap: ["gap in the journals", "gaps in the journals"],
  fork: ["fork in the journals", "forks in the journals"],
  over_short_trend: [
    "drawer that is over or short again and again",
    "drawers that are over or short again and again",
  ],
} as const;

async function exceptions({ storage }: ConditionDeps, { kinds }: AlertRules): Promise<Condition[]> {
  const wanted = (["gap", "fork", "over_short_trend"] as const).filter((kind) => kinds[kind].isOn);
  if (wanted.length === 0) return [];
  const { sql, args = [] } = exceptionsStatement(wanted);
  const rows = await rowsOf(storage, sql, [...args]);
  return rows.flatMap((row): Condition[] => {
    const kind = wanted.find((each) => each === row["kind"]);
    if (!kind) return [];
    const [store, count] = [textOf(row, "store"), numberOf(row, "found")];
    const [one, many] = EXCEPTIONS[kind];
    return [
      {
        kind,
        subject: store,
        severity: kinds[kind].severity,
        words: `Store ${store} has ${count} ${count === 1 ? one : many}, the first of ${textOf(row, "first")}.`,
        href: `/exceptions?store=${encodeURIComponent(store)}&kind=${kind}`,
      },
    ];
  });
}

export const settlementStatement = (before: string): Statement => ({
  sql: `select store, count(*) as days, min(business_day) as first
        from store_day indexed by store_day_unfinished
        where state <> 'complete' and business_day <= ? and exists (
          select 1 from json_each(store_day.waiting) where value ->> 'for' = 'settlement')
        group by store order by store`,
  args: [before],
});

async function missingSettlement(
  { storage, nowMs }: ConditionDeps,
  { kinds }: AlertRules,
): Promise<Condition[]> {
  const { days, severity } = kinds.settlement_missing;
  const { sql, args = [] } = settlementStatement(dayOf(nowMs() - days * DAY_MS));
  const rows = await rowsOf(storage, sql, [...args]);
  return rows.map((row) => {
    const [store, count] = [textOf(row, "store"), numberOf(row, "days")];
    const which = count === 1 ? "one business day" : `${count} business days`;
    return {
      kind: "settlement_missing",
      subject: store,
      severity,
      words: `Store ${store} has no settlement file of ${which} yet, the first ${textOf(row, "first")}.`,
      href: `/settlement?store=${encodeURIComponent(store)}`,
    };
  });
}

/** What waits to be mended: few rows, or it is time to tell. */
export const quarantineStatement = (sinceMs: number): Statement => ({
  sql: `select (select count(*) from intake_problem where received_ms >= ?1)
          + (select count(*) from event indexed by event_quarantined
             where quarantined is not null and received_ms >= ?1) as items`,
  args: [sinceMs],
});

async function growingQuarantine(
  { storage, nowMs }: ConditionDeps,
  { kinds }: AlertRules,
): Promise<Condition[]> {
  const { items, minutes, severity } = kinds.quarantine_growth;
  const { sql, args = [] } = quarantineStatement(nowMs() - minutes * MINUTE_MS);
  const [row = {}] = await rowsOf(storage, sql, [...args]);
  const count = numberOf(row, "items");
  if (count < items) return [];
  return [
    {
      kind: "quarantine_growth",
      subject: "quarantine",
      severity,
      words: `${count} items were set aside within ${durationWords(minutes)}.`,
      href: "/intake",
    },
  ];
}

async function drift(
  { storage, nowMs, qualityBreaches }: ConditionDeps,
  { kinds }: AlertRules,
): Promise<Condition[]> {
  const breaches = await qualityBreaches(storage, nowMs());
  return breaches.map(({ measure, part, words }) => ({
    kind: "drift",
    subject: `${measure}/${part}`,
    severity: kinds.drift.severity,
    words,
    href: "/quality",
  }));
}

export const differencesStatement = (beforeMs: number): Statement => ({
  sql: `select kind, count(*) as standing from difference indexed by difference_standing
        where repaired_ms is null and found_ms <= ? group by kind`,
  args: [beforeMs],
});

async function differences(
  { storage, nowMs }: ConditionDeps,
  { kinds }: AlertRules,
): Promise<Condition[]> {
  const { minutes, severity } = kinds.difference;
  const { sql, args = [] } = differencesStatement(nowMs() - minutes * MINUTE_MS);
  const rows = await rowsOf(storage, sql, [...args]);
  return rows.map((row) => {
    const count = numberOf(row, "standing");
    const isJournal = row["kind"] === "journal";
    const what = isJournal
      ? count === 1
        ? "store-day"
        : "store-days"
      : count === 1
        ? "customer"
        : "customers";
    return {
      kind: "difference",
      subject: isJournal
        ? "journals"
        : textOf(row, "kind") === "golden"
          ? "golden records"
          : "profiles",
      severity,
      words: `Edge and centre differ in ${count} ${what}, and it could not be mended.`,
      href: "/alerts/differences",
    };
  });
}

function durationWords(minutes: number): string {
  if (minutes % (24 * 60) === 0) return countOf(minutes / (24 * 60), "day");
  if (minutes % 60 === 0) return countOf(minutes / 60, "hour");
  return countOf(minutes, "minute");
}

const countOf = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? "" : "s"}`;
