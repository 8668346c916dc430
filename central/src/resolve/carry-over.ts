/**
 * Units for source records that have none: of a database of an older build, or after a build that reads or files records in
 * another way. Page by page, each one write, so that it goes on where it was ended. Customers stay who they are: whether they
 * should, is then looked at record by record (`anew.ts`).
 */
import { LIMITS } from "@regulars/shared/limits";
import {
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { INSERT_UNITS, NUMBERED, PAIRS_OF, unitRow } from "./write-units.ts";
import { contributionIn } from "../db/packed-columns.ts";
import type { MatchingContext } from "./matching-context.ts";
import { blockNumbersOf, type UnitContent, unitOf } from "./unit.ts";
import { compareFirst, SELECT_UNITS, unitStateOf } from "./unit-changes.ts";

/** To be raised whenever the same records would be read into other features, or filed under other codes. */
export const READING = 1;

interface Carried extends UnitContent {
  keys: Record<string, string>;
  first: string;
  firstRecord: string;
  readonly customer: string;
}

export async function carryOver(storage: Storage, context: MatchingContext): Promise<void> {
  const [row] = await rowsOf(storage, "select value from resolution where name = 'reading'");
  if (row && textOf(row, "value") !== String(READING)) await storage.write(forgetStatements());
  while (await carryPage(storage, context)) {
    // Each page is a write of its own.
  }
  if (row && textOf(row, "value") === String(READING)) return;
  await storage.write([
    {
      sql: "insert or replace into resolution (name, value) values ('reading', ?)",
      args: [String(READING)],
    },
  ]);
}

const forgetStatements = (): Statement[] => [
  ...["unit", "unit_block", "unit_key", "blocked_key", "pair", "link"].map((table) => ({
    sql: `delete from ${table}`,
  })),
  { sql: "update source_record set unit = null" },
];

async function carryPage(storage: Storage, context: MatchingContext): Promise<boolean> {
  const [records = [], sides = []] = await storage.read([
    {
      sql: "select id, customer, contribution from source_record where unit is null limit ?",
      args: [LIMITS.carriedRecords],
    },
    { sql: "select record, decision || '/' || side as tag from steward_side" },
  ]);
  if (records.length === 0) return false;
  const tags = Map.groupBy(sides, (row) => textOf(row, "record"));
  const units = new Map<string, Carried>();
  const rows = records.map((row) => carryRecord(row, tags, units, context));
  const stored = await rowsOf(
    storage,
    `${SELECT_UNITS} where id in (select value from json_each(?))`,
    [JSON.stringify([...units.keys()])],
  );
  for (const state of stored.map((row) => unitStateOf(row))) {
    const unit = units.get(state.id);
    if (unit) takeIn(unit, state.keys, state.first, state.firstRecord);
  }
  await storage.write(carriedStatements([...units.values()], rows, context));
  return records.length === LIMITS.carriedRecords;
}

function carryRecord(
  row: Row,
  tags: ReadonlyMap<string, readonly Row[]>,
  units: Map<string, Carried>,
  context: MatchingContext,
): [string, string] {
  const id = textOf(row, "id");
  const contribution = contributionIn(row);
  const own = (tags.get(id) ?? []).map((tag) => textOf(tag, "tag"));
  const content = unitOf(contribution, own, context);
  const { first, keys } = contribution;
  const unit = units.get(content.id) ?? {
    ...content,
    keys: { ...keys },
    first,
    firstRecord: id,
    customer: textOf(row, "customer"),
  };
  units.set(content.id, unit);
  takeIn(unit, keys, first, id);
  return [id, content.id];
}

function takeIn(
  unit: Carried,
  keys: Readonly<Record<string, string>>,
  first: string,
  firstRecord: string,
): void {
  for (const [key, stamp] of Object.entries(keys)) {
    if (stamp < (unit.keys[key] ?? "~")) unit.keys[key] = stamp;
  }
  const key = unit.ownKey;
  const isEarlier =
    compareFirst(
      { first, key, id: firstRecord },
      { first: unit.first, key, id: unit.firstRecord },
    ) < 0;
  if (isEarlier) Object.assign(unit, { first, firstRecord });
}

const write = (sql: string, rows: readonly unknown[]): Statement => ({
  sql,
  args: [JSON.stringify(rows)],
});

function carriedStatements(
  units: readonly Carried[],
  records: readonly (readonly [string, string])[],
  context: MatchingContext,
): Statement[] {
  return [
    write(
      INSERT_UNITS,
      units.map((unit) => unitRow(unit, unit.customer, unit.customer)),
    ),
    write(
      `insert or ignore into unit_block ${NUMBERED}`,
      units.flatMap((unit) => blockNumbersOf(unit, context).map((block) => [block, unit.id])),
    ),
    write(
      `insert or ignore into unit_key ${NUMBERED}`,
      units.flatMap(({ id, keyList }) => keyList.map((key) => [key, id])),
    ),
    write(
      `insert or ignore into blocked_key ${PAIRS_OF}`,
      units.flatMap(({ id, nobody }) => nobody.map((key) => [key, id])),
    ),
    {
      sql: `update source_record set unit = j.unit
            from (select value ->> 0 as id, value ->> 1 as unit
              from json_each(?)) j where source_record.id = j.id`,
      args: [JSON.stringify(records)],
    },
  ];
}
