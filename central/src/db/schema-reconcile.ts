/**
 * The tables of reconciliation: how each store-day stands, what is in question about it, and what a card processor says was
 * paid. All but people's words in `exception_entry` and the settlement files can be made anew from the journal.
 */
import { sql } from "drizzle-orm";
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

/** One row per store and business day that anything was said of. */
export const storeDay = sqliteTable(
  "store_day",
  {
    store: text().notNull(),
    businessDay: text("business_day").notNull(),
    state: text({ enum: ["complete", "waiting", "in_question"] }).notNull(),
    /** Since when it is in this state. */
    sinceMs: integer("since_ms").notNull(),
    /** When it is to be checked next, for new rows, files or words, or because the day is over then; null: all was looked at. */
    dirtyMs: integer("dirty_ms"),
    /** Counted up with each mark, so that a check does not clear a mark that came while it ran. */
    dirtyCount: integer("dirty_count").notNull().default(0),
    checkedMs: integer("checked_ms"),
    zone: text(),
    /** What it waits for, and since when, as JSON: `Waiting[]`. */
    waiting: text().notNull().default("[]"),
    /** `DayFigures` as JSON: totals, hours, tenders; made by the checks. */
    figures: text().notNull().default("{}"),
    /** Exceptions that nobody has approved yet. */
    openExceptions: integer("open_exceptions").notNull().default(0),
    worst: text({ enum: ["info", "warning", "serious"] }),
  },
  (table) => [
    primaryKey({ columns: [table.store, table.businessDay] }),
    index("store_day_by_day").on(table.businessDay, table.store),
    index("store_day_dirty")
      .on(table.dirtyMs)
      .where(sql`dirty_ms is not null`),
    index("store_day_unfinished")
      .on(table.businessDay)
      .where(sql`state <> 'complete'`),
  ],
);

/** What a check has found. One row per thing found, however often it is found again. */
export const exception = sqliteTable(
  "exception",
  {
    n: integer().primaryKey({ autoIncrement: true }),
    /** Digest of check, kind and what it is about: found again it is the same exception. */
    fingerprint: text().notNull(),
    store: text().notNull(),
    businessDay: text("business_day").notNull(),
    kind: text().notNull(),
    severity: text({ enum: ["info", "warning", "serious"] }).notNull(),
    source: text(),
    epoch: integer(),
    seq: integer(),
    currency: text(),
    amountMinor: integer("amount_minor"),
    /** What a person needs to judge it, as JSON: numbers, times, ids; no personal data. */
    evidence: text().notNull(),
    state: text({ enum: ["open", "explained", "approved", "settled"] }).notNull(),
    assignee: text(),
    explainedBy: text("explained_by"),
    openedMs: integer("opened_ms").notNull(),
    changedMs: integer("changed_ms").notNull(),
    /** Counted up with each change: whoever decides by an older one is told so. */
    version: integer().notNull(),
  },
  (table) => [
    uniqueIndex("exception_fingerprint").on(table.fingerprint),
    index("exception_day").on(table.store, table.businessDay),
    index("exception_work")
      .on(table.severity, table.openedMs)
      .where(sql`state in ('open', 'explained')`),
    index("exception_state").on(table.state, table.n),
    // Lists of what is done, by what they are narrowed to.
    index("exception_by_day").on(table.businessDay, table.store),
    index("exception_kind").on(table.kind, table.n),
    index("exception_assignee")
      .on(table.assignee, table.n)
      .where(sql`assignee is not null`),
  ],
);

/** Its life, word by word; never changed. */
export const exceptionEntry = sqliteTable(
  "exception_entry",
  {
    n: integer().primaryKey({ autoIncrement: true }),
    exception: integer().notNull(),
    atMs: integer("at_ms").notNull(),
    /** The person, or `checks`. */
    by: text().notNull(),
    action: text({
      enum: [
        "opened",
        "found_again",
        "changed",
        "assigned",
        "explained",
        "approved",
        "rejected",
        "reopened",
        "settled",
      ],
    }).notNull(),
    note: text(),
    /** What was known then, as JSON. */
    evidence: text(),
  },
  (table) => [index("exception_entry_of").on(table.exception, table.n)],
);

/** A file of a card processor, taken in whole or not at all. */
export const settlementFile = sqliteTable("settlement_file", {
  n: integer().primaryKey({ autoIncrement: true }),
  /** SHA-256 of the bytes: the same file again is known. */
  sha256: text().notNull().unique(),
  name: text().notNull(),
  shape: text().notNull(),
  /** Taken from it; those known from files before it are not. */
  lines: integer().notNull(),
  /** Known from files before it, which reached into the same days. */
  known: integer().notNull(),
  /** Of other kinds, such as payouts: not asked for. */
  skipped: integer().notNull(),
  currency: text().notNull(),
  /** Sums of what was taken. */
  amountMinor: integer("amount_minor").notNull(),
  feeMinor: integer("fee_minor").notNull(),
  firstDay: text("first_day"),
  lastDay: text("last_day"),
  importedMs: integer("imported_ms").notNull(),
  importedBy: text("imported_by").notNull(),
});

export const settlementLine = sqliteTable(
  "settlement_line",
  {
    file: integer().notNull(),
    line: integer().notNull(),
    store: text().notNull(),
    businessDay: text("business_day").notNull(),
    /** The processor's batch or payout. */
    batch: text(),
    /** What the till's card tender has as `reference`. */
    reference: text().notNull(),
    currency: text().notNull(),
    /** Gross, as the customer paid it; negative for a refund. */
    amountMinor: integer("amount_minor").notNull(),
    /** What the processor keeps; negative where it gives something back. */
    feeMinor: integer("fee_minor"),
    atMs: integer("at_ms"),
  },
  (table) => [
    primaryKey({ columns: [table.file, table.line] }),
    // With the sums of a store-day in it: the lines themselves need not be read.
    index("settlement_line_day").on(
      table.store,
      table.businessDay,
      table.currency,
      table.amountMinor,
      table.feeMinor,
    ),
    index("settlement_line_reference").on(table.reference),
  ],
);

/** Of whom settlement is expected, from its first file on, and what reconciliation keeps of itself. */
export const reconciliation = sqliteTable("reconciliation", {
  name: text().primaryKey(),
  value: text().notNull(),
});
