/**
 * The log is taken over into the database beside the captures: on a thread of libSQL's own, through a second connection, so
 * that a sale waits for the last bit of it at most. Where that comes too late, SQLite does it within a commit.
 */
import { LIMITS } from "@regulars/shared/limits";
import Database from "libsql/promise";

export const PAGE_BYTES = 4_096;

/** Takes over what nobody needs any more, and waits for nobody. */
export const CHECKPOINT = "pragma wal_checkpoint(passive)";

/**
 * SQLite syncs the database only when the log has nothing left for it, and while all is copied, more is committed: the sync of
 * all that would be left for whoever finishes. A second time there is little to copy, and it is synced with it.
 */
const PASSES = 2;

/** What a commit writes, about: the pages of its indexes and heads, and one for each statement. */
const COMMIT_PAGES = 6;

/** Before SQLite does it itself. */
const TAKE_OVER_PAGES = (0.75 * LIMITS.databaseLogBytes) / PAGE_BYTES;

export interface TakeOver {
  /** So many statements more are in the log. */
  committed(statements: number): void;
  close(): void;
}

/** `finish` takes over what came meanwhile: only a log without a rest begins anew. */
export function createTakeOver(
  file: string,
  options: { readonly timeout: number; readonly encryptionKey?: string },
  finish: () => void,
): TakeOver {
  let beside: Database | null = null;
  let pages = 0;
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    try {
      beside ??= new Database(file, options);
      for (let pass = 0; pass < PASSES; pass++) await beside.exec(CHECKPOINT);
      finish();
    } catch {
      // Nothing is lost: what is in the log counts, and SQLite takes it over when it is longer.
    }
  }

  return {
    committed(statements) {
      pages += COMMIT_PAGES + statements;
      if (pages < TAKE_OVER_PAGES || running) return;
      pages = 0;
      running = run().finally(() => {
        running = null;
      });
    },
    close() {
      if (running) void running.finally(() => beside?.close());
      else beside?.close();
    },
  };
}
