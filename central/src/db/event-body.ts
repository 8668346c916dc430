/**
 * Bodies of journal rows. Most are packed, against the row's own columns: what those say already costs next to nothing in the
 * body. Rows in quarantine are text, for their columns are filled in later, and so are the few of kinds that SQL reads.
 */
import type { Row, SqlValue } from "@regulars/shared/storage/port";
import { hexOf, pack, unpack } from "./packed.ts";

/** Of these no query reads a body: what it asks for stands in columns. */
const PACKED_KINDS: ReadonlySet<SqlValue> = new Set([
  "sale", "claim", "consent", "note", "behaviour", "cart", "order",
]); // prettier-ignore

/** What a body is packed against; never changed once the row is out of quarantine. */
const CONTEXT = [
  "source", "epoch", "seq", "store", "key", "business_day", "at_ms", "receipt", "currency", "total_minor",
] as const; // prettier-ignore

export interface BodyContext extends Readonly<Record<(typeof CONTEXT)[number], SqlValue>> {
  readonly kind: SqlValue;
  readonly quarantined: SqlValue;
}

/** What a query has to select for `bodyOf`; `of` is the alias of the table. */
export const bodyColumns = (of = "event"): string =>
  [...CONTEXT, "body"].map((column) => `${of}.${column}`).join(", ");

export function packBody(body: string, row: BodyContext): SqlValue {
  if (row.quarantined !== null || !PACKED_KINDS.has(row.kind)) return body;
  const context = contextOf(row);
  // A column may not give back all of such a text.
  if (context.includes("\0")) return body;
  const packed = pack("event", body, context);
  return packed.length < body.length ? packed : body;
}

/** Byte for byte as the till wrote it; the row has `bodyColumns`. */
export function bodyOf(row: Row): string {
  const { body } = row;
  return typeof body === "string" ? body : unpack("event", body, contextOf(row));
}

/** A whole row of `event` with its digests in hex and its body as it came. */
export const legibleRow = (row: Row): Row => ({
  ...row,
  prev: hexOf(row, "prev"),
  hash: hexOf(row, "hash"),
  body: bodyOf(row),
});

/** In the order of an event's fields, as far as they stand in columns. */
function contextOf(row: Row | BodyContext): string {
  const said = (column: (typeof CONTEXT)[number]): string => String(row[column] ?? "");
  const writer = `${said("source")}/${said("epoch")}`;
  const { hex, iso } = timesOf(row["at_ms"]);
  return (
    `"subject":["${said("key")}"],"receipt":"${said("receipt")}","currency":"${said("currency")}","lines":[{"sku":"` +
    `"totalMinor":${said("total_minor")}}}{"source":"${said("source")}","epoch":${said("epoch")},"seq":${said("seq")},` +
    `"stamp":"${hex}-0000-${writer}","at":"${iso}","businessDay":"${said("business_day")}","store":"${said("store")}","channel":"`
  );
}

/** As a stamp and as an event write it. */
function timesOf(ms: SqlValue | undefined): { readonly hex: string; readonly iso: string } {
  if (typeof ms !== "number" || ms < 0 || ms > 8.64e15) return { hex: "", iso: "" };
  return { hex: ms.toString(16).padStart(12, "0"), iso: new Date(ms).toISOString() };
}
