/**
 * What each implementation of the storage port promises, as one suite for all of them.
 *
 * Runs in Node and inside a Durable Object, so nothing here may come from `node:`.
 */
import { describe, expect, test } from "vitest";
import { migrate } from "@regulars/shared/storage/migrate";
import { rowsOf, type Statement, type Storage } from "@regulars/shared/storage/port";
import { CREATE, INSERT, namesOf, type OpenStorage } from "./items.ts";
import { valuesContract } from "./values-contract.ts";

export function storageContract(name: string, open: OpenStorage): void {
  describe(`storage contract: ${name}`, () => {
    atomicity(open);
    order(open);
    valuesContract(open);
    dialect(open);
    migrations(open);
  });
}

function atomicity(open: OpenStorage): void {
  const failing: Record<string, Required<Statement>> = {
    "a constraint": { sql: INSERT, args: [1, "again"] },
    "a syntax error": { sql: "insert nonsense", args: [] },
    "a missing table": { sql: "insert into missing values (1)", args: [] },
    "a failing expression": { sql: "insert into item (id, name) values (9, json('{'))", args: [] },
  };
  for (const [what, bad] of Object.entries(failing)) {
    for (const at of [0, 1, 2]) {
      test(`SYN2: ${what} as statement ${at + 1} of 3 leaves nothing of the batch`, () =>
        open(async (storage) => {
          await storage.write([{ sql: CREATE }, { sql: INSERT, args: [1, "first"] }]);
          const good: Statement[] = [
            { sql: INSERT, args: [2, "second"] },
            { sql: "update item set name = 'changed' where id = 1" },
          ];
          await expect(storage.write(good.toSpliced(at, 0, bad))).rejects.toThrow(Error);
          expect(await namesOf(storage)).toEqual(["first"]);
          await storage.write(good);
          expect(await namesOf(storage)).toEqual(["changed", "second"]);
        }));
    }
  }

  test("a failed query rejects and leaves the storage usable", () =>
    open(async (storage) => {
      await storage.write([{ sql: CREATE }]);
      const queries = [{ sql: "select 1 as n" }, { sql: "select * from missing" }];
      await expect(storage.read(queries)).rejects.toThrow(Error);
      expect(await namesOf(storage)).toEqual([]);
    }));

  test("a table that a failed batch created is not there", () =>
    open(async (storage) => {
      await expect(storage.write([{ sql: CREATE }, { sql: "nonsense" }])).rejects.toThrow(Error);
      await storage.write([{ sql: CREATE }]);
      expect(await namesOf(storage)).toEqual([]);
    }));
}

function order(open: OpenStorage): void {
  test("results come in the order of the queries", () =>
    open(async (storage) => {
      const queries = [3, 1, 2].map((n) => ({ sql: "select ? as n", args: [n] }));
      queries.splice(1, 0, { sql: "select ? as n where 0", args: [0] });
      expect(await storage.read(queries)).toEqual([[{ n: 3 }], [], [{ n: 1 }], [{ n: 2 }]]);
    }));

  test("a read sees every write that was resolved before it", () =>
    open(async (storage) => {
      await storage.write([{ sql: CREATE }]);
      for (let id = 1; id <= 20; id++) {
        await storage.write([{ sql: INSERT, args: [id, `n${id}`] }]);
        expect(await rowsOf(storage, "select count(*) as n from item")).toEqual([{ n: id }]);
      }
    }));

  test("a statement sees the ones before it in its batch", () =>
    open(async (storage) => {
      await storage.write([
        { sql: CREATE },
        { sql: INSERT, args: [1, "a"] },
        { sql: "insert into item (id, name) select id + 1, name || 'b' from item" },
        { sql: "insert into item (id, name) select id + 2, name || 'c' from item" },
      ]);
      expect(await namesOf(storage)).toEqual(["a", "ab", "ac", "abc"]);
    }));

  test("batches without a statement do nothing", () =>
    open(async (storage) => {
      expect(await storage.read([])).toEqual([]);
      await storage.write([]);
    }));

  test("1,000 statements go through one write", () =>
    open(async (storage) => {
      const inserts = Array.from({ length: 1000 }, (_, id) => ({
        sql: INSERT,
        args: [id, `${id}`],
      }));
      await storage.write([{ sql: CREATE }, ...inserts]);
      expect(await rowsOf(storage, "select count(*) as n, sum(id) as sum from item")).toEqual([
        { n: 1000, sum: 499_500 },
      ]);
    }));

  test("SYN2: writes and reads at the same moment do not mix", () =>
    open(async (storage) => {
      await storage.write([
        { sql: "create table account (id integer primary key, balance integer not null)" },
        { sql: "insert into account values (1, 1000), (2, 0)" },
      ]);
      const moves = Array.from({ length: 50 }, () =>
        storage.write([
          { sql: "update account set balance = balance - 1 where id = 1" },
          { sql: "update account set balance = balance + 1 where id = 2" },
        ]),
      );
      const sums = Array.from({ length: 50 }, () =>
        rowsOf(storage, "select sum(balance) as sum from account"),
      );
      for (const rows of await Promise.all(sums)) expect(rows).toEqual([{ sum: 1000 }]);
      await Promise.all(moves);
      const rows = await rowsOf(storage, "select balance from account order by id");
      expect(rows).toEqual([{ balance: 950 }, { balance: 50 }]);
    }));

  test("of writes at the same moment a failing one fails alone", () =>
    open(async (storage) => {
      await storage.write([{ sql: CREATE }, { sql: INSERT, args: [0, "zero"] }]);
      const ids = [1, 0, 2, 0, 3];
      const outcomes = await Promise.allSettled(
        ids.map((id) => storage.write([{ sql: INSERT, args: [id, `n${id}`] }])),
      );
      expect(outcomes.map(({ status }) => status === "fulfilled")).toEqual(ids.map((id) => id > 0));
      expect(await namesOf(storage)).toEqual(["zero", "n1", "n2", "n3"]);
    }));
}

