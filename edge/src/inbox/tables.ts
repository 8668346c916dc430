/**
 * Tables of an inbox. Few indexes: each is a billed row per write. Rows of `mark` may lie behind by some seconds (marks.ts).
 *
 * `item` keeps its row, without body, after the event has become golden: the hash is what tells a repetition
 * from a fork.
 */
import type { Migration } from "@regulars/shared/storage/migrate";

export const INBOX_MIGRATIONS: readonly Migration[] = [
  {
    id: "1-inbox",
    statements: [
      `create table mark (
        source text not null, epoch integer not null, store text not null,
        accepted integer not null, hash text not null,
        merged integer not null default 0, delivered integer not null default 0,
        golden integer not null default 0,
        seen_ms integer not null, offset_ms integer not null,
        primary key (source, epoch)) without rowid`,
      `create table item (
        source text not null, epoch integer not null, seq integer not null,
        prev text not null, hash text not null, accepted_ms integer not null,
        subject text not null, code text, body text, updates text,
        primary key (source, epoch, seq)) without rowid`,
      `create table quarantine (
        source text not null, epoch integer not null, seq integer not null,
        fragment text not null, code text not null, at_ms integer not null, update_text text,
        primary key (source, epoch, seq, fragment)) without rowid`,
      "create table feed (customer text primary key, n integer not null, version integer, change text not null) without rowid",
      "create index feed_by_n on feed (n)",
      "create table setting (name text primary key, value text not null) without rowid",
    ],
  },
  {
    id: "2-lives",
    statements: [
      // Who wrote last; how many other lives have been turned away, and how many of its rows were another machine's.
      "alter table mark add column life_start integer",
      "alter table mark add column life_nonce text",
      "alter table mark add column fenced integer not null default 0",
      "alter table mark add column forks integer not null default 0",
      // The epoch is closed at its till: the slow lane.
      "alter table mark add column closed integer not null default 0",
      // How far the till's clock was ahead when the item came.
      "alter table item add column offset_ms integer not null default 0",
      // Fragments that cannot go on here, until their writer has sent them whole.
      `create table need (
        source text not null, epoch integer not null, key text not null, since_ms integer not null,
        primary key (source, epoch, key)) without rowid`,
      // Forks for whoever looks: number and hash of each row that was refused.
      `create table fork (
        source text not null, epoch integer not null, seq integer not null, hash text not null,
        at_ms integer not null, primary key (source, epoch, seq, hash)) without rowid`,
    ],
  },
  {
    id: "3-replay",
    statements: [
      // Holds next to nothing, and spares every push a walk through its journal.
      "create index item_aside on item (source, epoch, seq) where code is not null",
      // What the update has to hash to when it is tried again; null for rows from before.
      "alter table quarantine add column sha256 text",
      // Rows that were replayed here, until the centre has heard of it.
      `create table redelivery (
        source text not null, epoch integer not null, seq integer not null,
        primary key (source, epoch, seq)) without rowid`,
    ],
  },
  {
    id: "4-told",
    statements: [
      // How far the centre says that it is; golden is of that what it has compared. And how far bodies are gone.
      "alter table mark add column told integer not null default 0",
      "alter table mark add column let_go integer not null default 0",
      "update mark set told = golden, let_go = golden",
    ],
  },
  {
    id: "5-listens",
    statements: [
      // 0 for a writer that is no till: nobody pulls for it, so its customers are in no working set by what it says.
      "alter table mark add column listens integer not null default 1",
    ],
  },
  {
    // Rows of a kilobyte and more each took a page of their own in tables without a rowid (docs/decisions/0030).
    id: "6-rowids",
    statements: [
      // By which its items are numbered (item-id.ts).
      "alter table mark add column n integer not null default 0",
      `update mark set n = (
         select count(*) from mark o where (o.source, o.epoch) <= (mark.source, mark.epoch))`,
      `create table item_by_id (
        id integer primary key, source text not null, epoch integer not null, seq integer not null,
        prev text not null, hash text not null, accepted_ms integer not null,
        offset_ms integer not null default 0, subject text not null, code text, body text, updates text)`,
      `insert into item_by_id (id, source, epoch, seq, prev, hash, accepted_ms, offset_ms, subject, code, body, updates)
       select (m.n << 32) + i.seq, i.source, i.epoch, i.seq, i.prev, i.hash, i.accepted_ms, i.offset_ms,
         i.subject, i.code, i.body, i.updates
       from item i join mark m on m.source = i.source and m.epoch = i.epoch`,
      "drop table item",
      "alter table item_by_id rename to item",
      "create index item_aside on item (id) where code is not null",
      "create table feed_by_customer (customer text not null unique, n integer not null, version integer, change text not null)",
      "insert into feed_by_customer (customer, n, version, change) select customer, n, version, change from feed",
      "drop table feed",
      "alter table feed_by_customer rename to feed",
      "create index feed_by_n on feed (n)",
    ],
  },
];
