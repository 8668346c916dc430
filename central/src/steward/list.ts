/** Stewards' decisions as they were taken, newest last, also those that were undone. No values: those are in golden records. */
import type { CustomerId } from "@regulars/shared/ids";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { recordsOfText } from "./plan.ts";

export interface DecisionEntry {
  readonly n: number;
  readonly id: string;
  readonly kind: string;
  readonly a: readonly string[];
  readonly b: readonly string[];
  /** Of a pin or an ignore. */
  readonly field: string | null;
  readonly by: string;
  readonly note: string | null;
  readonly atMs: number;
  readonly undoneMs: number | null;
  readonly undoneBy: string | null;
}

const COLUMNS = "*, request ->> '$.field' as field";

export async function readDecisions(
  storage: Storage,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<DecisionEntry[]> {
  const rows = await rowsOf(
    storage,
    `select ${COLUMNS} from steward_decision where n > ? order by n limit ?`,
    [after, limit],
  );
  return rows.map((row) => entryOf(row));
}

/** Newest first, from below `before` on. */
export const newestDecisionsQuery = (before: number, limit: number): Statement => ({
  sql: `select ${COLUMNS} from steward_decision where n < ? order by n desc limit ?`,
  args: [before, limit],
});

/** Those that stand and name records of a customer, newest first: of two sides, and about fields. */
export const decisionsOnQuery = (customer: CustomerId, limit: number): Statement => ({
  sql: `select ${COLUMNS} from steward_decision where id in (
          select s.decision from source_record r cross join steward_side s on s.record = r.id
          where r.customer = ?1
          union select o.id from source_record r
          cross join override o on o.fragment = r.id and o.undone_ms is null where r.customer = ?1)
        order by n desc limit ?2`,
  args: [customer, limit],
});

export const decisionQuery = (id: string): Statement => ({
  sql: `select ${COLUMNS} from steward_decision where id = ?`,
  args: [id],
});

export async function readEntries(storage: Storage, query: Statement): Promise<DecisionEntry[]> {
  const [rows = []] = await storage.read([query]);
  return rows.map((row) => entryOf(row));
}

const entryOf = (row: Row): DecisionEntry => ({
  n: numberOf(row, "n"),
  id: textOf(row, "id"),
  kind: textOf(row, "kind"),
  a: recordsOfText(textOf(row, "a")),
  b: recordsOfText(textOf(row, "b")),
  field: row["field"] === null ? null : textOf(row, "field"),
  by: textOf(row, "decided_by"),
  note: row["note"] === null ? null : textOf(row, "note"),
  atMs: numberOf(row, "at_ms"),
  undoneMs: row["undone_ms"] === null ? null : numberOf(row, "undone_ms"),
  undoneBy: row["undone_by"] === null ? null : textOf(row, "undone_by"),
});
