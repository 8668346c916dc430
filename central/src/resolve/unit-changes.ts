/** From records to units: which units there are that were not, which are no more, and which have other records now. */
import { stampSchema } from "@regulars/shared/clock";
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import { type Row, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";
import { contributionIn, unitText } from "../db/packed-columns.ts";
import { type MovingRecord, textOrNull } from "./arrivals.ts";
import { byText, type UnitContent, unpackFeatures } from "./unit.ts";

export interface UnitState extends UnitContent {
  readonly keys: Readonly<Record<IdentityKey, string>>;
  readonly first: string;
  readonly firstRecord: string;
  /** Null before it was resolved for the first time. */
  readonly customer: CustomerId | null;
  readonly component: string | null;
}

/** A source record as far as resolution needs it after its unit is known. */
export interface UnitRecord {
  readonly id: string;
  readonly unit: string;
  readonly key: IdentityKey;
  readonly source: string;
  readonly first: string;
  readonly keys: Readonly<Record<IdentityKey, string>>;
  /** Null when it has just arrived. */
  readonly customer: CustomerId | null;
  readonly placed: CustomerId | null;
}

export interface UnitChanges {
  readonly added: readonly UnitState[];
  readonly removed: readonly UnitState[];
  /** Other records, or other stamps; the content is the same. */
  readonly restated: readonly UnitState[];
  /** Stored already, but to be compared again with all others. */
  readonly compared: readonly UnitState[];
  /** Moving records, as they will be. */
  readonly records: ReadonlyMap<string, UnitRecord>;
  /** Stored, and no stored record is in them. */
  readonly empty: readonly UnitState[];
}

export async function readUnitChanges(
  storage: Storage,
  moving: readonly MovingRecord[],
  again: readonly string[],
): Promise<UnitChanges> {
  const ids = new Set(
    moving.flatMap(({ content, stored }) => [content.id, stored?.unit ?? content.id]),
  );
  const args = [JSON.stringify([...ids])];
  const [unitRows = [], recordRows = []] = await storage.read([
    { sql: `${SELECT_UNITS} where id in (select value from json_each(?))`, args },
    { sql: `${SELECT_RECORDS} where unit in (select value from json_each(?))`, args },
  ]);
  const stored = new Map(unitRows.map((row) => [textOf(row, "id"), unitStateOf(row)]));
  const records = new Map(moving.map((each) => [each.id, movedRecordOf(each)]));
  const all = [
    ...recordRows.map((row) => unitRecordOf(row)).filter(({ id }) => !records.has(id)),
    ...records.values(),
  ];
  const ofUnit = Map.groupBy(all, ({ unit }) => unit);
  const storedIn = new Set(recordRows.map((row) => textOf(row, "unit")));
  const empty = [...stored.values()].filter(({ id }) => !storedIn.has(id));
  const contents = new Map(moving.map(({ content }) => [content.id, content]));
  const isAgain = new Set(again);
  const added: UnitState[] = [];
  const removed: UnitState[] = [];
  const restated: UnitState[] = [];
  const compared: UnitState[] = [];
  for (const id of [...ids].toSorted(byText)) {
    const known = stored.get(id);
    const own = ofUnit.get(id) ?? [];
    const content = known ?? contents.get(id);
    if (!content) continue;
    if (own.length === 0) {
      if (known) removed.push(known);
      continue;
    }
    const state = stateOf(content, own, known);
    if (!known) added.push(state);
    else {
      restated.push(state);
      if (own.some((record) => isAgain.has(record.id))) compared.push(state);
    }
  }
  return { added, removed, restated, compared, records, empty };
}

function stateOf(
  { id, ownKey, keyList, nobody, tags, features }: UnitContent,
  records: readonly UnitRecord[],
  known: UnitState | undefined,
): UnitState {
  const keys: Record<IdentityKey, string> = {};
  for (const record of records) {
    for (const [key, stamp] of Object.entries(record.keys)) {
      const earliest = keys[key];
      if (earliest === undefined || stamp < earliest) keys[key] = stamp;
    }
  }
  const [first] = records.toSorted(compareFirst);
  return {
    id, ownKey, keyList, nobody, tags, features, keys,
    first: first?.first ?? "",
    firstRecord: first?.id ?? "",
    customer: known?.customer ?? null,
    component: known?.component ?? null,
  }; // prettier-ignore
}

/** Orders by first appearance. Stamps of one writer differ, and name their writer; the id settles the rest. */
export function compareFirst(
  a: { readonly first: string; readonly key: string; readonly id: string },
  b: { readonly first: string; readonly key: string; readonly id: string },
): number {
  return byText(a.first, b.first) || byText(a.key, b.key) || byText(a.id, b.id);
}

const movedRecordOf = ({ id, contribution, content, stored }: MovingRecord): UnitRecord => ({
  id,
  unit: content.id,
  key: contribution.key,
  source: contribution.source,
  first: contribution.first,
  keys: contribution.keys,
  customer: stored?.customer ?? null,
  placed: stored?.placed ?? null,
});

export const SELECT_UNITS = `select id, own_key, first, first_record, customer, component, keys,
  nobody, tags, features from unit`;
export const SELECT_RECORDS =
  "select id, unit, key, source, customer, placed, contribution from source_record";

const keysSchema = z.record(z.string(), stampSchema);
const textsSchema = z.array(z.string());

export function unitStateOf(row: Row): UnitState {
  const keys = keysSchema.parse(JSON.parse(unitText(row, "keys")));
  return {
    id: textOf(row, "id"),
    ownKey: textOf(row, "own_key"),
    keyList: Object.keys(keys).toSorted(byText),
    nobody: textsSchema.parse(JSON.parse(textOf(row, "nobody"))),
    tags: textsSchema.parse(JSON.parse(textOf(row, "tags"))),
    features: unpackFeatures(unitText(row, "features")),
    keys,
    first: textOf(row, "first"),
    firstRecord: textOf(row, "first_record"),
    customer: textOrNull(row, "customer"),
    component: textOrNull(row, "component"),
  };
}

export function unitRecordOf(row: Row): UnitRecord {
  const { first, keys } = contributionIn(row);
  return {
    id: textOf(row, "id"),
    unit: textOf(row, "unit"),
    key: textOf(row, "key"),
    source: textOf(row, "source"),
    first,
    keys,
    customer: textOf(row, "customer"),
    placed: textOrNull(row, "placed"),
  };
}
