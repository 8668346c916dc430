/** What happens to rows after they were captured: lost, changed or doubled in a database, or not known to a processor. */
import { chainHash } from "@regulars/shared/events/chain";
import type { Statement } from "@regulars/shared/storage/port";
import { expect, type Making, sell } from "./making.ts";
import type { Plant } from "./plants.ts";
import type { Item, Till } from "./till.ts";

/** Rows that the database has lost, as a restored one has. */
export function loseRows(making: Making, plant: Plant, items: readonly Item[]): void {
  const [first] = items;
  const last = items.at(-1);
  if (!first || !last) return;
  const args = [first.source, first.seq, last.seq];
  const lost = "source = ? and epoch = 1 and seq between ? and ?";
  const expected = expect(making, plant.name, "gap", first, null);
  making.after.push(
    { sql: `insert into lost select ${EVENT_COLUMNS} from event where ${lost}`, args },
    { sql: `delete from event where ${lost}`, args },
  );
  making.repairs.push({
    expected,
    statements: [
      {
        sql: `insert into event (${EVENT_COLUMNS}) select ${EVENT_COLUMNS} from lost where ${lost}`,
        args,
      },
    ],
  });
}

export const EVENT_COLUMNS = `source, epoch, seq, store, kind, key, business_day, at_ms, accepted_ms, received_ms, offset_ms,
  currency, total_minor, receipt, external_id, flags, quarantined, tenders, stamp_ahead_ms, stamp_counter,
  prev, hash, body`;

/** A row that somebody has changed in the database; with its hash, so that only the next one shows it. */
export function changeRow(making: Making, { name }: Plant, item: Item, hasHash: boolean): void {
  const body = item.body.replace('"Tea"', '"Tee"');
  const hash = hasHash ? chainHash(item.prev, body) : item.hash;
  const found = hasHash ? { ...item, seq: item.seq + 1 } : item;
  const expected = expect(making, name, "chain_break", found, null);
  const set = (to: { body: string; hash: string }): Statement => ({
    sql: "update event set body = ?, hash = ? where source = ? and epoch = 1 and seq = ?",
    args: [to.body, to.hash, item.source, item.seq],
  });
  making.after.push(set({ body, hash }));
  making.repairs.push({ expected, statements: [set(item)] });
}

export function plantCard(
  making: Making,
  { name, amountMinor }: Plant,
  till: Till,
  atMs: number,
  totalMinor: number,
): void {
  const { store } = making.state;
  const reference = `ref-${till.nextReceipt()}`;
  const { item } = sell(making, till, atMs, {
    totalMinor,
    tenders: [{ type: "card", amountMinor: totalMinor, reference }],
  });
  const isMissing = name === "card_unsettled";
  if (!isMissing)
    making.lines.push({
      businessDay: making.businessDay,
      reference,
      amountMinor: totalMinor - amountMinor,
    });
  const expected = expect(making, name, name, item, isMissing ? totalMinor : -amountMinor);
  const sql = isMissing
    ? "insert into settlement_line (file, line, store, business_day, reference, currency, amount_minor) values (9000000, ?4, ?1, ?2, ?3, 'GBP', ?5)"
    : "update settlement_line set amount_minor = ?5 where store = ?1 and business_day = ?2 and reference = ?3 and ?4 > 0";
  const line = making.state.random.int(1, 2 ** 40);
  making.repairs.push({
    expected,
    statements: [{ sql, args: [store, making.businessDay, reference, line, totalMinor] }],
  });
}

export function plantLine(making: Making, { name, amountMinor }: Plant, till: Till): void {
  const reference = `nobody-${till.source}-${making.businessDay}`;
  making.lines.push({ businessDay: making.businessDay, reference, amountMinor });
  const expected = expect(making, name, name, null, amountMinor);
  making.repairs.push({
    expected,
    statements: [{ sql: "delete from settlement_line where reference = ?", args: [reference] }],
  });
}

/** Another row under the same number, as the copy of a disk captures one. */
export function forkRow(
  making: Making,
  { name, amountMinor }: Plant,
  item: Item,
  totalMinor: number,
): void {
  const body = item.body.replaceAll(String(totalMinor), String(totalMinor + amountMinor));
  making.forks.push({ ...item, body, hash: chainHash(item.prev, body) });
  const expected = expect(making, name, "fork", item, totalMinor + amountMinor);
  const sql = "delete from intake_problem where source = ? and item = ?";
  making.repairs.push({ expected, statements: [{ sql, args: [item.source, String(item.seq)] }] });
}
