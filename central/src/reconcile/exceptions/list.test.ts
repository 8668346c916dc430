import { numberOf, rowsOf } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFile, type TestDatabase } from "../../testing/database.ts";
import { manyExceptions } from "../../testing/exceptions.ts";
import { walksIn } from "../../testing/plan.ts";
import { filterQuery, type Filters, filtersSchema } from "./filters.ts";
import {
  countsQuery,
  listQueries,
  placeOf,
  readCounts,
  readExceptions,
  readNeighbours,
} from "./list.ts";
import { entriesQuery, exceptionQuery, SEVERITIES } from "./read.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openFile();
  await database.storage.write(manyExceptions(120));
});
afterAll(() => database.close());

const filters = (some: object = {}): Filters => filtersSchema.parse(some);

async function allOf(of: Filters, limit: number): Promise<number[]> {
  const seen: number[] = [];
  let after = null;
  for (;;) {
    const page = await readExceptions(database.storage, of, { after, limit });
    seen.push(...page.exceptions.map(({ n }) => n));
    if (page.next === null) return seen;
    after = placeOf(page.next);
  }
}

const LISTS: readonly object[] = [
  {},
  { state: "open" },
  { state: "explained", severity: "warning" },
  { state: "approved" },
  { state: "settled", kind: "z_differs" },
  { state: "all", store: "store-3" },
  { state: "all", store: "store-3", day: "2026-11-17" },
  { state: "all", day: "2026-11-17" },
  { state: "all", assignee: "console" },
  { assignee: "nobody", store: "store-2" },
  { state: "all" },
];

describe.each(LISTS)("a list of %j", (some) => {
  const of = filters(some);

  test("is the same page by page as at once, in its order", async () => {
    const state =
      of.state === "todo"
        ? ["open", "explained"]
        : of.state === "all"
          ? ["open", "explained", "approved", "settled"]
          : [of.state];
    const rows = await rowsOf(
      database.storage,
      "select n, state, severity, kind, store, business_day, assignee, opened_ms from exception",
    );
    const expected = rows
      .filter((row) => state.includes(String(row["state"])))
      .filter((row) => of.severity === undefined || row["severity"] === of.severity)
      .filter((row) => of.kind === undefined || row["kind"] === of.kind)
      .filter((row) => of.store === undefined || row["store"] === of.store)
      .filter((row) => of.day === undefined || row["business_day"] === of.day)
      .filter((row) => of.assignee === undefined || (row["assignee"] ?? "nobody") === of.assignee);
    const rank = (row: (typeof rows)[number]) =>
      SEVERITIES.findIndex((each) => each === row["severity"]);
    const isWork = ["todo", "open", "explained"].includes(of.state);
    const sorted = expected.toSorted((a, b) =>
      isWork
        ? rank(a) - rank(b) ||
          numberOf(a, "opened_ms") - numberOf(b, "opened_ms") ||
          numberOf(a, "n") - numberOf(b, "n")
        : numberOf(b, "n") - numberOf(a, "n"),
    );
    expect(sorted.length).toBeGreaterThan(0);
    expect(await allOf(of, 7)).toEqual(sorted.map((row) => row["n"]));
    expect(await allOf(of, 1_000)).toEqual(sorted.map((row) => row["n"]));
  });

  test("is walked from each to the next and back", async () => {
    const { exceptions } = await readExceptions(database.storage, of, {
      after: null,
      limit: 1_000,
    });
    for (const [at, exception] of exceptions.entries()) {
      expect(await readNeighbours(database.storage, of, exception)).toEqual({
        next: exceptions[at + 1]?.n ?? null,
        previous: exceptions[at - 1]?.n ?? null,
      });
    }
  });

  test("is found by an index, whichever way it is read", async () => {
    const from = { severity: "warning", openedMs: 1, n: 5 } as const;
    for (const direction of ["after", "before"] as const) {
      for (const start of [null, from]) {
        for (const query of listQueries(of, { from: start, direction, limit: 50 })) {
          // All of them at once are read off the table itself, newest first, up to the limit.
          const allowed = of.state === "all" && Object.keys(some).length === 1 ? ["e"] : [];
          expect(await walksIn(database.storage, query, allowed)).toEqual([]);
        }
      }
    }
  });

  test("stands in an address, and is read from it", () => {
    const query = Object.fromEntries(new URLSearchParams(filterQuery(of)));
    expect(filtersSchema.parse(query)).toEqual(of);
  });
});

test("one exception, its life and the counts are found by an index", async () => {
  const { storage } = database;
  expect(await walksIn(storage, exceptionQuery(5))).toEqual([]);
  expect(await walksIn(storage, entriesQuery(5, 100))).toEqual([]);
  expect(await walksIn(storage, countsQuery("console"), ["exception_work"])).toEqual([]);
});

test("what is to do is counted for all, and for one person", async () => {
  const counts = await readCounts(database.storage, "console");
  const [open = []] = await database.storage.read([
    {
      sql: "select severity, state, assignee, explained_by from exception where state in ('open', 'explained')",
    },
  ]);
  const count = (is: (row: (typeof open)[number]) => boolean) => open.filter(is).length;
  expect(counts).toEqual({
    serious: count((row) => row["severity"] === "serious"),
    warning: count((row) => row["severity"] === "warning"),
    info: count((row) => row["severity"] === "info"),
    mine: count((row) => row["assignee"] === "console"),
    toApprove: count((row) => row["state"] === "explained"),
  });
  expect(counts.mine * counts.toApprove).toBeGreaterThan(0);
  expect((await readCounts(database.storage, "p-ada")).toApprove).toBe(0);
});

test("a list is sorted by its index, not in memory", async () => {
  const { storage } = database;
  const [work] = listQueries(filters(), { from: null, direction: "after", limit: 50 });
  const plan = await rowsOf(storage, `explain query plan ${work!.sql}`, [...work!.args!]);
  expect(plan.map((row) => row["detail"]).join("\n")).not.toContain("TEMP B-TREE");
});
