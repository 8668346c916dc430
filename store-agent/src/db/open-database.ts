/** The till's database file, through a client that is replaced when it has met SQLITE_BUSY (CAP3). */
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import { LIMITS } from "@regulars/shared/limits";
import { createSerial } from "@regulars/shared/serial";
import {
  createLibsqlStorage,
  type LibsqlClient,
  type LibsqlStorage,
} from "@regulars/shared/storage/libsql";

/** A backup tool may hold the file for a moment; the thread waits this long for it before BUSY. */
const BUSY_TIMEOUT_MS = 1_000;

/** `key`: it is encrypted with this one, which `checkKey` has found to fit. */
export function openDatabase(file: string, key?: string): LibsqlStorage {
  return createLibsqlStorage(() => openClient(file, key));
}

/**
 * `concurrency: 1`, because settings belong to a connection: the client would open further ones without them.
 *
 * Full sync, because a receipt is in the customer's hand when the power fails (CAP2). Relaxed writes (marks, working
 * set, cursor) leave out the sync of their own: they are in the log in order, a later full commit syncs them too, and
 * what a power cut takes back the edge tells again. A till that hears of every sale of its store would otherwise sync
 * its disk more often for others' sales than for its own.
 */
function openClient(file: string, key: string | undefined): LibsqlClient {
  const client = createClient({
    url: pathToFileURL(file).href,
    concurrency: 1,
    timeout: BUSY_TIMEOUT_MS,
    ...(key === undefined ? {} : { encryptionKey: key }),
  });
  const serial = createSerial();
  let ready: Promise<void> | undefined;
  let standing = "";
  async function setSync(wanted: "full" | "normal"): Promise<void> {
    if (wanted === standing) return;
    await client.executeMultiple(`pragma synchronous = ${wanted}`);
    standing = wanted;
  }
  async function beReady(): Promise<void> {
    // Before the log: on a new file it has to be the first word. An older file takes no notice.
    ready ??= client.executeMultiple(
      `pragma auto_vacuum = incremental; pragma journal_mode = wal;
       pragma journal_size_limit = ${LIMITS.databaseLogBytes};
       ${key === undefined ? "" : "pragma temp_store = memory"}`, // its temporary files would be plain
    );
    await ready;
  }
  /** One write at a time, or one would commit under the other's setting. */
  const write = (statements: Parameters<LibsqlClient["batch"]>[0], sync: "full" | "normal") =>
    serial(async () => {
      await beReady();
      await setSync(sync);
      return client.batch(statements, "write");
    });
  return {
    async batch(statements, mode) {
      if (mode === "write") return write(statements, "full");
      await beReady();
      return client.batch(statements, "read");
    },
    relaxedBatch: (statements) => write(statements, "normal"),
    run: (sql) =>
      serial(async () => {
        await beReady();
        await client.executeMultiple(sql);
      }),
    close: () => client.close(),
  };
}
