import fc from "fast-check";
import { numberOf, rowsOf, type Storage } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Person } from "../../access/person.ts";
import { emptyDatabase, openFile, type TestDatabase } from "../../testing/database.ts";
import { personStatement, seedException } from "../../testing/exceptions.ts";
import { standingOf } from "../store-day-state.ts";
import { canTake, type Decision, decideException, type DecisionRefusal } from "./decide.ts";
import { readEntries, readException } from "./read.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openFile();
});
afterAll(() => database.close());
beforeEach(async () => {
  await emptyDatabase(database.storage);
  await database.storage.write([personStatement("p-ada", "Ada"), personStatement("p-bob", "Bob")]);
});

const ada: Person = { id: "p-ada", name: "Ada", roles: ["operations"] };
const bob: Person = { id: "p-bob", name: "Bob", roles: ["operations"] };
const EXPLAIN = { action: "explain", note: "The drawer was shared." } as const;

const decide = (
  person: Person,
  version: number,
  decision: Decision,
  storage: Storage = database.storage,
) => decideException({ storage, nowMs: 1_000 + version }, person, { n: 1, version, decision });

const day = async () =>
  (
    await rowsOf(
      database.storage,
      "select state, open_exceptions as openExceptions, worst from store_day where business_day = '2026-11-20'",
    )
  )[0];

test("REC2 what one person has explained another one approves, and the day is complete by that", async () => {
  await seedException(database.storage, { n: 1 });
  expect(await day()).toEqual({ state: "in_question", openExceptions: 1, worst: "warning" });
  const explained = await decide(ada, 1, EXPLAIN);
  expect(explained).toMatchObject({
    ok: true,
    value: { state: "explained", explainedBy: "p-ada", version: 2 },
  });
  expect(await day()).toEqual({ state: "in_question", openExceptions: 1, worst: "warning" });
  const own = await decide(ada, 2, { action: "approve" });
  expect(own).toMatchObject({ ok: false, reason: { why: "same_person" } });
  const approved = await decide(bob, 2, { action: "approve" });
  expect(approved).toMatchObject({ ok: true, value: { state: "approved", version: 3 } });
  expect(await day()).toEqual({ state: "complete", openExceptions: 0, worst: null });
  expect(approved.ok && approved.value).toEqual(await readException(database.storage, 1));
  const entries = await readEntries(database.storage, 1, 10);
  expect(entries.map(({ action, by, note }) => [action, by, note])).toEqual([
    ["approved", "p-bob", null],
    ["explained", "p-ada", "The drawer was shared."],
    ["opened", "checks", null],
  ]);
  const audit = await rowsOf(
    database.storage,
    "select by, action, target, detail from audit order by n",
  );
  expect(audit.map((row) => [row["by"], row["action"], row["target"]])).toEqual([
    ["p-ada", "exceptions.work", "exception/1"],
    ["p-bob", "exceptions.approve", "exception/1"],
  ]);
  // The note is the person's word, and stands with the exception alone.
  expect(JSON.stringify(audit)).not.toContain("drawer");
});

test("what is rejected is open again, and anybody may explain it anew", async () => {
  await seedException(database.storage, { n: 1 });
  await decide(ada, 1, EXPLAIN);
  const rejected = await decide(bob, 2, { action: "reject", note: "Which drawer?" });
  expect(rejected).toMatchObject({ ok: true, value: { state: "open", explainedBy: null } });
  expect(await decide(bob, 3, EXPLAIN)).toMatchObject({
    ok: true,
    value: { explainedBy: "p-bob" },
  });
  expect(await decide(ada, 4, { action: "approve" })).toMatchObject({ ok: true });
  expect(await decide(ada, 5, { action: "reopen", note: "It came back." })).toMatchObject({
    ok: true,
    value: { state: "open", explainedBy: null },
  });
  expect(await day()).toEqual({ state: "in_question", openExceptions: 1, worst: "warning" });
});

test("what cannot be done is refused, and leaves nothing behind", async () => {
  await seedException(database.storage, { n: 1 });
  const cases: [Decision, string][] = [
    [{ action: "approve" }, "wrong_state"],
    [{ action: "reject", note: "no" }, "wrong_state"],
    [{ action: "reopen", note: "no" }, "wrong_state"],
    [{ action: "explain", note: "  " }, "note_missing"],
    [{ action: "explain", note: "x".repeat(2_001) }, "note_too_long"],
    [{ action: "assign", to: "p-eve" }, "unknown_person"],
  ];
  for (const [decision, why] of cases) {
    expect(await decide(ada, 1, decision)).toMatchObject({ ok: false, reason: { why } });
  }
  await database.storage.write([{ sql: "update person set disabled_ms = 1 where id = 'p-bob'" }]);
  expect(await decide(ada, 1, { action: "assign", to: "p-bob" })).toMatchObject({
    reason: { why: "unknown_person" },
  });
  expect(
    await decideException({ storage: database.storage, nowMs: 1 }, ada, {
      n: 9,
      version: 1,
      decision: EXPLAIN,
    }),
  ).toMatchObject({ ok: false, reason: { why: "unknown_exception" } });
  expect(await readEntries(database.storage, 1, 10)).toHaveLength(1);
  expect(await rowsOf(database.storage, "select 1 from audit")).toEqual([]);
  expect((await readException(database.storage, 1))?.version).toBe(1);
});

