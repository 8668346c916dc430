/**
 * Tables of a profile shard, home to thousands of customers (EDG6).
 *
 * Fragments lie beside each other by customer, without a secondary index: every access is by customer, and each
 * index row would be one more billed write per sale.
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
];
