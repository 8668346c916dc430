/** The directory: identity key → customer. One shard of it, as a state machine over the storage port. */
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import { type Migration, migrate } from "@regulars/shared/storage/migrate";
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";

const DIRECTORY_MIGRATIONS: readonly Migration[] = [
  {
    id: "1-binding",
    statements: [
      "create table binding (key text primary key, customer text not null) without rowid",
    ],
  },
];

export interface Binding {
  readonly key: IdentityKey;
  readonly customer: CustomerId;
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
