/**
 * Tables of the intake of one shop. What was sent stands in `received` until it is read; what it said stands in the journals
 * of the accounts until it is golden. Order books stay: money may go back after years.
 */
import type { Migration } from "@regulars/shared/storage/migrate";

export const INTAKE_MIGRATIONS: readonly Migration[] = [
  {
    id: "1-intake",
    statements: [
      // As it was when it last sent something, or when it was asked for.
      `create table account (
        id text primary key, json text not null, seen_ms integer, good_ms integer) without rowid`,
      /*
       * state: waiting, fetching, done, failed, dropped. due_ms: when it is to be read, null for never; go_ms: when its body
       * goes, and later its key. wants: the order that it waits for.
       */
      `create table received (
        n integer primary key, account text not null, key text not null, format text not null,
        topic text not null, headers text not null, body blob, fetched blob, needs text,
        received_ms integer not null, state text not null, due_ms integer, go_ms integer,
        attempts integer not null default 0, approved integer not null default 0, code text, field text, detail text, wants text,
        worth_minor integer not null default 0, currency text, history text not null default '[]')`,
      "create unique index received_key on received (account, key)",
      "create index received_due on received (due_ms, n) where due_ms is not null",
      "create index received_failed on received (account, code, n) where state = 'failed'",
      "create index received_wants on received (wants) where wants is not null",
      "create index received_go on received (go_ms) where go_ms is not null",
      // Business keys of captures: the same thing told by another delivery. go_ms null: kept, for it was money.
      `create table told (
        account text not null, key text not null, go_ms integer,
        primary key (account, key)) without rowid`,
      "create index told_go on told (go_ms) where go_ms is not null",
      // The newest epoch of an account is the one that is written. stopped: why nothing of it is sent any more.
      `create table writer (
        source text not null, epoch integer not null, seq integer not null, hash text not null,
        receipts integer not null, clock_ms integer not null, clock_counter integer not null,
        accepted integer not null default 0, golden integer not null default 0, stopped text,
        primary key (source, epoch)) without rowid`,
      `create table journal (
        source text not null, epoch integer not null, seq integer not null, prev text not null,
        hash text not null, body text not null, updates text not null,
        primary key (source, epoch, seq)) without rowid`,
      // told: when each of its claims, traits and consents was true, so that an older word that comes later replaces nothing.
      `create table fragment (
        source text not null, epoch integer not null, key text not null, state blob not null,
        sha256 text not null, told text not null,
        primary key (source, epoch, key)) without rowid`,
      "create table order_book (id text primary key, json text not null) without rowid",
      "create table order_name (name text primary key, id text not null) without rowid",
      // Receipts of drawers that a void may name.
      `create table receipt (
        source text not null, name text not null, receipt text not null, currency text not null,
        total_minor integer not null, subject text not null, voided integer not null default 0,
        primary key (source, name)) without rowid`,
      `create table privacy (
        n integer primary key, account text not null, key text not null, request text not null,
        at_ms integer not null, due_ms integer not null, subject text not null,
        orders text not null, closed_ms integer, unique (account, key))`,
      // Items that were read within an hour, for error rates.
      `create table tally (
        account text not null, hour integer not null, good integer not null default 0,
        failed integer not null default 0, primary key (account, hour)) without rowid`,
      `create table alert (
        account text not null, kind text not null, since_ms integer not null,
        primary key (account, kind)) without rowid`,
      `create table notice (
        id text primary key, account text not null, body text not null,
        attempts integer not null default 0, due_ms integer not null) without rowid`,
    ],
  },
];
