/**
 * The till's database. Rows of the journal are only ever appended, and leave it for an archive
 * file; everything about a row's fate stands beside it.
 */
import type { Migration } from "@regulars/shared/storage/migrate";

export const MIGRATIONS: readonly Migration[] = [
  {
    id: "0001_till",
    statements: [
      // Whose folder this is, and where its pull stands.
      "create table setting (name text primary key, value text not null) without rowid",

      // One row per epoch: head of the journal, clock, receipt counter, and how far the ack ladder has come.
      `create table writer (
        epoch integer primary key,
        seq integer not null,
        hash text not null,
        receipts integer not null,
        clock_ms integer not null,
        clock_counter integer not null,
        accepted integer not null default 0,
        merged integer not null default 0,
        golden integer not null default 0,
        blocked text
      )`,

      `create table journal (
        epoch integer not null,
        seq integer not null,
        kind text not null,
        subject text,
        receipt text collate nocase,
        external_id text collate nocase,
        voids text collate nocase,
        currency text,
        total_minor integer,
        idempotency_key text,
        captured_ms integer not null,
        online integer not null,
        prev text not null,
        hash text not null,
        body text not null,
        primary key (epoch, seq)
      )`,
      `create unique index journal_idempotency on journal (idempotency_key)
        where idempotency_key is not null`,
      "create index journal_receipt on journal (receipt) where receipt is not null",
      "create index journal_external on journal (external_id) where external_id is not null",
      "create index journal_voids on journal (voids) where voids is not null",
      "create index journal_subject on journal (subject, epoch, seq) where subject is not null",

      // Fragment updates of the row, until the row is golden: an edge that was lost asks for them again.
      `create table outbox (
        epoch integer not null,
        seq integer not null,
        updates text not null,
        primary key (epoch, seq)
      ) without rowid`,

      // When the till learned that all rows up to seq had come so far.
      `create table mark (
        epoch integer not null,
        level text not null,
        seq integer not null,
        ms integer not null,
        primary key (epoch, level, seq)
      ) without rowid`,
      `create table quarantine (
        epoch integer not null,
        seq integer not null,
        code text not null,
        ms integer not null,
        primary key (epoch, seq)
      ) without rowid`,

      // What this till itself knows: document, and the same as JSON for whoever reads.
      `create table fragment (
        key text not null,
        epoch integer not null,
        contribution text not null,
        state blob not null,
        primary key (key, epoch)
      )`,

      // The working set, with the terms under which each profile is found.
      `create table profile (
        customer text primary key,
        version integer not null,
        terms text not null,
        json text not null
      )`,

      // The search index. own 0: holder is a customer of the working set; own 1: the key of an own fragment.
      `create table term (
        own integer not null,
        kind text not null,
        term text not null,
        holder text not null,
        primary key (own, kind, term, holder)
      ) without rowid`,
      // folded: all name terms of the holder, so that a search for two terms reads one range and joins nothing.
      `create table name (
        own integer not null,
        term text not null,
        holder text not null,
        folded text not null,
        primary key (own, term, holder)
      ) without rowid`,
    ],
  },
  {
    id: "0002_epochs",
    statements: [
      // The store whose inbox has the epoch, and why the epoch is closed; null for the one that is being written.
      "alter table writer add column store text",
      "alter table writer add column closed text",
      // Rows that another machine's took the numbers of, until each is sealed anew in the epoch target.
      `create table reseal (
        epoch integer not null,
        first_seq integer not null,
        last_seq integer not null,
        target integer not null,
        primary key (epoch, first_seq)
      ) without rowid`,
      // Of a row that is damaged: all that is left of it.
      "alter table quarantine add column body text",
    ],
  },
  {
    id: "0003_archive",
    statements: [
      // Files of golden rows that have left the journal. Of its rows, those up to the last one named here may still be
      // there for a moment; the file answers for them.
      `create table archive (
        epoch integer not null,
        first_seq integer not null,
        last_seq integer not null,
        file text not null unique,
        bytes integer not null,
        sha256 text not null,
        hash text not null,
        primary key (epoch, first_seq)
      ) without rowid`,
    ],
  },
  {
    id: "0004_packed_fragments",
    statements: [
      // What a fragment says follows from its document; only its keys are searched for. Documents say much the same again and
      // again, and compressed are a quarter of it: packed 1. One from before is packed when it next changes.
      "alter table fragment add column keys text not null default '[]'",
      `update fragment set keys = (
         select json_group_array(known.key) from json_each(fragment.contribution, '$.keys') known
       )`,
      "alter table fragment drop column contribution",
      "alter table fragment add column packed integer not null default 0",
    ],
  },
  {
    id: "0005_fragment_digests",
    statements: ["alter table fragment add column sha256 text"],
  },
  {
    id: "0006_shifts",
    statements: [
      // Each shift of this terminal by its Z number. figures and count are written with each row of it, report is the body of
      // its close; is_left 1: this folder came back from a backup or went to another store meanwhile, and it has no Z report.
      `create table shift (
        number integer primary key,
        id text not null,
        store text not null,
        epoch integer not null,
        business_day text not null,
        opened_at text not null,
        opened_ms integer not null,
        staff text,
        figures text not null,
        count text,
        closed_at text,
        report text,
        is_left integer not null default 0
      )`,
      // Covers what is asked of all days at a start.
      "create index shift_day on shift (business_day, store, closed_at, number)",
      // Days that this terminal has sealed for its store.
      `create table seal (
        number integer primary key,
        store text not null,
        business_day text not null,
        sealed_at text not null,
        root text not null,
        heads text not null
      )`,
      "create index seal_day on seal (business_day)",
      // What came for a day after its Z report; shift: the Z report that it amends, null where the day had none here.
      `create table amendment (
        n integer primary key,
        store text not null,
        business_day text not null,
        shift integer,
        captured_at text not null,
        kind text not null,
        receipt text not null,
        currency text not null,
        total_minor integer not null,
        tenders text not null
      )`,
      "create index amendment_day on amendment (business_day)",
    ],
  },
];
