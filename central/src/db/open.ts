/** Opens the centre's database: a file of one process, or a libSQL server; brings its tables up to date. */
import { fileURLToPath } from "node:url";
import { type Client, createClient, LibsqlError } from "@libsql/client";
import { LIMITS } from "@regulars/shared/limits";
import { connectionOf } from "@regulars/shared/storage/connection";
import {
  createLibsqlStorage,
  type LibsqlClient,
  type LibsqlStorage,
} from "@regulars/shared/storage/libsql";
import { migrate } from "@regulars/shared/storage/migrate";
import type { Storage } from "@regulars/shared/storage/port";
import { readMigrationFiles } from "drizzle-orm/migrator";
import Database from "libsql";

export interface DatabaseOptions {
  /** `file:…`, `http://…` or `libsql://…`. */
  readonly url: string;
  readonly token?: string | undefined;
}

/** A reason to give up at start, in a sentence for whoever started the process. */
export class DatabaseUnusable extends Error {}

export async function openDatabase(options: DatabaseOptions): Promise<LibsqlStorage> {
  const isFile = options.url.startsWith("file:");
  const open = (url = options.url): Client =>
    createClient({
      url,
      concurrency: isFile ? 1 : 20,
      ...(options.token === undefined ? {} : { authToken: options.token }),
    });
  let lock: { close(): void } | null = null;
  try {
    if (isFile) lock = await lockFile(() => open(`${options.url}.lock`));
    if (isFile) await useWriteAheadLog(open());
    const storage = createLibsqlStorage(() => (isFile ? openFile(options.url) : open()));
    await applyMigrations(storage);
    return {
      ...storage,
      close() {
        storage.close();
        lock?.close();
      },
    };
  } catch (cause) {
    lock?.close();
    throw asUnusable(cause, options.url);
  }
}

const PAGE_BYTES = 4_096;

/** One connection: statements of a file run on this thread anyway, and a second one could only meet BUSY (CAP3). */
function openFile(url: string): LibsqlClient {
  const connection = connectionOf(new Database(pathOf(url)));
  connection.run(
    `pragma cache_size = ${-LIMITS.centreCacheBytes / 1024};
     pragma wal_autocheckpoint = ${LIMITS.centreLogBytes / PAGE_BYTES};
     pragma journal_size_limit = ${2 * LIMITS.centreLogBytes}`,
  );
  return {
    batch: async (statements, mode) =>
      mode === "write" ? connection.writeAll(statements) : connection.readAll(statements),
    run: async (sql) => connection.run(sql),
    close: () => connection.close(),
  };
}

/** As @libsql/client finds it: the path may be relative, and names no host. */
const pathOf = (url: string): string =>
  decodeURIComponent(url.replace(/^file:(?:\/\/[^/]*)?/, "").replace(/[?#].*$/, ""));

/**
 * A write transaction on a small file beside the database, open as long as the process lives: the kernel drops the
 * lock with the process, however that ends.
 */
async function lockFile(open: () => Client): Promise<{ close(): void }> {
  const client = open();
  try {
    const lock = await client.transaction("write");
    return {
      close() {
        lock.close();
        client.close();
      },
    };
  } catch (cause) {
    client.close();
    if (cause instanceof LibsqlError && cause.code.startsWith("SQLITE_BUSY")) {
      throw new DatabaseUnusable("it is open in another process", { cause });
    }
    throw cause;
  }
}

/** Kept by the file, so once is enough; outside any batch, which would be a transaction. */
async function useWriteAheadLog(client: Client): Promise<void> {
  try {
    await client.execute("pragma journal_mode = wal");
  } finally {
    client.close();
  }
}

/**
 * Applies what drizzle-kit has written. The files are read by drizzle and applied by the port's own migrations:
 * loading drizzle's query builder to run them costs 150 MB of memory that nothing else here needs.
 */
async function applyMigrations(storage: Storage): Promise<void> {
  const migrationsFolder = fileURLToPath(new URL("./migrations", import.meta.url));
  const migrations = readMigrationFiles({ migrationsFolder });
  await migrate(
    storage,
    migrations.map(({ folderMillis, sql }) => ({ id: String(folderMillis), statements: sql })),
  );
}

function asUnusable(cause: unknown, url: string): DatabaseUnusable {
  // Without its query, which may hold a token.
  const name = url.split("?")[0] ?? "";
  const reason = cause instanceof DatabaseUnusable ? cause.message : reasonOf(cause);
  return new DatabaseUnusable(`The database ${name} cannot be used: ${reason}.`, { cause });
}

function reasonOf(cause: unknown): string {
  for (let error = cause; error instanceof Error; error = error.cause) {
    const code = "code" in error ? String(error.code) : "";
    if (code.startsWith("SQLITE_NOTADB")) return "the file is not a database";
    if (code.startsWith("SQLITE_CORRUPT")) return "the file is damaged";
    // Of a file that cannot be opened the driver tells in words only.
    if (error.message.startsWith("ConnectionFailed")) {
      return "its folder does not exist or may not be written";
    }
    if (code === "ECONNREFUSED" || code === "ENOTFOUND") return "no server answers there";
    if (code.startsWith("SERVER_ERROR")) return "the server refuses it; check its token";
    if (code.startsWith("URL_")) return "its address must be file:…, http://… or libsql://…";
  }
  return cause instanceof Error ? cause.message : "unknown reason";
}
