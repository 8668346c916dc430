/** What a till has written: its archive files, and what its database holds after them. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Storage } from "@regulars/shared/storage/port";
import { createArchive, loadRecords } from "../../store-agent/src/archive/archive.ts";
import { openArchiveFolder } from "../../store-agent/src/archive/archive-folder.ts";

export type Row = Record<string, unknown>;

export function rowsIn(folder: string, sql: string): Row[] {
  return withDatabase(folder, (database) => database.prepare(sql).all());
}

/** Rows of all epochs, in order. */
export async function journalOf(folder: string): Promise<Row[]> {
  const storage: Storage = {
    read: async (queries) =>
      withDatabase(folder, (database) =>
        queries.map(({ sql, args = [] }) => database.prepare(sql).all(...args)),
      ) as Awaited<ReturnType<Storage["read"]>>,
    write: () => Promise.reject(new Error("nobody writes here")),
  };
  const archive = createArchive(storage, openArchiveFolder(join(folder, "archive")));
  const archivedTo = new Map<unknown, number>();
  const rows: Row[] = [];
  for (const { epoch, firstSeq, lastSeq } of await loadRecords(storage)) {
    archivedTo.set(epoch, lastSeq);
    for (const { seq, prev, hash, body } of await archive.rows(epoch, firstSeq, lastSeq)) {
      rows.push({ epoch, seq, prev, hash, body });
    }
  }
  const stored = rowsIn(folder, "select epoch, seq, prev, hash, body from journal");
  rows.push(...stored.filter((row) => Number(row["seq"]) > (archivedTo.get(row["epoch"]) ?? 0)));
  return rows.toSorted(
    (a, b) => Number(a["epoch"]) - Number(b["epoch"]) || Number(a["seq"]) - Number(b["seq"]),
  );
}

function withDatabase<Value>(folder: string, task: (database: DatabaseSync) => Value): Value {
  const database = new DatabaseSync(join(folder, "store-agent.db"), { readOnly: true });
  try {
    return task(database);
  } finally {
    database.close();
  }
}
