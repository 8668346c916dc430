/** Every query of a check goes by index: nothing that grows with the retailer is walked. */
import type { Statement } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openFile, type TestDatabase } from "../testing/database.ts";
import { walksIn } from "../testing/plan.ts";
import { nextDueQuery } from "./checker.ts";
import * as dirty from "./dirty.ts";
import { standingQuery } from "./exceptions/file-found.ts";
import * as facts from "./read/facts.ts";
import * as ledger from "./read/ledger-facts.ts";
import { rowsPage, unreadableRows } from "./read/read-rows.ts";
import * as settlement from "./read/settlement-facts.ts";
import { exceptionsQuery, storeDayQuery, storeDaysQuery } from "./routes.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openFile();
});
afterAll(() => database.close());

const [STORE, DAY] = ["store-1", "2026-11-21"];
const PLACE = { source: "till-1", epoch: 1, seq: 7 };
const KEY = { store: STORE, businessDay: DAY };
const NUMBERED = { ...PLACE, kind: "close", number: 3, first: { epoch: 1, seq: 7 } };

/** Of a mark what it selects: a plan is asked for in a transaction that only reads. */
const selectOf = ({ sql, args = [] }: Statement): Statement => ({
  sql: sql.slice(sql.indexOf("select"), sql.lastIndexOf("on conflict")),
  args,
});

/** With the names of what is small, or is the query's own: one store-day, its customers, its Zs. */
const QUERIES: Readonly<Record<string, readonly [Statement, ...string[]]>> = {
  rowsPage: [rowsPage(STORE, DAY, PLACE, 500)],
  unreadableRows: [unreadableRows(STORE, DAY, [PLACE]), "event_quarantined"],
  neighbours: [facts.neighboursQuery([{ source: "till-1", epoch: 1, first: 2, last: 9 }])],
  writers: [facts.writersQuery(STORE, [PLACE])],
  heads: [facts.headsQuery([PLACE])],
  refusals: [facts.refusalsQuery(STORE)],
  numberedBefore: [facts.numberedBeforeQuery([NUMBERED])],
  seals: [facts.sealsQuery(STORE, DAY)],
  closes: [facts.closesQuery(STORE, DAY, ["7"])],
  repeats: [facts.repeatsQuery(STORE, DAY)],
  voided: [facts.voidedQuery([{ source: "till-1", receipt: "r" }])],
  sold: [facts.soldQuery(["r"])],
  returns: [facts.returnsQuery(["r"])],
  firstDay: [settlement.firstDayQuery(STORE)],
  linesOfDay: [settlement.linesOfDay(STORE, DAY)],
  linesByReference: [settlement.linesByReference(STORE, DAY, ["r"])],
  rowsByReference: [settlement.rowsByReference(STORE, DAY, ["r"])],
  customers: [ledger.customersQuery(["till-1/1/k"])],
  golden: [ledger.goldenQuery(["c"])],
  receipts: [ledger.receiptsQuery(["c"])],
  journalTotals: [ledger.journalTotalsQuery(["c"])],
  points: [ledger.pointsQuery(["k"])],
  standing: [standingQuery(KEY)],
  nextDue: [nextDueQuery(), "store_day_dirty"],
  storeDays: [storeDaysQuery(DAY, "")],
  storeDay: [storeDayQuery(STORE, DAY)],
  exceptions: [exceptionsQuery(STORE, DAY)],
  markDirty: [selectOf(dirty.markDirty([KEY], 0))],
  markSettled: [selectOf(dirty.markSettled(STORE, DAY, 0))],
  markFollowing: [selectOf(dirty.markFollowing([KEY], 0))],
  markExpecting: [selectOf(dirty.markExpecting(STORE, 0))],
  markGoldenDiffering: [selectOf(dirty.markGoldenDiffering(["c"], 0))],
  markAround: [selectOf(dirty.markAround([PLACE], 0))],
  markRows: [selectOf(dirty.markRows([PLACE], 0))],
  markRelated: [selectOf(dirty.markRelated(["r"], 0))],
  markGolden: [selectOf(dirty.markGolden([PLACE], 0))],
  markPointsPaid: [selectOf(dirty.markPointsPaid([PLACE], 0))],
  markReleased: [selectOf(dirty.markReleased([PLACE], 0))],
};

test.for(Object.entries(QUERIES))("the query %s walks nothing", async ([, [query, ...allowed]]) => {
  // Names of subqueries, which hold what was found by index.
  const own = ["found", "(subquery-1)", "(subquery-2)", "(subquery-3)"];
  expect(await walksIn(database.storage, query, [...allowed, ...own])).toEqual([]);
});
