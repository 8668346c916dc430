/** Order books as they are stored, found by any of their names. */
import type { Statement, Storage } from "@regulars/shared/storage/port";
import { textOf } from "@regulars/shared/storage/port";
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
  return {
    byId: new Map(
      books.map((row) => [textOf(row, "id"), parseOwn<OrderBook>(textOf(row, "json"))]),
    ),
    names: new Map(known.map((row) => [textOf(row, "name"), textOf(row, "id")])),
  };
}

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
