/** What an alert is about: each kind from what the database says. */
import type { Statement } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { exception } from "../testing/alert-rows.ts";
import { emptyDatabase, openFile, type TestDatabase } from "../testing/database.ts";
import { walksIn } from "../testing/plan.ts";
import * as conditions from "./conditions.ts";
import { dueStatement, waitingStatement } from "./outbox.ts";
import { DEFAULT_RULES } from "./rules.ts";
import { standingStatement } from "./standing.ts";

/** A Saturday noon. */
const NOON = Date.UTC(2026, 10, 21, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let database: TestDatabase;
let nowMs = NOON;
beforeAll(async () => {
  database = await openFile();
});
afterAll(() => database.close());
beforeEach(async () => {
  nowMs = NOON;
  await emptyDatabase(database.storage);
});

const depsWith = (): conditions.ConditionDeps => ({
  storage: database.storage,
  nowMs: () => nowMs,
  qualityBreaches: () => Promise.resolve([]),
});
const write = (...statements: readonly Statement[]) => database.storage.write(statements);

const difference = (subject: string, foundMs: number, repairedMs: number | null): Statement => ({
  sql: "insert into difference (kind, subject, detail, found_ms, repaired_ms) values ('profile', ?, '{}', ?, ?)",
  args: [subject, foundMs, repairedMs],
});
const problem = (n: number, atMs: number): Statement => ({
  sql: "insert into intake_problem (source, epoch, code, item, hash, received_ms, payload) values ('t', 1, 'fork', ?, '', ?, '{}')",
  args: [String(n), atMs],
});
const waitingDay = (name: string, words: string): Statement => ({
  sql: "insert into store_day (store, business_day, state, since_ms, waiting) values ('s-1', ?, 'waiting', 0, ?)",
  args: [name, words],
});

const figures = (sales: number) =>
  JSON.stringify({
    events: 9, terminals: 1, sales: 9, returns: 0, netMinor: {}, tenders: {},
    hours: Array.from({ length: 24 }, (_, hour) => ({ sales: hour >= 9 && hour < 18 ? sales : 0, netMinor: {} })),
    late: 0, lateMinor: {}, overShortMinor: {}, golden: 9, acceptedMs: null, receivedMs: null, root: null,
  }); // prettier-ignore

/** Three weeks of a store that trades from nine to six. */
const traded = (store: string, lastSeenMs: number): Statement[] => [
  ...Array.from({ length: 21 }, (_, day) => ({
    sql: "insert into store_day (store, business_day, state, since_ms, figures) values (?, ?, 'complete', 0, ?)",
    args: [store, new Date(NOON - (day + 1) * DAY).toISOString().slice(0, 10), figures(3)],
  })),
  {
    sql: `insert into writer (source, epoch, store, zone, journaled, head_hash, golden, published, last_seen_ms)
          values (?, 1, ?, 'Europe/London', 1, '', 1, 1, ?)`,
    args: [`till-of-${store}`, store, lastSeenMs],
  },
];
const found = async () =>
  (await conditions.readConditions(depsWith(), DEFAULT_RULES)).map(
    ({ kind, subject }) => `${kind} ${subject}`,
  );

test("a store that is silent in its trading hours, and never at night", async () => {
  await write(...traded("store-1", NOON - 2 * HOUR), ...traded("store-2", NOON - 5 * 60_000));
  expect(await found()).toEqual(["store_silent store-1"]);
  nowMs = NOON + 9 * HOUR;
  expect(await found()).toEqual([]);
  nowMs = NOON + DAY - 3 * HOUR + 30 * 60_000;
  // Half past nine: silent since the evening, and for half an hour of today's.
  await write({ sql: "update writer set last_seen_ms = ?", args: [NOON + 6 * HOUR] });
  expect(await found()).toEqual([]);
  nowMs += HOUR;
  expect(await found()).toEqual(["store_silent store-1", "store_silent store-2"]);
});

test("a store that nothing is known of yet is not called silent", async () => {
  await write(traded("store-1", NOON - 9 * DAY).at(-1)!);
  expect(await found()).toEqual([]);
});

test("gaps, forks and drawers that are unfinished, per store", async () => {
  await write(
    exception(1, "s-1"),
    exception(2, "s-1"),
    exception(3, "s-2", "fork"),
    exception(4, "s-3", "over_short_trend", "explained"),
  );
  await write(exception(5, "s-4", "gap", "approved"), exception(6, "s-5", "clock_drift"));
  expect(await found()).toEqual(["fork s-2", "gap s-1", "over_short_trend s-3"]);
});

test("settlement that is not there after days, quarantine that grows, drift, and what could not be mended", async () => {
  const waiting = JSON.stringify([{ for: "settlement", source: null, sinceMs: 0, count: null }]);
  await write(waitingDay("2026-11-20", waiting), waitingDay("2026-11-10", "[]"));
  expect(await found()).toEqual([]);
  await write(waitingDay("2026-11-17", waiting));
  await write(
    ...Array.from({ length: 25 }, (_, n) => problem(n, NOON - 60_000)),
    problem(99, NOON - DAY),
  );
  await write(
    difference("a", NOON - HOUR, null),
    difference("b", NOON - 60_000, null),
    difference("c", NOON - HOUR, NOON),
  );
  const breaches = [{ measure: "email", part: "web", words: "E-mail of web fell." }];
  const deps = { ...depsWith(), qualityBreaches: () => Promise.resolve(breaches) };
  const list = await conditions.readConditions(deps, DEFAULT_RULES);
  expect(list.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
    "settlement_missing s-1", "quarantine_growth quarantine", "drift email/web", "difference profiles",
  ]); // prettier-ignore
  expect(list.at(-1)?.words).toContain("in 1 customer,");
});

test("what is switched off is looked for by nobody", async () => {
  await write(exception(1, "s-1"));
  const kinds = { ...DEFAULT_RULES.kinds, gap: { isOn: false, severity: "serious" as const } };
  expect(await conditions.readConditions(depsWith(), { ...DEFAULT_RULES, kinds })).toEqual([]);
});

test("no query walks a table that grows with the retailer", async () => {
  const day = "2026-11-20";
  const queries: [Statement, string[]][] = [
    [conditions.storesStatement, ["writer"]], // a row per terminal and epoch
    [conditions.tradedDaysStatement("s", day, day), []],
    [conditions.exceptionsStatement(["gap"]), ["exception_work", "json_each"]],
    [conditions.settlementStatement(day), ["json_each"]],
    [conditions.quarantineStatement(0), ["intake_problem", "event_quarantined"]],
    [conditions.differencesStatement(0), ["difference_standing"]],
    [standingStatement, ["alert_standing"]],
    [dueStatement("email", 0), []],
    [waitingStatement(0), []],
  ];
  for (const [statement, allowed] of queries) {
    expect([statement.sql, await walksIn(database.storage, statement, allowed)]).toEqual([
      statement.sql,
      [],
    ]);
  }
});
