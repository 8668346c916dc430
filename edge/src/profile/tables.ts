/**
 * Tables of a profile shard, home to thousands of customers (EDG6).
 *
 * Every access is by customer. The index of fragments and profiles is written with the first row of each alone: a later one
 * leaves their keys as they are, and each row that is written is billed.
 */
import type { Migration } from "@regulars/shared/storage/migrate";

export const PROFILE_MIGRATIONS: readonly Migration[] = [
  {
    id: "1-profile",
    statements: [
      `create table fragment (
        customer text not null, id text not null, clock integer not null,
        sha256 text not null, state blob not null, contribution text not null,
        primary key (customer, id)) without rowid`,
      `create table profile (
        customer text primary key, version integer not null, golden integer not null,
        json text not null, stores text not null) without rowid`,
      // A key that has moved away, or all of a customer where key is ''; final once done is 1.
      `create table moved (
        customer text not null, key text not null, target text not null, done integer not null,
        primary key (customer, key)) without rowid`,
      `create table notice (
        store text not null, customer text not null, version integer not null,
        primary key (store, customer)) without rowid`,
      `create table undelivered (
        customer text not null, id text not null, clock integer not null,
        primary key (customer, id)) without rowid`,
    ],
  },
  {
    id: "2-clamps",
    statements: ["alter table fragment add column clamps text"],
  },
  {
    id: "3-due",
    statements: [
      "alter table notice add column due_ms integer not null default 0",
      "create index notice_due on notice (due_ms)",
    ],
  },
  {
    id: "4-protocol-3",
    statements: [
      // `moved.key` may also be a fragment's id, and `done` one of the stages in markers.ts.
      // What has arrived and may not have been dropped yet where it came from.
      `create table arrival (
        customer text not null, origin text not null, scope text not null,
        primary key (customer, origin, scope)) without rowid`,
      "create table overrides (customer text primary key, json text not null) without rowid",
      // The policy, and how far profiles have been rebuilt by it.
      "create table setting (name text primary key, value text not null) without rowid",
      // Ids that redirect may come back: their keys, which their last profiles name, are elsewhere then.
      `insert or ignore into moved (customer, key, target, done)
       select p.customer, k.value, m.target, 1 from moved m
         join profile p on p.customer = m.customer join json_each(p.json, '$.keys') k
       where m.key = '' and m.done = 1`,
    ],
  },
  {
    id: "5-view",
    statements: [
      // The profile as apps read it, made when it is merged (serve/view.ts); null in rows of older builds.
      "alter table profile add column view text",
      // The version of the golden record that holds what the centre was last given.
      "alter table profile add column golden_due integer not null default 0",
    ],
  },
  {
    // Rows of a kilobyte and more each took a page of their own in tables without a rowid (docs/decisions/0030).
    id: "6-rowids",
    statements: [
      `create table fragment_by_id (
        customer text not null, id text not null, clock integer not null, sha256 text not null,
        clamps text, state blob not null, contribution text not null, unique (customer, id))`,
      `insert into fragment_by_id (customer, id, clock, sha256, clamps, state, contribution)
       select customer, id, clock, sha256, clamps, state, contribution from fragment`,
      "drop table fragment",
      "alter table fragment_by_id rename to fragment",
      // What apps read comes before what only a merge reads.
      `create table profile_by_id (
        customer text not null unique, version integer not null, golden integer not null,
        golden_due integer not null default 0, stores text not null, view text, json text not null)`,
      `insert into profile_by_id (customer, version, golden, golden_due, stores, view, json)
       select customer, version, golden, golden_due, stores, view, json from profile`,
      "drop table profile",
      "alter table profile_by_id rename to profile",
    ],
  },
];
