/** A database as a file that may be copied: SQLite keeps beside it what was written last. */
import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** Writes into the file itself what its log alone has: the driver leaves the log as it is when it closes. */
export function intoOneFile(file: string): void {
  const database = new DatabaseSync(file);
  try {
    const [done] = database.prepare("pragma wal_checkpoint(truncate)").all();
    if (done?.["busy"] !== 0) throw new Error(`${file} is still in use`);
  } finally {
    database.close();
  }
}

/** Removes what may be there, with all that stands beside it. */
export function clear(file: string): string {
  for (const ending of ["", "-wal", "-shm", ".lock"]) rmSync(`${file}${ending}`, { force: true });
  return file;
}
