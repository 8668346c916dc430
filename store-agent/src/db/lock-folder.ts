/** One process per folder (CAP2): a lock that the operating system takes back however the process ends. */
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * An open write transaction on a file of its own: SQLite's file lock goes with the process, even at SIGKILL, where a
 * file with a process id in it would stay. Null when another agent holds it.
 */
export async function lockFolder(file: string): Promise<FolderLock | null> {
  const client = createClient({ url: pathToFileURL(file).href });
  try {
    const transaction = await client.transaction("write");
    return {
      async release() {
        // First, because a connection that is closed lives on, lock and all, until its statements are collected.
        await transaction.rollback();
        client.close();
      },
    };
  } catch (error) {
    client.close();
    if (error instanceof Error && "code" in error && error.code === "SQLITE_BUSY") return null;
    throw error;
  }
}
