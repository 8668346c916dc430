/** Writes what resolution has found: units and where they are filed, pairs, links and refusals. Few statements for many rows. */
import type { SqlValue, Statement } from "@regulars/shared/storage/port";
import { packUnitText } from "../db/packed-columns.ts";
import type { Link, Refusal } from "../matching/clusters.ts";
import type { Component } from "./components.ts";
import type { Filing } from "./filing.ts";
import type { Naming } from "./naming.ts";
import type { PairChanges } from "./pair-changes.ts";
import type { Surroundings } from "./surroundings.ts";
import { packFeatures } from "./unit.ts";
import type { UnitChanges, UnitState } from "./unit-changes.ts";

const list = (rows: readonly unknown[]): SqlValue[] => [JSON.stringify(rows)];

export function unitStatements(
  changes: UnitChanges,
  filing: Filing,
  components: readonly Component[],
  { clusters }: Naming,
): Statement[] {
  const customerOf = new Map(
    clusters.flatMap(({ customer, units }) => units.map((id) => [id, customer] as const)),
  );
  const rows = components.flatMap(({ id: component, units }) =>
    units.flatMap((unit) => rowOf(unit, component, customerOf.get(unit.id) ?? "", changes)),
  );
  const gone = changes.removed.map(({ id }) => id);
  const blocks = (units: readonly UnitState[]) =>
    units.flatMap(({ id }) => (filing.blocksOf.get(id) ?? []).map((each) => [Number(each), id]));
  return [
    ...write(INSERT_UNITS, rows),
    ...write(`insert or ignore into unit_block ${NUMBERED}`, blocks(changes.added)),
    ...write(
      `delete from unit_block where (block, unit) in (${NUMBERED})`,
      blocks(changes.removed),
    ),
    ...listStatements("unit_key", NUMBERED, changes, ({ keyList }) => keyList),
    ...listStatements("blocked_key", PAIRS_OF, changes, ({ nobody }) => nobody),
    // Last: its number goes with it.
    ...write("delete from unit where id in (select value from json_each(?))", gone),
  ];
}

/** A unit that is stored keeps its number. Packed values are written in hex, for JSON holds no bytes. */
export const INSERT_UNITS = `insert into unit (id, own_key, first, first_record, customer, component,
    keys, nobody, tags, features)
  select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, unhex(value ->> 6),
    value ->> 7, value ->> 8, unhex(value ->> 9) from json_each(?) where true
  on conflict (id) do update set own_key = excluded.own_key, first = excluded.first,
    first_record = excluded.first_record, customer = excluded.customer, component = excluded.component,
    keys = excluded.keys, nobody = excluded.nobody, tags = excluded.tags, features = excluded.features`;
export const PAIRS_OF = "select value ->> 0, value ->> 1 from json_each(?)";
/** Pairs of whatever it is and the id of a unit, with the unit's number in its place. */
export const NUMBERED = `select j.value ->> 0, u.n from json_each(?) j cross join unit u on u.id = j.value ->> 1`;

/** A row for `INSERT_UNITS`. */
export const unitRow = (unit: UnitContentAt, customer: string, component: string): unknown[] => [
  unit.id, unit.ownKey, unit.first, unit.firstRecord, customer, component, hexOfText(unit.keys, unit.ownKey),
  JSON.stringify(unit.nobody), JSON.stringify(unit.tags), hexOfText(packFeatures(unit.features), unit.ownKey),
]; // prettier-ignore

type UnitContentAt = Pick<UnitState, "id" | "ownKey" | "first" | "firstRecord" | "keys" | "nobody" | "tags" | "features">; // prettier-ignore

const hexOfText = (said: object, ownKey: string): string =>
  Buffer.from(packUnitText(JSON.stringify(said), ownKey)).toString("hex");

function listStatements(
  table: "unit_key" | "blocked_key",
  pairs: string,
  { added, removed }: UnitChanges,
  keysOf: (unit: UnitState) => readonly string[],
): Statement[] {
  const rows = (units: readonly UnitState[]) =>
    units.flatMap((unit) => keysOf(unit).map((key) => [key, unit.id]));
  return [
    ...write(`insert or ignore into ${table} ${pairs}`, rows(added)),
    ...write(`delete from ${table} where (key, unit) in (${pairs})`, rows(removed)),
  ];
}

