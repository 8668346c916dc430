/** People at the console, their sessions, and what they saw and changed. */
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

export const person = sqliteTable(
  "person",
  {
    id: text().primaryKey(),
    /** What a local account signs in with; of the identity provider `issuer` and `subject` instead. */
    name: text().notNull(),
    issuer: text(),
    subject: text(),
    /** Null for somebody of the identity provider. */
    passwordHash: text("password_hash"),
    /** As JSON; of the provider's people as it said at the last sign-in. */
    roles: text().notNull(),
    createdMs: integer("created_ms").notNull(),
    createdBy: text("created_by").notNull(),
    disabledMs: integer("disabled_ms"),
    version: integer().notNull().default(1),
  },
  (table) => [
    // Two people of the provider may have one name; what somebody types to sign in is one account.
    uniqueIndex("person_name")
      .on(table.name)
      .where(sql`"password_hash" is not null`),
    uniqueIndex("person_subject").on(table.issuer, table.subject),
  ],
);

export const session = sqliteTable(
  "session",
  {
    /** SHA-256 of the cookie: who reads the database signs in as nobody. */
    digest: text().primaryKey(),
    person: text().notNull(),
    createdMs: integer("created_ms").notNull(),
    lastSeenMs: integer("last_seen_ms").notNull(),
    expiresMs: integer("expires_ms").notNull(),
    csrf: text().notNull(),
  },
  (table) => [
    index("session_person").on(table.person),
    index("session_expires").on(table.expiresMs),
  ],
);

/** Append-only. `target` is an id, never a name or an address (SEC2). */
export const audit = sqliteTable(
  "audit",
  {
    n: integer().primaryKey({ autoIncrement: true }),
    atMs: integer("at_ms").notNull(),
    /** Id of the person, or what has acted for nobody. */
    by: text().notNull(),
    action: text().notNull(),
    target: text(),
    /** As JSON. */
    detail: text(),
  },
  (table) => [
    // By time and then by number, which every index of SQLite ends with: a clock may have been set back.
    index("audit_at").on(table.atMs),
    index("audit_by").on(table.by, table.atMs),
    index("audit_action").on(table.action, table.atMs),
    index("audit_by_action").on(table.by, table.action, table.atMs),
    index("audit_target").on(table.target, table.atMs),
  ],
);
