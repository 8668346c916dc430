/** Data quality over time, alerts, and what was found when the two sides were compared (GLD2). */
import { sql } from "drizzle-orm";
import {
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

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
    /** Page of the console with what it is about. */
    href: text().notNull(),
    openedMs: integer("opened_ms").notNull(),
    endedMs: integer("ended_ms"),
    /** How often it was told again, and when next; null where it never is. */
    reminders: integer().notNull().default(0),
    remindMs: integer("remind_ms"),
  },
  (table) => [
    uniqueIndex("alert_standing")
      .on(table.kind, table.subject)
      .where(sql`ended_ms is null`),
  ],
);

/** What is to be told, one row per alert, moment and way, until a message has it. */
export const alertDelivery = sqliteTable(
  "alert_delivery",
  {
    alert: integer().notNull(),
    moment: text({ enum: ["opened", "reminded", "ended"] }).notNull(),
    /** Of reminders, the which. */
    round: integer().notNull(),
    /** `email` or `webhook`. */
    way: text().notNull(),
    /** Not before: quiet hours, and others that may come along. */
    dueMs: integer("due_ms").notNull(),
    message: integer(),
  },
  (table) => [
    primaryKey({ columns: [table.alert, table.moment, table.round, table.way] }),
    index("alert_delivery_due")
      .on(table.way, table.dueMs)
      .where(sql`message is null`),
    index("alert_delivery_message").on(table.message),
  ],
);

/** Messages on their way: what one says is written once, and sent as it stands until somebody has taken it. */
export const alertMessage = sqliteTable(
  "alert_message",
  {
    n: integer().primaryKey({ autoIncrement: true }),
    /** The same with each attempt: whoever gets it twice knows it by that. */
    id: text().notNull().unique(),
    way: text().notNull(),
    /** `MessageContent` as JSON. */
    content: text().notNull(),
    createdMs: integer("created_ms").notNull(),
    attempts: integer().notNull().default(0),
    nextMs: integer("next_ms").notNull(),
    deliveredMs: integer("delivered_ms"),
    givenUpMs: integer("given_up_ms"),
    /** The last failure, from a closed list. */
    failure: text(),
  },
  (table) => [
    index("alert_message_due")
      .on(table.nextMs)
      .where(sql`delivered_ms is null and given_up_ms is null`),
  ],
);

/** Every set of rules that was ever published; the highest version is in force. None stands for the default. */
export const alertRules = sqliteTable("alert_rules", {
  version: integer().primaryKey(),
  rules: text().notNull(),
  publishedMs: integer("published_ms").notNull(),
  by: text().notNull(),
});

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
