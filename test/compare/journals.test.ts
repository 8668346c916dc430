/** Journals of a store-day at both ends: the centre on a libSQL file, the inbox's own comparing on its own tables. */
import type { CompareJournal } from "@regulars/shared/compare/messages";
import { type Storage, numberOf, rowsOf } from "@regulars/shared/storage/port";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { compareJournals } from "../../central/src/compare/journals.ts";
import { createJournalComparing } from "../../central/src/compare/journals-loop.ts";
import { fileJournals } from "../../central/src/compare/file-journals.ts";
import { readDifferences, newestStatement } from "../../central/src/compare/differences.ts";
import { createIntake, type Intake } from "../../central/src/intake/intake.ts";
import type { Found } from "../../central/src/reconcile/found.ts";
import { emptyDatabase, openFile, type TestDatabase } from "../../central/src/testing/database.ts";
import { MATCHING } from "../../central/src/testing/matching.ts";
import { createTill, eventsOf, START_MS } from "../../central/src/testing/till.ts";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { compareJournal } from "../../edge/src/inbox/compare.ts";
import { itemIdOf } from "../../edge/src/inbox/item-id.ts";
import { createDatabasePool } from "../simulate/database.ts";
const DAY = { store: "store-1", businessDay: "2026-11-21" };
const DAY_MS = 86_400_000;
const nowMs = (): number => START_MS + DAY_MS;
const pool = await createDatabasePool();

const brief = (found: readonly Found[]) =>
  found.map(({ kind, about, evidence: { what, rows, repair } }) => ({
    kind,
    about,
    what,
    rows,
    repair,
  }));