test("whoever decides by an older version is told who was there before, and changes nothing", async () => {
  await seedException(database.storage, { n: 1 });
  await decide(bob, 1, { action: "assign", to: "p-bob" });
  const late = await decide(ada, 1, EXPLAIN);
  expect(late).toMatchObject({
    ok: false,
    reason: {
      why: "conflict",
      now: { assignee: "p-bob", version: 2 },
      last: { by: "p-bob", action: "assigned", atMs: 1_001 },
    },
  });
});

const decisions = fc.oneof(
  fc.constant<Decision>(EXPLAIN),
  fc.constant<Decision>({ action: "approve" }),
  fc.constant<Decision>({ action: "reject", note: "No." }),
  fc.constant<Decision>({ action: "reopen", note: "Again." }),
  fc.constantFrom<Decision>({ action: "assign", to: "p-ada" }, { action: "assign", to: null }),
);

test("REC2 two people at once: each change is whole, none is overwritten, and the second is told", async () => {
  const { storage } = database;
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(decisions, { minLength: 1, maxLength: 4 }),
      fc.array(decisions, { minLength: 1, maxLength: 4 }),
      async (scheduler, ofAda, ofBob) => {
        await emptyDatabase(storage);
        await storage.write([personStatement("p-ada", "Ada"), personStatement("p-bob", "Bob")]);
        await seedException(storage, { n: 1 });
        // Every query and every write waits for its turn, in any order.
        const slow: Storage = {
          read: scheduler.scheduleFunction((queries) => storage.read(queries)),
          write: scheduler.scheduleFunction((statements) => storage.write(statements)),
        };
        const done: { by: string; decision: Decision; version: number }[] = [];
        const refused: { seen: number; decision: Decision; reason: DecisionRefusal }[] = [];
        const work = async (person: Person, list: readonly Decision[]): Promise<void> => {
          for (const decision of list) {
            const seen = await readException(slow, 1);
            const decided = await decide(person, seen!.version, decision, slow);
            if (decided.ok) done.push({ by: person.id, decision, version: decided.value.version });
            else refused.push({ seen: seen!.version, decision, reason: decided.reason });
          }
        };
        await scheduler.waitFor(Promise.all([work(ada, ofAda), work(bob, ofBob)]));
        for (const { seen, decision, reason } of refused) {
          const isTold =
            reason.why === "conflict"
              ? reason.now.version > seen && ["p-ada", "p-bob"].includes(reason.last?.by ?? "")
              : reason.why !== "wrong_state" || !canTake(decision.action, reason.now);
          expect(isTold).toBe(true);
        }
        const stored = await readException(storage, 1);
        expect(done.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(
          done.map((_, at) => at + 2),
        );
        expect(stored!.version).toBe(done.length + 1);
        const entries = (await readEntries(storage, 1, 100)).toReversed().slice(1);
        const inOrder = done.toSorted((a, b) => a.version - b.version);
        expect(entries.map(({ by }) => by)).toEqual(inOrder.map(({ by }) => by));
        const [audit] = await rowsOf(storage, "select count(*) as count from audit");
        expect(numberOf(audit!, "count")).toBe(done.length);
        // Nobody has approved what they have explained themselves.
        const own = inOrder.filter(({ by, decision }, at) => {
          const explained = inOrder
            .slice(0, at)
            .findLast((each) => each.decision.action === "explain");
          return decision.action === "approve" && explained?.by === by;
        });
        expect(own).toEqual([]);
        expect(await day()).toEqual(standingOf([], [stored!]));
      },
    ),
    { numRuns: 60 },
  );
});

test("a write that fails for another reason is an error, not somebody else", async () => {
  await seedException(database.storage, { n: 1 });
  const broken: Storage = {
    read: (queries) => database.storage.read(queries),
    write: () => Promise.reject(new Error("the disk is full")),
  };
  await expect(decide(ada, 1, EXPLAIN, broken)).rejects.toThrow("the disk is full");
});
