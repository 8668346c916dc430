/** Where the bytes of a database are. */
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";

export interface Room {
  /** Of everything, in bytes. */
  readonly all: number;
  /** Of the journal and its indexes. */
  readonly events: number;
  /** By table with its indexes, the largest first. */
  readonly tables: readonly { readonly name: string; readonly bytes: number }[];
}

const rowsSchema = z.array(z.object({ name: z.string(), bytes: z.number() }));

export function roomIn(file: string): Room {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = rowsSchema.parse(
      database
        .prepare(
          `select coalesce(s.tbl_name, d.name) as name, sum(d.pgsize) as bytes
           from dbstat d left join sqlite_schema s on s.name = d.name where d.aggregate = true
           group by 1 order by 2 desc`,
        )
        .all(),
    );
    const all = tables.reduce((sum, { bytes }) => sum + bytes, 0);
    return { all, events: tables.find(({ name }) => name === "event")?.bytes ?? 0, tables };
  } finally {
    database.close();
  }
}