function dialect(open: OpenStorage): void {
  test("rows of a WITHOUT ROWID table come in the order of its key", () =>
    open(async (storage) => {
      await storage.write([
        {
          sql: "create table row (source text, seq integer, primary key (source, seq)) without rowid",
        },
        { sql: "insert into row values ('b', 1), ('a', 10), ('a', 9)" },
      ]);
      expect(await rowsOf(storage, "select * from row order by source, seq")).toEqual([
        { source: "a", seq: 9 },
        { source: "a", seq: 10 },
        { source: "b", seq: 1 },
      ]);
    }));

  test("an upsert changes the row that is there", () =>
    open(async (storage) => {
      const sql = `${INSERT} on conflict (id) do update set name = name || excluded.name`;
      await storage.write([{ sql: CREATE }]);
      await storage.write([
        { sql, args: [1, "a"] },
        { sql, args: [1, "b"] },
      ]);
      await storage.write([{ sql, args: [1, "c"] }]);
      expect(await namesOf(storage)).toEqual(["abc"]);
      await storage.write([{ sql: `${INSERT} on conflict do nothing`, args: [1, "d"] }]);
      expect(await namesOf(storage)).toEqual(["abc"]);
    }));

  test("a value that a unique index has already rejects", () =>
    open(async (storage) => {
      await storage.write([
        { sql: CREATE },
        { sql: "create unique index item_name on item (name)" },
        { sql: INSERT, args: [1, "a"] },
      ]);
      await expect(storage.write([{ sql: INSERT, args: [2, "a"] }])).rejects.toThrow(/unique/i);
      expect(await namesOf(storage)).toEqual(["a"]);
    }));

  test("json_each takes a list of any length as one argument", () =>
    open(async (storage) => {
      const list = JSON.stringify(Array.from({ length: 2000 }, (_, id) => [id, `näme "${id}"`]));
      const from = "from json_each(?)";
      await storage.write([
        { sql: CREATE },
        {
          sql: `insert into item (id, name) select value ->> 0, value ->> 1 ${from}`,
          args: [list],
        },
      ]);
      const ids = JSON.stringify([1999, 7, 7, 5000]);
      const sql = `select id, name from item where id in (select value ${from}) order by id`;
      expect(await rowsOf(storage, sql, [ids])).toEqual([
        { id: 7, name: 'näme "7"' },
        { id: 1999, name: 'näme "1999"' },
      ]);
    }));

  test("strings compare by bytes, so stamps sort like time", () =>
    open(async (storage) => {
      const names = ["B", "a", "_", "ä", "0", "~"];
      await storage.write([
        { sql: CREATE },
        ...names.map((name, id) => ({ sql: INSERT, args: [id, name] })),
      ]);
      const rows = await rowsOf(storage, "select name from item order by name");
      expect(rows.map((row) => row["name"])).toEqual(["0", "B", "_", "a", "~", "ä"]);
    }));

  test("limit and offset take arguments", () =>
    open(async (storage) => {
      await storage.write([{ sql: CREATE }, { sql: "insert into item (id) values (1), (2), (3)" }]);
      expect(
        await rowsOf(storage, "select id from item order by id limit ? offset ?", [1, 1]),
      ).toEqual([{ id: 2 }]);
    }));
}

function migrations(open: OpenStorage): void {
  const first = { id: "contract-1", statements: [CREATE, "insert into item (id) values (1)"] };
  const second = { id: "contract-2", statements: ["alter table item add column extra text"] };
  const broken = { id: "contract-2", statements: ["create table half (id)", "nonsense"] };

  test("migrate applies each migration once", () =>
    open(async (storage) => {
      await migrate(storage, [first]);
      await migrate(storage, [first, second]);
      await migrate(storage, [first, second]);
      expect(await rowsOf(storage, "select id, extra from item")).toEqual([{ id: 1, extra: null }]);
      expect(await applied(storage)).toEqual([{ id: "contract-1" }, { id: "contract-2" }]);
    }));

  test("migrate resumes after a migration that failed, of which nothing stays", () =>
    open(async (storage) => {
      await expect(migrate(storage, [first, broken])).rejects.toThrow(Error);
      expect(await applied(storage)).toEqual([{ id: "contract-1" }]);
      await migrate(storage, [first, second]);
      expect(await applied(storage)).toEqual([{ id: "contract-1" }, { id: "contract-2" }]);
      await expect(storage.read([{ sql: "select * from half" }])).rejects.toThrow(Error);
    }));
}

/** The contract's own only: a Durable Object comes with the migrations of its machine. */
function applied(storage: Storage) {
  return rowsOf(storage, "select id from migration where id like 'contract-%' order by id");
}
