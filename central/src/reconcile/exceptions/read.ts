/** Exceptions as they are stored, and one with its life. */
import { type Row, rowsOf, type Statement, type Storage } from "@regulars/shared/storage/port";
import { z } from "zod";
import { type ExceptionKind, KINDS } from "../found.ts";

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant are its keys
export const EXCEPTION_KINDS = Object.keys(KINDS) as ExceptionKind[];
export const EXCEPTION_STATES = ["open", "explained", "approved", "settled"] as const;
export const SEVERITIES = ["serious", "warning", "info"] as const;
export const ENTRY_ACTIONS = [
  "opened",
  "found_again",
  "changed",
  "assigned",
  "explained",
  "approved",
  "rejected",
  "reopened",
  "settled",
] as const;
export type EntryAction = (typeof ENTRY_ACTIONS)[number];

const evidenceSchema = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
);
const evidenceText = z.string().transform((text) => evidenceSchema.parse(JSON.parse(text)));

const exceptionRow = z.object({
  n: z.int(),
  store: z.string(),
  businessDay: z.string(),
  kind: z.enum(EXCEPTION_KINDS),
  severity: z.enum(SEVERITIES),
  source: z.string().nullable(),
  epoch: z.int().nullable(),
  seq: z.int().nullable(),
  currency: z.string().nullable(),
  amountMinor: z.int().nullable(),
  evidence: evidenceText,
  state: z.enum(EXCEPTION_STATES),
  assignee: z.string().nullable(),
  explainedBy: z.string().nullable(),
  openedMs: z.int(),
  changedMs: z.int(),
  version: z.int(),
  /** Of the store's clock; null where nobody has said. */
  zone: z.string().nullable(),
});
export type StoredException = z.infer<typeof exceptionRow>;

/** With `zone`, which stands in the row of the day, or with the store's terminals. `e` is the exception. */
export const EXCEPTION_COLUMNS = `e.n, e.store, e.business_day as businessDay, e.kind, e.severity, e.source,
  e.epoch, e.seq, e.currency, e.amount_minor as amountMinor, e.evidence, e.state, e.assignee,
  e.explained_by as explainedBy, e.opened_ms as openedMs, e.changed_ms as changedMs, e.version,
  coalesce((select zone from store_day d where d.store = e.store and d.business_day = e.business_day),
    (select zone from writer w where w.store = e.store and zone is not null limit 1)) as zone`;

export const exceptionOf = (row: Row): StoredException => exceptionRow.parse(row);

export const exceptionQuery = (n: number): Statement => ({
  sql: `select ${EXCEPTION_COLUMNS} from exception e where e.n = ?`,
  args: [n],
});

export async function readException(storage: Storage, n: number): Promise<StoredException | null> {
  const [[row] = []] = await storage.read([exceptionQuery(n)]);
  return row ? exceptionOf(row) : null;
}

const entryRow = z.object({
  n: z.int(),
  atMs: z.int(),
  by: z.string(),
  action: z.enum(ENTRY_ACTIONS),
  note: z.string().nullable(),
  evidence: evidenceText.nullable(),
});
export type ExceptionEntry = z.infer<typeof entryRow>;

/** Newest first, at most `limit`. */
export const entriesQuery = (exception: number, limit: number): Statement => ({
  sql: `select n, at_ms as atMs, by, action, note, evidence from exception_entry
    where exception = ? order by n desc limit ?`,
  args: [exception, limit],
});

export async function readEntries(
  storage: Storage,
  exception: number,
  limit: number,
): Promise<ExceptionEntry[]> {
  const { sql, args = [] } = entriesQuery(exception, limit);
  return (await rowsOf(storage, sql, args)).map((row) => entryRow.parse(row));
}
