/**
 * The audit of merge protection: every link that was refused, with its reason, newest last, also those that are no longer so
 * (IDN3). Ids of records and keys only; no values.
 */
import { numberOf, type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";

export interface RefusalEntry {
  readonly n: number;
  readonly reason: string;
  /** Records that stood for both sides at the time; a value that is nobody's, or too many have, has one side or none. */
  readonly records: readonly string[];
  readonly kind: string;
  /** The key, or the steward's decision, that would have joined them; null for a probability. */
  readonly by: string | null;
  readonly weight: number | null;
  readonly atMs: number;
  /** Since when it is no longer refused; null while it is. */
  readonly resolvedMs: number | null;
}

export interface RefusalQuery {
  readonly after: number;
  readonly limit: number;
  /** Only those that stand. */
  readonly standing: boolean;
}

export async function readRefusals(
  storage: Storage,
  { after, limit, standing }: RefusalQuery,
): Promise<RefusalEntry[]> {
  const only = standing ? "and resolved_ms is null" : "";
  const rows = await rowsOf(
    storage,
    `select n, reason, record_a, record_b, kind, by, weight, at_ms, resolved_ms from refusal
     where n > ? ${only} order by n limit ?`,
    [after, limit],
  );
  return rows.map((row) => entryOf(row));
}

const entryOf = (row: Row): RefusalEntry => ({
  n: numberOf(row, "n"),
  reason: textOf(row, "reason"),
  records: [textOf(row, "record_a"), textOf(row, "record_b")].filter((id) => id !== ""),
  kind: textOf(row, "kind"),
  by: textOf(row, "by") || null,
  weight: row["weight"] === null ? null : numberOf(row, "weight"),
  atMs: numberOf(row, "at_ms"),
  resolvedMs: row["resolved_ms"] === null ? null : numberOf(row, "resolved_ms"),
});
