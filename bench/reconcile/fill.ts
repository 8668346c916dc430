/** Two days of all stores, written as the intake would have left them; the second is to be checked. */
import { setImmediate } from "node:timers/promises";
import type { Storage } from "@regulars/shared/storage/port";
import { type EventRow, eventRowOf } from "../../central/src/intake/event-row.ts";
import { eventStatement } from "../../central/src/intake/take-events.ts";
import { createRandom } from "../../test/simulate/random.ts";
import type { Line } from "../../test/reconcile/making.ts";
import { createStore, ZONE } from "../../test/reconcile/store-days.ts";
import type { Item } from "../../test/reconcile/till.ts";

export interface Filled {
  readonly days: { readonly store: string; readonly businessDay: string }[];
}

const DAYS = 2;
/** Rows for each sale: some are sold twice over, returned, voided, and each till has its shift. */
const ROWS_PER_SALE = 1.06;
const SOMEBODY_EVERY = 3;
const CUSTOMERS = 150;

export async function fillStores(storage: Storage, stores: number, sales: number): Promise<Filled> {
  const days: { store: string; businessDay: string }[] = [];
  for (let at = 0; at < stores; at += 1) {
    const name = `store-${at}`;
    const store = createStore({
      store: name,
      days: DAYS,
      rowsPerDay: sales * ROWS_PER_SALE,
      random: createRandom(`bench/${at}`),
      settles: true,
      hasTrend: false,
      somebodyEvery: SOMEBODY_EVERY,
      customers: CUSTOMERS,
      plants: [],
    });
    const made = Array.from({ length: DAYS }, (_, day) => store.makeDay(day));
    await writeEvents(storage, name, made.flatMap(({ items }) => items)); // prettier-ignore
    await writeLines(storage, name, at, made.flatMap(({ lines }) => lines)); // prettier-ignore
    await setImmediate(); // what native code holds is given back between turns alone
    const last = made.at(-1);
    if (last) days.push({ store: name, businessDay: last.businessDay });
  }
  return { days };
}

async function writeEvents(storage: Storage, store: string, items: readonly Item[]): Promise<void> {
  const rows = items.map((item) => ({ item, row: eventRowOf(item) }));
  const heads = [...Map.groupBy(items, ({ source }) => source).values()].flatMap((of) =>
    of.slice(-1),
  );
  await storage.write([
    ...rows.map(({ item, row }) => eventStatement(item, row, store, item.acceptedAtMs)),
    {
      sql: `insert into writer (source, epoch, store, zone, journaled, head_hash, golden, published, last_seen_ms)
        select value ->> 0, 1, ?1, ?2, value ->> 1, value ->> 2, value ->> 1, value ->> 1, value ->> 3 from json_each(?3)`,
      args: [
        store,
        ZONE,
        JSON.stringify(
          heads.map(({ source, seq, hash, acceptedAtMs }) => [source, seq, hash, acceptedAtMs]),
        ),
      ],
    },
    ...customerStatements(rows),
  ]);
}

/** A customer for each key, a source record for each till that knows it. */
function customerStatements(rows: readonly { item: Item; row: EventRow }[]) {
  const records = new Map<string, { source: string; key: string; seq: number }>();
  const totals = new Map<string, number>();
  for (const { item, row } of rows) {
    if (row.key === null) continue;
    records.set(`${item.source}/1/${row.key}`, {
      source: item.source,
      key: row.key,
      seq: item.seq,
    });
    totals.set(row.key, (totals.get(row.key) ?? 0) + (row.totalMinor ?? 0));
  }
  return [
    {
      sql: `insert into source_record (id, source, epoch, key, seq, clock, customer, received_ms, sha256, contribution, state)
        select value ->> 0, value ->> 1, 1, value ->> 2, value ->> 3, 1, value ->> 2, 0, '', '{}', x'' from json_each(?)`,
      args: [
        JSON.stringify([...records].map(([id, { source, key, seq }]) => [id, source, key, seq])),
      ],
    },
    {
      sql: `insert into customer (id, version, updated_ms, activity)
        select value ->> 0, 1, 0, json_object('totals', json_object('GBP',
          json_object('sales', 1, 'returns', 0, 'minor', value ->> 1))) from json_each(?)`,
      args: [JSON.stringify([...totals])],
    },
  ];
}

async function writeLines(
  storage: Storage,
  store: string,
  file: number,
  lines: readonly Line[],
): Promise<void> {
  await storage.write([
    {
      sql: `insert into settlement_line (file, line, store, business_day, reference, currency, amount_minor)
        select ?1, key, ?2, value ->> 0, value ->> 1, 'GBP', value ->> 2 from json_each(?3)`,
      args: [
        file,
        store,
        JSON.stringify(lines.map((line) => [line.businessDay, line.reference, line.amountMinor])),
      ],
    },
  ]);
}