describe("journals at edge and centre", () => {
  let database: TestDatabase;
  let inbox: Storage;
  let intake: Intake;
  let bodies: readonly string[] = [];
  let writers = 0;
  const idOf = (seq: number) => itemIdOf(writers, seq);
  beforeAll(async () => void (database = await openFile()));
  afterAll(() => database.close());
  beforeEach(begin);

  async function begin(): Promise<void> {
    await emptyDatabase(database.storage);
    const disk = pool.take("inbox");
    inbox = {
      read: async (queries) => disk.read(queries),
      write: async (statements) => disk.write(statements),
    };
    intake = createIntake({
      storage: database.storage,
      policy: DEFAULT_POLICY,
      matching: MATCHING,
      nowMs,
      onTaken: () => undefined,
    });
  }

  const edge = {
    journal: async ({ ranges, withRows }: CompareJournal) => ({
      ...THIS_VERSION,
      ...(await compareJournal(inbox, ranges, withRows)),
    }),
  };
  const deps = () => ({ storage: database.storage, edge, intake, nowMs });

  /** Days of a till's sales, all delivered; the first of them is the day in question. */
  async function sell(source: string, perDay: readonly number[], { letGo = 0 } = {}) {
    const till = createTill(source);
    for (const [day, count] of perDay.entries()) {
      for (let n = 0; n < count; n++) till.sale(100 + n, [], START_MS + day * DAY_MS + n * 60_000);
    }
    const items = till.captured.map(({ item }) => item);
    bodies = items.map(({ body }) => body);
    await inbox.write([
      {
        sql: `insert into mark (source, epoch, n, store, accepted, hash, merged, delivered, seen_ms, offset_ms)
              values (?1, 1, ?5, ?2, ?3, ?4, ?3, ?3, 0, 0)`,
        args: [source, DAY.store, items.length, items.at(-1)!.hash, (writers += 1)],
      },
      ...items.map(({ seq, prev, hash, body, acceptedAtMs }) => ({
        sql: `insert into item (id, source, epoch, seq, prev, hash, accepted_ms, subject, body)
              values (?, ?, 1, ?, ?, ?, ?, '[]', ?)`,
        args: [idOf(seq), source, seq, prev, hash, acceptedAtMs, seq <= letGo ? null : body],
      })),
    ]);
    for (let at = 0; at < items.length; at += 100) {
      await intake.events(eventsOf(DAY.store, items.slice(at, at + 100)));
    }
    return items;
  }

  const lose = (source: string, seqs: readonly number[]) =>
    database.storage.write(
      seqs.map((seq) => ({
        sql: "delete from event where source = ? and seq = ?",
        args: [source, seq],
      })),
    );
  const seqsHere = async (source: string) =>
    (
      await rowsOf(database.storage, "select seq from event where source = ? order by seq", [
        source,
      ])
    ).map((row) => numberOf(row, "seq"));

  test("GLD2: two journals that are the same cost one message, and nothing is found", async () => {
    await sell("till-1", [3, 2]);
    await sell("till-2", [4]);
    let asked = 0;
    const counting = {
      journal: (ask: CompareJournal) => {
        asked += 1;
        return edge.journal(ask);
      },
    };
    const compared = await compareJournals({ ...deps(), edge: counting }, DAY);
    expect({ ...compared, asked }).toMatchObject({
      found: [],
      isMended: true,
      stretches: 2,
      asked: 1,
    });
  });

  test("GLD2: rows that the centre has lost are found and filled in from the edge, proven by the chain", async () => {
    const items = await sell("till-1", [6, 3]);
    await lose("till-1", [2, 3, 6]);
    const { found, isMended } = await compareJournals(deps(), DAY);
    const filled = { kind: "journal_differs", what: "missing_here", repair: "filled_in" };
    expect(brief(found)).toEqual([
      { ...filled, about: "till-1/1/2", rows: 2 },
      { ...filled, about: "till-1/1/6", rows: 1 },
    ]);
    expect(isMended).toBe(true);
    expect(await seqsHere("till-1")).toEqual(items.map(({ seq }) => seq));
    expect((await compareJournals(deps(), DAY)).found).toEqual([]);
  });

  test("GLD2: what the edge has let go is the till's archive's to give, and is said so", async () => {
    await sell("till-1", [5], { letGo: 5 });
    await lose("till-1", [4]);
    const { found, isMended } = await compareJournals(deps(), DAY);
    expect(brief(found)).toMatchObject([{ about: "till-1/1/4", repair: "till_archive" }]);
    expect(isMended).toBe(false);
    expect(await seqsHere("till-1")).toEqual([1, 2, 3, 5]);
  });

  test("GLD2: a row that is another one here is told, and never overwritten", async () => {
    await sell("till-1", [3]);
    await database.storage.write([
      { sql: "update event set hash = unhex('abcd' || substr(hex(hash), 5)) where seq = 2" },
    ]);
    const { found } = await compareJournals(deps(), DAY);
    expect(brief(found)).toMatchObject([
      { about: "till-1/1/2", what: "other_row", repair: "by_hand" },
    ]);
  });

  test("GLD2: an altered body at the edge is not filled in: it does not hash to what the row says", async () => {
    await sell("till-1", [3]);
    await lose("till-1", [2]);
    await inbox.write([
      { sql: "update item set body = replace(body, 'Tea', 'Gin') where seq = 2" },
    ]);
    expect(brief((await compareJournals(deps(), DAY)).found)).toMatchObject([
      { repair: "till_archive" },
    ]);
  });

  test("GLD2: a journal of which nothing is here is found by the newest day", async () => {
    await sell("till-1", [2]);
    const items = await sell("till-2", [3]);
    await lose("till-2", [1, 2, 3]);
    const { found } = await compareJournals(deps(), DAY);
    expect(brief(found)).toMatchObject([{ about: "till-2/1/1", rows: 3, repair: "filled_in" }]);
    expect(await seqsHere("till-2")).toHaveLength(items.length);
  });

  test("GLD2: whatever is lost on whichever side, what the centre lacks is found, and what the edge has forgotten is nobody's fault", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 36 }), { maxLength: 8 }),
        fc.integer({ min: 0, max: 36 }),
        fc.integer({ min: 0, max: 36 }),
        async (perDay, lost, forgotten, undelivered) => {
          await begin();
          const items = await sell("till-1", perDay);
          const delivered = Math.max(0, items.length - undelivered);
          await inbox.write([
            { sql: "delete from item where seq <= ?", args: [forgotten] },
            { sql: "update mark set delivered = ?", args: [delivered] },
          ]);
          await lose("till-1", lost);
          const mayBeToldSorted = lost
            .filter((seq) => seq > forgotten && seq <= delivered)
            .toSorted((a, b) => a - b);
          const told = new Set<number>();
          for (const day of perDay.keys()) {
            const businessDay = new Date(START_MS + day * DAY_MS).toISOString().slice(0, 10);
            const { found } = await compareJournals(deps(), { ...DAY, businessDay });
            for (const { seq, evidence } of found) {
              for (let n = 0; n < Number(evidence["rows"]); n++) told.add((seq ?? 0) + n);
            }
          }
          const isAllLost = items.every(({ seq }) => lost.includes(seq));
          // With nothing left of any day, there is no day to compare.
          expect(isAllLost ? mayBeToldSorted : [...told].toSorted((a, b) => a - b)).toEqual(
            mayBeToldSorted,
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  const lifeOf = async () => {
    const rows = await rowsOf(
      database.storage,
      "select kind, state, action from exception x join exception_entry e on e.exception = x.n order by e.n",
    );
    return rows.map(({ kind, state, action }) => [kind, state, action].join(" "));
  };
  const walk = () =>
    createJournalComparing({
      ...deps(),
      onJournals: (day, found) => fileJournals(database.storage, day, found, nowMs()),
    });

  test("GLD2: store-days are walked one by one, filed as exceptions, and kept as differences until they are mended", async () => {
    await sell("till-1", [4], { letGo: 9 });
    await lose("till-1", [2]);
    await database.storage.write([
      {
        sql: "insert into store_day (store, business_day, state, since_ms) values (?, '2026-01-01', 'waiting', 0)",
        args: [DAY.store],
      },
    ]);
    expect([await walk().step(), await walk().step()]).toEqual(["again", "rest"]); // the old day is left out
    const differences = () => readDifferences(database.storage, newestStatement(9));
    expect(await differences()).toMatchObject([
      {
        kind: "journal",
        subject: "store-1/2026-11-21",
        repairedMs: null,
        detail: { what: ["missing_here till-1/1/2"], done: ["till_archive"] },
      },
    ]);
    expect(await lifeOf()).toEqual(["journal_differs open opened"]);
    await walk().step(); // found once more, it is the same
    expect([(await differences()).length, await lifeOf()]).toEqual([
      1,
      ["journal_differs open opened"],
    ]);
    await walk().step();
    // Somebody brings the row from the till's archive.
    await inbox.write([{ sql: "update item set body = ? where seq = 2", args: [bodies[1]!] }]);
    await walk().step();
    expect((await differences())[0]?.repairedMs).toBe(nowMs());
    expect(await lifeOf()).toEqual([
      "journal_differs settled opened",
      "journal_differs settled changed",
      "journal_differs settled settled",
    ]);
  });
});
