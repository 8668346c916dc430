/** The table that the storage contract works on. */
import { rowsOf, type Storage } from "@regulars/shared/storage/port";

/** Opens an empty database, hands it out, and closes it when the test is through with it. */
export type OpenStorage = (use: (storage: Storage) => Promise<void>) => Promise<void>;

export const CREATE =
  "create table item (id integer primary key, name text, value blob) without rowid";
export const INSERT = "insert into item (id, name) values (?, ?)";

export async function namesOf(storage: Storage): Promise<unknown[]> {
  const rows = await rowsOf(storage, "select name from item order by id");
  return rows.map((row) => row["name"]);
}
