/** What the intake desk, policies and data quality keep of work that goes on while nobody looks. */
import { sql } from "drizzle-orm";
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

/**
 * How far each journal is counted. Besides writers there are two marks with an empty source: epoch 0 for dead letters, epoch 1
 * for the feed of ids; their number is `n`.
 */
export const qualityMark = sqliteTable(
  "quality_mark",
  { source: text().notNull(), epoch: integer().notNull(), seq: integer().notNull() },
  (table) => [primaryKey({ columns: [table.source, table.epoch] })],
);

/** Counted as refused, until it is read anew: an event, or with an empty source the dead letter `seq`. */
export const qualityPending = sqliteTable(
  "quality_pending",
  {
    source: text().notNull(),
    epoch: integer().notNull(),
    seq: integer().notNull(),
    day: text().notNull(),
    channel: text().notNull(),
    /** What it was counted as; null where that could not be read. */
    kind: text(),
  },
  (table) => [primaryKey({ columns: [table.source, table.epoch, table.seq] })],
);

/** Required fields and thresholds, as they were published; the highest version is in force, none stands for the default. */
export const qualityPolicy = sqliteTable("quality_policy", {
  version: integer().primaryKey(),
  atMs: integer("at_ms").notNull(),
  policy: text().notNull(),
  by: text().notNull(),
});

/** A replay of all that failed alike: goes on where it was, whoever looks. */
export const deskJob = sqliteTable(
  "desk_job",
  {
    n: integer().primaryKey({ autoIncrement: true }),
    /** Of the cause: one cause is replayed once at a time. */
    cause: text().notNull(),
    /** The ask of each page, as JSON. */
    ask: text().notNull(),
    state: text({ enum: ["running", "done", "stopped"] }).notNull(),
    /** Where the next page begins; null before the first. */
    next: text(),
    replayed: integer().notNull().default(0),
    kept: integer().notNull().default(0),
    /** Why they are kept, counted by code, as JSON. */
    reasons: text().notNull().default("{}"),
    /** Why it has stopped or waits, from a closed list. */
    failure: text(),
    by: text().notNull(),
    startedMs: integer("started_ms").notNull(),
    changedMs: integer("changed_ms").notNull(),
    finishedMs: integer("finished_ms"),
  },
  (table) => [
    index("desk_job_cause").on(table.cause, table.n),
    uniqueIndex("desk_job_running")
      .on(table.cause)
      .where(sql`state = 'running'`),
  ],
);

/** A policy that was tried: what it would change, found page by page. Only what was tried can be published. */
export const policyTry = sqliteTable(
  "policy_try",
  {
    n: integer().primaryKey({ autoIncrement: true }),
    kind: text({ enum: ["survivorship", "matching", "quality"] }).notNull(),
    /** Of the policy as JSON, canonically. */
    digest: text().notNull(),
    policy: text().notNull(),
    /** The version that it was drawn up from. */
    base: integer().notNull(),
    state: text({ enum: ["running", "done", "stopped"] }).notNull(),
    /** Everything up to here has been looked at. */
    cursor: text().notNull().default(""),
    done: integer().notNull().default(0),
    total: integer().notNull().default(0),
    /** What it has found so far, as JSON. */
    tally: text().notNull().default("{}"),
    by: text().notNull(),
    startedMs: integer("started_ms").notNull(),
    finishedMs: integer("finished_ms"),
    publishedMs: integer("published_ms"),
  },
  (table) => [
    index("policy_try_running")
      .on(table.n)
      .where(sql`state = 'running'`),
    index("policy_try_kind").on(table.kind, table.n),
  ],
);
