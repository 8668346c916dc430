/** The directory: identity key → customer. One shard of it, as a state machine over the storage port. */
import { type CustomerId, type IdentityKey, RESEALED_EPOCHS } from "@regulars/shared/ids";
import { type Migration, migrate } from "@regulars/shared/storage/migrate";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { createPolicyShelf } from "./policy.ts";

export const DIRECTORY_MIGRATIONS: readonly Migration[] = [
  {
    id: "1-binding",
    statements: [
      "create table binding (key text primary key, customer text not null) without rowid",
    ],
  },
  {
    id: "2-epoch",
    statements: [
      `create table epoch (
        source text not null, epoch integer not null, store text not null,
        primary key (source, epoch)) without rowid`,
    ],
  },
  {
    id: "3-policy",
    statements: [
      // One row at most, in one shard: the newest policy, for whoever serves tills.
      "create table policy (version integer primary key, json text not null) without rowid",
    ],
  },
];

export interface Binding {
  readonly key: IdentityKey;
  readonly customer: CustomerId;
}

/** A store's inbox asks for an epoch of a source, once: from then on it alone decides what follows in it (SYN3). */
export interface EpochClaim {
  readonly source: string;
  readonly epoch: number;
  readonly store: string;
}

export interface ClaimAnswer {
  readonly granted: boolean;
  /** A number that no epoch of the source has had. */
  readonly nextEpoch: number;
}

export function createDirectory(storage: Storage) {
  async function lookup(keys: readonly IdentityKey[]): Promise<Binding[]> {
    const rows = await rowsOf(
      storage,
      "select key, customer from binding where key in (select value from json_each(?))",
      [JSON.stringify(keys)],
    );
    return rows.map((row) => ({ key: textOf(row, "key"), customer: textOf(row, "customer") }));
  }
  return {
    open: () => migrate(storage, DIRECTORY_MIGRATIONS),

    lookup,

    ...createPolicyShelf(storage),

    /** Binds keys that nobody holds; answers who holds each now. The first to come wins, until the centre decides. */
    async bind(wanted: readonly Binding[]): Promise<Binding[]> {
      await storage.write(
        wanted.map(({ key, customer }) => ({
          sql: "insert into binding (key, customer) values (?, ?) on conflict do nothing",
          args: [key, customer],
        })),
      );
      return lookup(wanted.map(({ key }) => key));
    },

    /** Stores that have ever had an epoch. */
    async stores(): Promise<string[]> {
      const rows = await rowsOf(storage, "select distinct store from epoch order by store");
      return rows.map((row) => textOf(row, "store"));
    },

    /** The first store to ask has the epoch; asked again, it still has it. */
    async claimEpoch({ source, epoch, store }: EpochClaim): Promise<ClaimAnswer> {
      await storage.write([
        {
          sql: "insert into epoch (source, epoch, store) values (?, ?, ?) on conflict do nothing",
          args: [source, epoch, store],
        },
      ]);
      const [row] = await rowsOf(
        storage,
        `select coalesce(max(case when epoch < ?1 then epoch end), 0) + 1 as next,
           max(case when epoch = ?2 then store end) as holder from epoch where source = ?3`,
        [RESEALED_EPOCHS, epoch, source],
      );
      if (!row) throw new Error("an epoch that was claimed is not there");
      return { granted: row["holder"] === store, nextEpoch: numberOf(row, "next") };
    },

    /** Of these keys, those that `from` holds, or nobody; answers who holds each now. */
    async reassign(wanted: readonly Binding[], from: CustomerId): Promise<Binding[]> {
      await storage.write(
        wanted.map(({ key, customer }) => ({
          sql: `insert into binding (key, customer) values (?, ?)
                on conflict (key) do update set customer = excluded.customer where customer = ?`,
          args: [key, customer, from],
        })),
      );
      return lookup(wanted.map(({ key }) => key));
    },

    /** The centre's decision: replaces whatever was there. */
    async assign(decided: readonly Binding[]): Promise<void> {
      await storage.write(
        decided.map(({ key, customer }) => ({
          sql: `insert into binding (key, customer) values (?, ?)
                on conflict (key) do update set customer = excluded.customer`,
          args: [key, customer],
        })),
      );
    },
  };
}
