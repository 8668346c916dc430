/** The till's database file, through a client that is replaced when it has met SQLITE_BUSY (CAP3). */
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import {
  createLibsqlStorage,
  type LibsqlClient,
  type LibsqlStorage,
} from "@regulars/shared/storage/libsql";

/** A backup tool may hold the file for a moment; the thread waits this long for it before BUSY. */
const BUSY_TIMEOUT_MS = 1_000;

export function openDatabase(file: string): LibsqlStorage {
  return createLibsqlStorage(() => openClient(file));
}

/**
 * `concurrency: 1`, because settings belong to a connection: the client would open further ones without them.
 * Full sync, because a receipt is in the customer's hand when the power fails (CAP2).
 */
function openClient(file: string): LibsqlClient {
  const client = createClient({
    url: pathToFileURL(file).href,
    concurrency: 1,
    timeout: BUSY_TIMEOUT_MS,
  });
  let ready: Promise<void> | undefined;
  return {
    async batch(statements, mode) {
      ready ??= client.executeMultiple("pragma journal_mode = wal; pragma synchronous = full");
      await ready;
      return client.batch(statements, mode);
    },
    close: () => client.close(),
  };
}
