/** Order books as they are stored, found by any of their names. */
import type { Row, Statement, Storage } from "@regulars/shared/storage/port";
import { rowsOf, textOf } from "@regulars/shared/storage/port";
import { parseOwn } from "../own-json.ts";
import type { OrderBook } from "./order-book.ts";

export interface Books {
  readonly byId: Map<string, OrderBook>;
  /** Name to id. */
  readonly names: Map<string, string>;
}

export async function loadBooks(storage: Storage, names: readonly string[]): Promise<Books> {
  if (names.length === 0) return { byId: new Map(), names: new Map() };
  const wanted = JSON.stringify([...new Set(names)]);
  const [known = [], books = []] = await storage.read([
    {
      sql: `select n.name, n.id from json_each(?) k cross join order_name n on n.name = k.value`,
      args: [wanted],
    },
    {
      sql: `select id, json from order_book where id in (
              select n.id from json_each(?) k cross join order_name n on n.name = k.value)`,
      args: [wanted],
    },
  ]);
  const byId = booksOf(books);
  // Few have gone into another one, and hardly any of those into a third.
  for (let missing = joinedOf(byId); missing.length > 0; missing = joinedOf(byId)) {
    const rows = await rowsOf(
      storage,
      "select id, json from order_book where id in (select value from json_each(?))",
      [JSON.stringify(missing)],
    );
    if (rows.length === 0) throw new Error("a book has gone into one that is not there");
    for (const [id, book] of booksOf(rows)) byId.set(id, book);
  }
  return {
    byId,
    names: new Map(known.map((row) => [textOf(row, "name"), textOf(row, "id")])),
  };
}

const booksOf = (rows: readonly Row[]): Map<string, OrderBook> =>
  new Map(rows.map((row) => [textOf(row, "id"), parseOwn<OrderBook>(textOf(row, "json"))]));

const joinedOf = (byId: ReadonlyMap<string, OrderBook>): string[] =>
  [...byId.values()].flatMap(({ joined }) =>
    joined === undefined || byId.has(joined) ? [] : [joined],
  );

export const bookStatement = (book: OrderBook): Statement => ({
  sql: `insert into order_book (id, json) values (?, ?)
        on conflict (id) do update set json = excluded.json`,
  args: [book.id, JSON.stringify(book)],
});

export const nameStatement = (name: string, id: string): Statement => ({
  sql: `insert into order_name (name, id) values (?, ?)
        on conflict (name) do update set id = excluded.id`,
  args: [name, id],
});

/** What waited for the order is read again at once. */
export const wakeStatement = (names: readonly string[], nowMs: number): Statement => ({
  sql: `update received set due_ms = ? where state = 'failed'
          and wants in (select value from json_each(?))`,
  args: [nowMs, JSON.stringify(names)],
});