const write = (sql: string, rows: readonly unknown[]): Statement[] =>
  rows.length === 0 ? [] : [{ sql, args: list(rows) }];

/** Only those that are not stored like this. */
function rowOf(
  unit: UnitState,
  component: string,
  customer: string,
  { restated, compared }: UnitChanges,
): unknown[][] {
  const isStated = ![...restated, ...compared].some(({ id }) => id === unit.id);
  if (isStated && unit.component === component && unit.customer === customer) return [];
  return [unitRow(unit, customer, component)];
}

export function pairStatements({ kept, gone }: PairChanges, changes: UnitChanges): Statement[] {
  const removed = changes.removed.map(({ id }) => id);
  return [
    ...write("delete from pair where a in (select value from json_each(?))", removed),
    ...write("delete from pair where b in (select value from json_each(?))", removed),
    ...write(
      `delete from pair where (a, b) in (${PAIRS_OF})`,
      gone.map(({ a, b }) => [a, b]),
    ),
    ...write(
      `insert into pair (a, b, weight) select value ->> 0, value ->> 1, value ->> 2
       from json_each(?) where true
       on conflict (a, b) do update set weight = excluded.weight`,
      kept.map(({ a, b, weight }) => [a, b, weight]),
    ),
  ];
}

const nameOfLink = ({ a, b, kind, by }: Link): string => JSON.stringify([a, b, kind, by]);
const nameOfRefusal = (refusal: Refusal): string => `${refusal.reason} ${nameOfLink(refusal)}`;

/** What is told of it besides: the records that stood for the units when they were kept apart. */
export function evidenceStatements(
  around: Surroundings,
  components: readonly Component[],
  nowMs: number,
): Statement[] {
  const links = ordered(components.flatMap(({ clustering }) => clustering.links));
  const refusals = components.flatMap(({ clustering }) => clustering.refusals).map(inOrder);
  const known = new Set(around.links.map((each) => `${nameOfLink(each)} ${each.weight}`));
  const wanted = new Set(links.map((each) => `${nameOfLink(each)} ${each.weight}`));
  const standing = new Set(around.refusals.map(nameOfRefusal));
  const stands = new Map(refusals.map((each) => [nameOfRefusal(each), each]));
  const recordOf = (id: string): string => around.units.get(id)?.firstRecord ?? "";
  return [
    ...write(
      `delete from link where (a, b) in (${PAIRS_OF})`,
      around.links
        .filter((each) => !wanted.has(`${nameOfLink(each)} ${each.weight}`))
        .map(({ a, b }) => [a, b]),
    ),
    ...write(
      `insert into link (a, b, kind, by, weight, created_ms) select value ->> 0, value ->> 1,
         value ->> 2, value ->> 3, value ->> 4, value ->> 5 from json_each(?)`,
      links
        .filter((each) => !known.has(`${nameOfLink(each)} ${each.weight}`))
        .map(({ a, b, kind, by, weight }) => [a, b, kind, by ?? "", weight, nowMs]),
    ),
    ...write(
      `update refusal set resolved_ms = ${nowMs} where n in (select value from json_each(?))`,
      around.refusals.filter((each) => !stands.has(nameOfRefusal(each))).map(({ n }) => n),
    ),
    ...write(
      `insert into refusal (reason, a, b, kind, by, weight, record_a, record_b, at_ms)
       select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
         value ->> 6, value ->> 7, value ->> 8 from json_each(?)`,
      [...stands.values()]
        .filter((each) => !standing.has(nameOfRefusal(each)))
        .map(({ reason, a, b, kind, by, weight }) => [
          reason, a, b, kind, by ?? "", weight, recordOf(a), recordOf(b), nowMs,
        ]), // prettier-ignore
    ),
  ];
}

/** Ends in the order of their ids, so that the same evidence is the same row. */
function inOrder<Item extends Link>(link: Item): Item {
  return link.a < link.b ? link : { ...link, a: link.b, b: link.a };
}

const ordered = (links: readonly Link[]): Link[] => links.map((each) => inOrder(each));
