/** What has arrived, or is to be looked at again, beside what is stored of it: one round trip. */
import { canonicalJson } from "@regulars/shared/digest";
import type { Contribution } from "@regulars/shared/fragment/contribution";
import type { CustomerId } from "@regulars/shared/ids";
import { numberOf, type Row, type Storage, textOf } from "@regulars/shared/storage/port";
import { hexOf } from "../db/packed.ts";
import { contributionIn } from "../db/packed-columns.ts";
import type { ArrivedRecord } from "../intake/source-record.ts";
import { isEvidence } from "../matching/features-of-claims.ts";
import type { MatchingContext } from "./matching-context.ts";
import { type UnitContent, unitOf } from "./unit.ts";

export interface StoredRecord {
  readonly id: string;
  readonly clock: number;
  readonly customer: CustomerId;
  readonly unit: string | null;
  readonly placed: CustomerId | null;
  readonly contribution: Contribution;
}

export interface StoredCustomer {
  readonly id: CustomerId;
  readonly redirectTo: CustomerId | null;
  readonly version: number;
  readonly digest: string | null;
}

export interface Arrivals {
  /** Of what has arrived, what says something new: a lower clock is old news, the same one the same fragment (FRG1). */
  readonly changed: readonly ArrivedRecord[];
  readonly stored: ReadonlyMap<string, StoredRecord>;
  readonly customers: ReadonlyMap<CustomerId, StoredCustomer>;
  /** Those that resolution has to look at: to it they are something else now, or somebody asks. */
  readonly moving: readonly MovingRecord[];
}

export interface MovingRecord {
  readonly id: string;
  readonly contribution: Contribution;
  readonly content: UnitContent;
  readonly stored: StoredRecord | null;
}

/** Stewards' decisions that are in the same write, and so cannot be read yet. */
export interface PendingDecisions {
  readonly added: readonly { readonly id: string; readonly kind: "same" | "different" }[];
  readonly sides: readonly { readonly record: string; readonly tag: string }[];
  readonly undone: readonly string[];
}
export const NO_DECISIONS: PendingDecisions = { added: [], sides: [], undone: [] };

export interface Occasion {
  readonly arrived: readonly ArrivedRecord[];
  /** Source records to look at again, whatever is known of them. */
  readonly again: readonly string[];
  readonly pending: PendingDecisions;
}

export async function readArrivals(
  storage: Storage,
  { arrived, again, pending }: Occasion,
  context: MatchingContext,
): Promise<Arrivals> {
  const ids = [...new Set([...arrived.map(({ id }) => id), ...again])];
  const [records = [], customers = [], sides = []] = await storage.read([
    {
      sql: `select id, clock, customer, unit, placed, contribution from source_record
            where id in (select value from json_each(?1)) or customer in (
              select customer from source_record where id in (select value from json_each(?2)))`,
      args: [JSON.stringify(ids), JSON.stringify(arrived.map(({ id }) => id))],
    },
    customersQuery(
      arrived.map(({ edgeCustomer }) => edgeCustomer),
      ids,
    ),
    {
      sql: `select record, decision || '/' || side as tag from steward_side
            where record in (select value from json_each(?))`,
      args: [JSON.stringify(ids)],
    },
  ]);
  const stored = new Map(records.map((row) => [textOf(row, "id"), storedRecordOf(row)]));
  const changed = arrived.filter(({ id, clock }) => clock > (stored.get(id)?.clock ?? 0));
  const tags = tagsOf(sides, pending);
  const fresh = new Map(changed.map((record) => [record.id, record]));
  const isAsked = new Set(again);
  const moving = ids.flatMap((id): MovingRecord[] => {
    const known = stored.get(id) ?? null;
    const contribution = fresh.get(id)?.contribution ?? known?.contribution;
    if (!contribution) return [];
    if (!isAsked.has(id) && known?.unit && isSame(known.contribution, contribution)) return [];
    return [
      {
        id,
        contribution,
        content: unitOf(contribution, tags.get(id) ?? [], context),
        stored: known,
      },
    ];
  });
  return {
    changed,
    stored,
    customers: new Map(customers.map((row) => [textOf(row, "id"), customerOf(row)])),
    moving,
  };
}

/** To resolution: a sale adds neither keys nor claims, and most of what arrives is sales. */
const isSame = (a: Contribution, b: Contribution): boolean =>
  a.first === b.first &&
  canonicalJson(a.keys) === canonicalJson(b.keys) &&
  canonicalJson(valuesOf(a)) === canonicalJson(valuesOf(b));

const valuesOf = ({ claims }: Contribution) =>
  Object.fromEntries(
    Object.entries(claims).map(([field, claim]) => [
      field,
      claim && isEvidence(claim) ? claim.value : null,
    ]),
  );

function tagsOf(rows: readonly Row[], pending: PendingDecisions): Map<string, string[]> {
  const sides = [
    ...rows.map((row) => ({ record: textOf(row, "record"), tag: textOf(row, "tag") })),
    ...pending.sides,
  ].filter(({ tag }) => !pending.undone.includes(decisionOfTag(tag)));
  const tags = new Map<string, string[]>();
  for (const { record, tag } of sides) tags.set(record, [...(tags.get(record) ?? []), tag]);
  return tags;
}

export const decisionOfTag = (tag: string): string => tag.slice(0, tag.lastIndexOf("/"));

/** Rows of these ids, and of the customers that these records are with. */
export const customersQuery = (ids: readonly CustomerId[], records: readonly string[]) => ({
  sql: `select id, redirect_to, version, digest from customer where id in (
          select value from json_each(?1)
          union select customer from source_record where id in (select value from json_each(?2)))`,
  args: [JSON.stringify(ids), JSON.stringify(records)],
});

export const storedRecordOf = (row: Row): StoredRecord => ({
  id: textOf(row, "id"),
  clock: numberOf(row, "clock"),
  customer: textOf(row, "customer"),
  unit: textOrNull(row, "unit"),
  placed: textOrNull(row, "placed"),
  contribution: contributionIn(row),
});

export const customerOf = (row: Row): StoredCustomer => ({
  id: textOf(row, "id"),
  redirectTo: textOrNull(row, "redirect_to"),
  version: numberOf(row, "version"),
  digest: row["digest"] === null ? null : hexOf(row, "digest"),
});

export const textOrNull = (row: Row, column: string): string | null =>
  row[column] === null ? null : textOf(row, column);
