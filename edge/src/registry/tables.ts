import type { Migration } from "@regulars/shared/storage/migrate";

export const REGISTRY_MIGRATIONS: readonly Migration[] = [
  {
    id: "1-accounts",
    statements: [
      `create table account (
        id text primary key, json text not null, secrets blob, changed_ms integer not null
      ) without rowid`,
      `create table api_key (
        id text primary key, account text not null, digest text not null, scopes text not null,
        created_ms integer not null, expires_ms integer, used_day text
      ) without rowid`,
      "create index api_key_account on api_key (account)",
    ],
  },
  {
    id: "2-tills",
    statements: [
      // The code itself is with its holder; `used_by` is the public key that has used it.
      `create table enrolment (
        digest text primary key, source text not null, store text not null,
        expires_ms integer not null, used_by text
      ) without rowid`,
      `create table till (
        source text primary key, store text not null, public_key text not null,
        enrolled_ms integer not null, revoked_ms integer, seen_ms integer
      ) without rowid`,
      // Every store that a source was ever enrolled for.
      `create table till_store (
        source text not null, store text not null, primary key (source, store)
      ) without rowid`,
    ],
  },
];
