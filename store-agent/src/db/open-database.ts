/** The till's database file, through a connection that is replaced when it has met SQLITE_BUSY (CAP3). */
import { LIMITS } from "@regulars/shared/limits";
import {
  createLibsqlStorage,
  type LibsqlClient,
  type LibsqlStorage,
} from "@regulars/shared/storage/libsql";
import { connectionOf } from "@regulars/shared/storage/connection";
import Database from "libsql";
import { CHECKPOINT, createTakeOver, PAGE_BYTES } from "./take-over.ts";

/** A backup tool may hold the file for a moment; the thread waits this long for it before BUSY. */
const BUSY_TIMEOUT_MS = 1_000;

/** `key`: it is encrypted with this one, which `checkKey` has found to fit. */
export function openDatabase(file: string, key?: string): LibsqlStorage {
  return createLibsqlStorage(() => openClient(file, key));
}

/**
 * Full sync, because a receipt is in the customer's hand when the power fails (CAP2). Relaxed writes (marks, working
 * set, cursor) leave out the sync of their own: they are in the log in order, a later full commit syncs them too, and
 * what a power cut takes back the edge tells again. A till that hears of every sale of its store would otherwise sync
 * its disk more often for others' sales than for its own.
 */
function openClient(file: string, key: string | undefined): LibsqlClient {
  const encrypted = key === undefined ? {} : { encryptionKey: key };
  const options = { timeout: BUSY_TIMEOUT_MS, ...encrypted };
  const connection = connectionOf(new Database(file, options));
  const takeOver = createTakeOver(file, options, () => {
    if (!isClosed) connection.run(CHECKPOINT);
  });
  let isReady = false;
  let standing = "";
  let isClosed = false;
  function use() {
    if (isClosed) throw Object.assign(new Error("the client is closed"), { code: "CLIENT_CLOSED" });
    if (isReady) return connection;
    // Before the log: on a new file it has to be the first word. An older file takes no notice.
    connection.run(
      `pragma auto_vacuum = incremental; pragma journal_mode = wal;
       pragma wal_autocheckpoint = ${LIMITS.databaseLogBytes / PAGE_BYTES};
       pragma journal_size_limit = ${2 * LIMITS.databaseLogBytes};
       ${key === undefined ? "" : "pragma temp_store = memory"}`, // its temporary files would be plain
    );
    isReady = true;
    return connection;
  }
  /** Nothing comes between the setting and its commit: all of it happens within this call. */
  function write(statements: Parameters<LibsqlClient["batch"]>[0], sync: "full" | "normal") {
    const ready = use();
    if (sync !== standing) ready.run(`pragma synchronous = ${sync}`);
    standing = sync;
    const ran = ready.writeAll(statements);
    takeOver.committed(statements.length);
    return ran;
  }
  return {
    batch: async (statements, mode) =>
      mode === "write" ? write(statements, "full") : use().readAll(statements),
    relaxedBatch: async (statements) => write(statements, "normal"),
    run: async (sql) => use().run(sql),
    close() {
      isClosed = true;
      takeOver.close();
      connection.close();
    },
  };
}
