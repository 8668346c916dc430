/** Stewards' decisions as they were taken, newest last, also those that were undone. No values: those are in golden records. */
import { numberOf, type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { recordsOfText } from "./decide.ts";

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

export async function readDecisions(
  storage: Storage,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<DecisionEntry[]> {
  const rows = await rowsOf(
    storage,
    `select *, request ->> '$.field' as field from steward_decision where n > ? order by n limit ?`,
    [after, limit],
  );
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
