/** Opens the folder of a till: locked, its database sound, up to date, and this source's own. */
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Life } from "@regulars/shared/protocol/life";
import type { LibsqlStorage } from "@regulars/shared/storage/libsql";
import { migrate } from "@regulars/shared/storage/migrate";
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { type ArchiveFolder, openArchiveFolder } from "../archive/archive-folder.ts";
import { checkKey } from "../encryption/check-key.ts";
import { folderKeysOf } from "../encryption/folder-keys.ts";
import { sealArchiveFolder } from "../encryption/sealed-archive.ts";
import { openWriter } from "../journal/open-writer.ts";
import { OpenRefused } from "../open-refused.ts";
import { rebuildOnce, shrink } from "./shrink.ts";
import { type HighWaterFile, type HighWaterMark, openHighWater } from "./high-water.ts";
import { type FolderLock, lockFolder } from "./lock-folder.ts";
import { MIGRATIONS } from "./migrations.ts";
import { openDatabase } from "./open-database.ts";

export const DATABASE_FILE = "store-agent.db";
export const ARCHIVE_FOLDER = "archive";
const LOCK_FILE = "agent.lock";
const HIGH_WATER_FILE = "high-water";

export interface OpenedFolder {
  readonly storage: Storage;
  /** For what the edge tells, and would tell again. */
  readonly relaxed: Storage;
  readonly highWater: HighWaterMark;
  /** Where golden rows go. */
  readonly archive: ArchiveFolder;
  /** Takes what is in the log over into the database file. */
  flush(): Promise<void>;
  /** Gives some free pages of the database back to the disk; false when there are none left. */
  shrink(): Promise<boolean>;
  /** Of this run, from now until the folder is closed. */
  readonly life: Life;
  close(): Promise<void>;
}

export interface FolderOptions {
  readonly dataDir: string;
  readonly source: string;
  readonly store: string;
  /** Where a restore of the folder does not reach; in the folder if left out. */
  readonly highWaterFile?: string | undefined;
  /** What is in the folder is encrypted with it. */
  readonly encryptionKey?: string | undefined;
}

export async function openFolder(options: FolderOptions): Promise<OpenedFolder> {
  const { dataDir, source, store, encryptionKey } = options;
  const keys = encryptionKey === undefined ? undefined : folderKeysOf(encryptionKey);
  const lock = await takeLock(dataDir);
  let storage: LibsqlStorage | undefined;
  let highWater: HighWaterFile | undefined;
  let life: Life;
  try {
    const file = join(dataDir, DATABASE_FILE);
    await checkKey(file, keys?.database);
    storage = openDatabase(file, keys?.database);
    // A database that cannot be made smaller now, for want of room above all, is one to sell on.
    await rebuildOnce(storage).catch((error: unknown) => {
      if (isDamage(error)) throw error;
    });
    await migrate(storage, MIGRATIONS);
    await claimFor(storage, source);
    highWater = openHighWater(options.highWaterFile ?? join(dataDir, HIGH_WATER_FILE));
    const nonce = randomBytes(16).toString("hex");
    life = await openWriter({ storage, source, store, highWater, nonce });
  } catch (error) {
    highWater?.close();
    storage?.close();
    await lock.release();
    throw refusalOf(error, dataDir);
  }
  const opened = { storage, highWater };
  const archive = openArchiveFolder(join(dataDir, ARCHIVE_FOLDER));
  return {
    storage: opened.storage,
    relaxed: opened.storage.relaxed,
    highWater: opened.highWater,
    archive: keys ? sealArchiveFolder(archive, keys.archive) : archive,
    flush: () => opened.storage.maintain("pragma wal_checkpoint(passive)"),
    shrink: () => shrink(opened.storage),
    life,
    async close() {
      opened.highWater.close();
      opened.storage.close();
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
const isDamage = (error: unknown): boolean =>
  error instanceof Error && "code" in error && DAMAGED.includes(String(error.code));

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
