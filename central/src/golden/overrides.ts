/**
 * Stewards' decisions about fields, as the centre keeps them: they hang on source records, so that whoever has the records
 * of a customer has the decisions (GLD1). What is undone stays in the table and counts no more.
 */
import type { CustomerId } from "@regulars/shared/ids";
import { type Row, rowsOf, type Statement, type Storage } from "@regulars/shared/storage/port";
import { type Override, overrideSchema, overridesOn } from "@regulars/shared/survivorship/override";
import { publishStatement } from "../publish/outbox.ts";

/**
 * What goes into the same write as the golden records that it changes, and so cannot be read yet. An id is given to one
 * decision only: what was undone under it does not come back by being added again.
 */
export interface PendingOverrides {
  readonly added?: readonly Override[];
  /** Ids of decisions. */
  readonly undone?: readonly string[];
}

export type PinInput = Omit<Override, "kind" | "value"> & Required<Pick<Override, "value">>;
export type IgnoreInput = Omit<Override, "kind" | "value">;

export const pinOf = (pin: PinInput): Override => ({ ...pin, kind: "pin" });
export const ignoreOf = (ignore: IgnoreInput): Override => ({ ...ignore, kind: "ignore" });

export const pinStatements = (pin: PinInput, nowMs: number): Statement[] =>
  overrideStatements(pinOf(pin), nowMs);

export const ignoreStatements = (ignore: IgnoreInput, nowMs: number): Statement[] =>
  overrideStatements(ignoreOf(ignore), nowMs);

/** Undone twice is undone once: the first time stays. */
export const undoStatements = (id: string, nowMs: number): Statement[] => [
  {
    sql: "update override set undone_ms = ? where id = ? and undone_ms is null",
    args: [nowMs, id],
  },
];

/** Decided twice under one id is decided once. */
function overrideStatements(override: Override, nowMs: number): Statement[] {
  const { id, kind, field, fragment, value, event, stamp, by } = overrideSchema.parse(override);
  const said = value === undefined ? null : JSON.stringify(value);
  return [
    {
      sql: `insert into override (id, kind, field, fragment, value, event, stamp, "by", at_ms)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing`,
      args: [id, kind, field, fragment, said, event ?? null, stamp, by, nowMs],
    },
  ];
}

const STANDING = `select id, kind, field, fragment, value, event, stamp, "by" from override
  where undone_ms is null and fragment in`;

export const overridesQuery = (fragments: string, args: Statement["args"] = []): Statement => ({
  sql: `${STANDING} (${fragments}) order by id`,
  args,
});

/** All decisions that stand about these source records. */
export async function overridesOf(
  storage: Storage,
  fragments: readonly string[],
): Promise<Override[]> {
  if (fragments.length === 0) return [];
  const { sql, args } = overridesQuery("select value from json_each(?)", [
    JSON.stringify(fragments),
  ]);
  return (await rowsOf(storage, sql, args)).map((row) => overrideOf(row));
}

export function overrideOf(row: Row): Override {
  const { value, event, ...others } = row;
  const said: unknown = typeof value === "string" ? JSON.parse(value) : undefined;
  return overrideSchema.parse({ ...others, value: said, event: event ?? undefined });
}

/** As they will be when the pending ones are written. */
export function withPending(
  stored: readonly Override[],
  { added = [], undone = [] }: PendingOverrides,
): Override[] {
  const byId = new Map([...added, ...stored].map((each) => [each.id, each]));
  for (const id of undone) byId.delete(id);
  return [...byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Tells the edge all that stands about a customer: it replaces what the edge knew, none included. */
export function publishOverrides(customer: CustomerId, overrides: readonly Override[]): Statement {
  return publishStatement({
    kind: "overrides",
    customer,
    overrides: overridesOn(overrides, () => true),
  });
}
