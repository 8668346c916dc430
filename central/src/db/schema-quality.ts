/** Data quality over time, alerts, and what was found when the two sides were compared (GLD2). */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** One figure of one day: `measure` says which, `part` of what, such as a channel or a field. */
export const qualityDay = sqliteTable(
  "quality_day",
  {
    day: text().notNull(),
    measure: text().notNull(),
    part: text().notNull(),
    /** Of `of`, so many: a share is always both. */
    count: real().notNull(),
    of: real().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.measure, table.part, table.day] }),
    index("quality_day_day").on(table.day),
  ],
);

/** Something that somebody has to be told. It stands until it is over, and is told once. */
export const alert = sqliteTable(
  "alert",
  {
    n: integer().primaryKey({ autoIncrement: true }),
    kind: text().notNull(),
    /** What it is about, such as a store: one standing alert per kind and subject. */
    subject: text().notNull(),
    severity: text({ enum: ["info", "warning", "serious"] }).notNull(),
    /** In words, without personal data. */
    words: text().notNull(),
    openedMs: integer("opened_ms").notNull(),
    endedMs: integer("ended_ms"),
  },
  (table) => [
    index("alert_standing")
      .on(table.kind, table.subject)
      .where(sql`ended_ms is null`),
  ],
);

/** Outbox of alerts, one row per alert, moment (`opened`, `ended`) and way. */
export const alertDelivery = sqliteTable(
  "alert_delivery",
  {
    alert: integer().notNull(),
    moment: text({ enum: ["opened", "ended"] }).notNull(),
    /** `email` or `webhook`. */
    way: text().notNull(),
    attempts: integer().notNull().default(0),
    nextMs: integer("next_ms").notNull(),
    deliveredMs: integer("delivered_ms"),
    /** The last failure, from a closed list. */
    failure: text(),
  },
  (table) => [
    primaryKey({ columns: [table.alert, table.moment, table.way] }),
    index("alert_delivery_due")
      .on(table.nextMs)
      .where(sql`delivered_ms is null`),
  ],
);

/** Customers whose golden record and edge profile differed, and store-days whose journals did. */
export const difference = sqliteTable(
  "difference",
  {
    n: integer().primaryKey({ autoIncrement: true }),
    kind: text().notNull(),
    subject: text().notNull(),
    /** Both digests and what was done, as JSON; no values. */
    detail: text().notNull(),
    foundMs: integer("found_ms").notNull(),
    repairedMs: integer("repaired_ms"),
  },
  (table) => [
    index("difference_standing")
      .on(table.kind, table.subject)
      .where(sql`repaired_ms is null`),
  ],
);
