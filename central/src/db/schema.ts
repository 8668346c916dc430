/**
 * The tables of the centre. `npm run -s migrations -w central` writes the SQL in `migrations/` from this file; columns that are
 * counted and searched come before the large ones, so that SQLite need not read past them.
 */
import { sql } from "drizzle-orm";
import {
  blob,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

/** The journals of all writers: what was counted. Rows are never changed, but for what is read anew of one in quarantine. */
export const event = sqliteTable(
  "event",
  {
    source: text().notNull(),
    epoch: integer().notNull(),
    seq: integer().notNull(),
    store: text().notNull(),
    /** Null when the body is not an event that this build can read. */
    kind: text(),
    /** Key of the fragment that must hold this event before it is golden; null when none must. */
    key: text(),
    businessDay: text("business_day"),
    atMs: integer("at_ms"),
    acceptedMs: integer("accepted_ms").notNull(),
    receivedMs: integer("received_ms").notNull(),
    /** How far the terminal's clock was ahead of the edge's when the event was accepted. */
    offsetMs: integer("offset_ms").notNull().default(0),
    currency: text(),
    totalMinor: integer("total_minor"),
    receipt: text(),
    externalId: text("external_id"),
    flags: text().notNull(),
    quarantined: text(),
    /** Payments with points or with a reference, `[{ type, reference }]` as JSON; null where there are none. */
    tenders: text(),
    /** How far its stamp is ahead of `atMs`: nearly always 0, which takes no room. */
    stampAheadMs: integer("stamp_ahead_ms").notNull().default(0),
    stampCounter: integer("stamp_counter").notNull().default(0),
    /** Digests of the row before and of this one, as their bytes; in rows of older builds as hex. */
    prev: text().notNull(),
    hash: text().notNull(),
    /** What the hash covers, byte for byte as the till wrote it: packed, or as text where SQL reads it (event-body.ts). */
    body: text().notNull(),
    // Read from the body when asked for, and held by indexes alone. The database reads no JSON as deep as a program does, and a
    // row must not be refused for that: `json_valid`. What is packed is of no kind that they ask for.
    /** The receipt that a return or a void takes back. */
    refers: text().generatedAlwaysAs(
      sql`case when kind not in ('return', 'void') or not json_valid(body) then null when kind = 'return' then body ->> '$.body.original' else body ->> '$.body.voids' end`,
    ),
    keyTail: text("key_tail").generatedAlwaysAs(sql`substr(key, -8)`),
    /** Under which it was first numbered: another than its key where it was sealed anew. */
    firstEpoch: integer("first_epoch").generatedAlwaysAs(
      sql`case when kind is null or not json_valid(body) then epoch else coalesce(body ->> '$.resealed.epoch', epoch) end`,
    ),
    firstSeq: integer("first_seq").generatedAlwaysAs(
      sql`case when kind is null or not json_valid(body) then seq else coalesce(body ->> '$.resealed.seq', seq) end`,
    ),
  },
  (table) => [
    primaryKey({ columns: [table.source, table.epoch, table.seq] }),
    index("event_books").on(table.store, table.kind, table.currency, table.totalMinor),
    // A store-day: what is checked, and shown, as one.
    index("event_day").on(table.store, table.businessDay, table.source, table.epoch, table.seq),
    index("event_anonymous")
      .on(table.kind)
      .where(sql`key is null and quarantined is null`),
    // The events of one source record: what a customer's timeline is read from. Of a key that 48 of its bits name, as good as
    // always.
    index("event_record")
      .on(table.source, table.epoch, table.keyTail, table.seq)
      .where(sql`key is not null`),
    // The same receipt twice, and what somebody brings back.
    index("event_receipt")
      .on(table.receipt)
      .where(sql`receipt is not null`),
    // What takes something back, by the receipt that it takes back.
    index("event_refers")
      .on(table.refers)
      .where(sql`kind in ('return', 'void')`),
    // Z reports and seals of a store by day, and of a terminal in the order in which they were first numbered.
    index("event_ends")
      .on(table.store, table.kind, table.businessDay)
      .where(sql`kind in ('close', 'seal')`),
    index("event_z")
      .on(table.source, table.kind, table.firstEpoch, table.firstSeq)
      .where(sql`kind in ('close', 'seal')`),
    index("event_quarantined")
      .on(table.source, table.epoch)
      .where(sql`quarantined is not null`),
  ],
);

/** How far the journal of each (source, epoch) has come. */
export const writer = sqliteTable(
  "writer",
  {
    source: text().notNull(),
    epoch: integer().notNull(),
    store: text().notNull(),
    /** IANA zone of the store, from its newest event. */
    zone: text(),
    journaled: integer().notNull(),
    headHash: text("head_hash").notNull(),
    /** Every event up to here is in golden records, where it belongs into one. */
    golden: integer().notNull(),
    /** The golden mark that the outbox last took to the edge. */
    published: integer().notNull(),
    lastSeenMs: integer("last_seen_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.source, table.epoch] }),
    index("writer_store").on(table.store),
  ],
);

/** Fragments as they arrived. Resolution reads them and changes nothing but the customer they point to (IDN1). */
export const sourceRecord = sqliteTable(
  "source_record",
  {
    id: text().primaryKey(),
    source: text().notNull(),
    epoch: integer().notNull(),
    key: text().notNull(),
    /** Last event of the writer that the fragment includes. */
    seq: integer().notNull(),
    clock: integer().notNull(),
    customer: text().notNull(),
    receivedMs: integer("received_ms").notNull(),
    /** Of the state, as its bytes; in rows of older builds as hex. */
    sha256: text().notNull(),
    /** Packed, or as JSON in rows of older builds (packed-columns.ts). */
    contribution: text().notNull(),
    /** Packed against the contribution. */
    state: blob({ mode: "buffer" }).notNull(),
    /** What it is to resolution; null until a database of an older build is carried over. */
    unit: text(),
    /** The customer that the edge last said it was with. */
    placed: text(),
  },
  (table) => [
    index("source_record_customer").on(table.customer),
    index("source_record_unit").on(table.unit),
  ],
);

/** One row per customer id that was ever given out: a golden record, or the id it lives on under. */
export const customer = sqliteTable(
  "customer",
  {
    id: text().primaryKey(),
    /** Always an active id, never another redirect; null when this one is active. */
    redirectTo: text("redirect_to"),
    /** Version of the golden record; goes on counting if the id comes back. */
    version: integer().notNull(),
    digest: text(),
    /** Newest stamp of the customer. */
    asOf: text("as_of"),
    updatedMs: integer("updated_ms").notNull(),
    /** How often something was sold, in all currencies. */
    sales: integer().notNull().default(0),
    /** Packed, or as JSON in rows of older builds, as is `activity`, against `as_of`. */
    golden: text(),
    /** Totals, recent purchases, notes: change with every sale and make no version. */
    activity: text(),
  },
  (table) => [
    index("customer_redirect").on(table.redirectTo),
    index("customer_active")
      .on(table.asOf, table.id)
      .where(sql`redirect_to is null`),
  ],
);

/** Every version that a golden record has had. */
export const goldenHistory = sqliteTable(
  "golden_history",
  {
    customer: text().notNull(),
    version: integer().notNull(),
    atMs: integer("at_ms").notNull(),
    digest: text().notNull(),
    /** Packed, or as JSON in rows of older builds. Empty for the version that stands: the customer's own row has it. */
    golden: text().notNull(),
    /** What has made this version, as JSON; null in rows of older builds. */
    cause: text(),
  },
  (table) => [primaryKey({ columns: [table.customer, table.version] })],
);

/** What happened to customer ids, in order (IDN7). */
export const feed = sqliteTable("feed", {
  n: integer().primaryKey({ autoIncrement: true }),
  type: text({ enum: ["created", "merged", "split"] }).notNull(),
  /** The id that is active from this row on. */
  customer: text().notNull(),
  /** The id that redirects to it from this row on; of a split, the one that its records were with. */
  previous: text(),
  /** The source records that a split has moved, as JSON. */
  records: text(),
  atMs: integer("at_ms").notNull(),
});

/** Outbox to the edge. `target` is what a decision is about: a newer one takes the place of the older. */
export const publication = sqliteTable(
  "publication",
  {
    n: integer().primaryKey({ autoIncrement: true }),
    target: text().notNull(),
    payload: text().notNull(),
  },
  (table) => [uniqueIndex("publication_target").on(table.target)],
);

/** What could not be taken in, kept whole (SYN6): once, however often it is sent. */
export const intakeProblem = sqliteTable(
  "intake_problem",
  {
    n: integer().primaryKey({ autoIncrement: true }),
    source: text().notNull(),
    epoch: integer().notNull(),
    code: text().notNull(),
    /** Journal number or identity key. */
    item: text().notNull(),
    hash: text().notNull(),
    receivedMs: integer("received_ms").notNull(),
    payload: text().notNull(),
  },
  (table) => [
    uniqueIndex("intake_problem_item").on(
      table.source,
      table.epoch,
      table.code,
      table.item,
      table.hash,
    ),
  ],
);

/** Every policy that was ever published; the highest version is in force. None stands for the default, version 1. */
export const policy = sqliteTable("policy", {
  version: integer().primaryKey(),
  policy: text().notNull(),
  publishedMs: integer("published_ms").notNull(),
  by: text().notNull(),
});

/** How far golden records are recomputed by a policy: moved in the write of each page, so that a run can be resumed. */
export const policyRun = sqliteTable("policy_run", {
  version: integer().primaryKey(),
  lastCustomer: text("last_customer").notNull(),
  done: integer().notNull(),
  changed: integer().notNull(),
  startedMs: integer("started_ms").notNull(),
  finishedMs: integer("finished_ms"),
});

/** What stewards have decided about fields of source records. Undone ones stay: who decided what is part of the record. */
export const override = sqliteTable(
  "override",
  {
    id: text().primaryKey(),
    kind: text({ enum: ["pin", "ignore"] }).notNull(),
    field: text().notNull(),
    fragment: text().notNull(),
    /** JSON, of a pin. */
    value: text(),
    /** Of an ignore that is about one claim. */
    event: text(),
    stamp: text().notNull(),
    by: text().notNull(),
    atMs: integer("at_ms").notNull(),
    undoneMs: integer("undone_ms"),
  },
  (table) => [
    index("override_fragment")
      .on(table.fragment)
      .where(sql`undone_ms is null`),
  ],
);
