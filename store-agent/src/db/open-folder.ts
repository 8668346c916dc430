/** Opens the folder of a till: locked, its database sound, up to date, and this source's own. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { LibsqlStorage } from "@regulars/shared/storage/libsql";
import { migrate } from "@regulars/shared/storage/migrate";
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { startWriter } from "../journal/writer.ts";
import { OpenRefused } from "../open-refused.ts";
import { type FolderLock, lockFolder } from "./lock-folder.ts";
import { MIGRATIONS } from "./migrations.ts";
import { openDatabase } from "./open-database.ts";

const DATABASE_FILE = "store-agent.db";
const LOCK_FILE = "agent.lock";

export interface OpenedFolder {
  readonly storage: Storage;
  /** For what the edge tells, and would tell again. */
  readonly relaxed: Storage;
  close(): Promise<void>;
}

export async function openFolder(dataDir: string, source: string): Promise<OpenedFolder> {
  const lock = await takeLock(dataDir);
  let storage: LibsqlStorage | undefined;
  try {
    storage = openDatabase(join(dataDir, DATABASE_FILE));
    await migrate(storage, MIGRATIONS);
    await claimFor(storage, source);
    await startWriter(storage, source);
  } catch (error) {
    storage?.close();
    await lock.release();
    throw refusalOf(error, dataDir);
  }
  const opened = storage;
  return {
    storage: opened,
    relaxed: opened.relaxed,
    async close() {
      opened.close();
      await lock.release();
    },
  };
}

async function takeLock(dataDir: string): Promise<FolderLock> {
  let lock: FolderLock | null;
  try {
    await mkdir(dataDir, { recursive: true });
    lock = await lockFolder(join(dataDir, LOCK_FILE));
  } catch (error) {
    throw refusalOf(error, dataDir);
  }
  if (lock) return lock;
  throw new OpenRefused(
    "already_running",
    `Another agent is already running on the folder ${dataDir}.`,
  );
}

/** A journal belongs to its source: under another name it would be a forgery. */
async function claimFor(storage: Storage, source: string): Promise<void> {
  await storage.write([
    {
      sql: "insert into setting (name, value) values ('source', ?) on conflict do nothing",
      args: [source],
    },
  ]);
  const [row] = await rowsOf(storage, "select value from setting where name = 'source'");
  const owner = row ? textOf(row, "value") : source;
  if (owner === source) return;
  throw new OpenRefused(
    "other_source",
    `The folder belongs to the source ${owner}, not ${source}.`,
  );
}

const DAMAGED = ["SQLITE_NOTADB", "SQLITE_CORRUPT"];

function refusalOf(error: unknown, dataDir: string): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const code = String(error.code);
  if (DAMAGED.includes(code)) {
    const message = `The database file ${join(dataDir, DATABASE_FILE)} is damaged or is no database; restore it or move it away.`;
    return new OpenRefused("damaged", message, { cause: error });
  }
  const message = `The folder ${dataDir} cannot be used (${code}).`;
  return new OpenRefused("folder_unusable", message, { cause: error });
}
