/** Copies of SQLite databases that are in use, each of one moment, and whether a copy is whole. */
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { CommandFailure } from "../command.ts";

/** A writer that is just committing is waited for so long. */
const BUSY_MS = 10_000;

/**
 * `vacuum into` reads in one transaction: what is committed before it is in the copy, with the write-ahead log, and what comes
 * during it is not. Whoever writes is not held up.
 */
export function copyDatabase(from: string, to: string): void {
  const database = open(from);
  try {
    database.exec(`pragma busy_timeout = ${BUSY_MS}`);
    database.prepare("vacuum into ?").run(to);
  } catch (cause) {
    throw new CommandFailure(`${from} cannot be copied: ${reasonOf(cause)}.`, { cause });
  } finally {
    database.close();
  }
}

/** A digest of how its tables are made. Throws where the database is not whole. */
export function verifyDatabase(path: string, name: string): string {
  const database = open(path);
  try {
    const [first] = database.prepare("pragma integrity_check").all();
    if (first?.["integrity_check"] !== "ok") {
      throw new CommandFailure(`${name} is damaged: its integrity check finds something.`);
    }
    const rows = database.prepare("select type, name, sql from sqlite_master order by name").all();
    return createHash("sha256").update(JSON.stringify(rows)).digest("hex");
  } catch (cause) {
    if (cause instanceof CommandFailure) throw cause;
    throw new CommandFailure(`${name} is damaged: ${reasonOf(cause)}.`, { cause });
  } finally {
    database.close();
  }
}

function open(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { readOnly: true });
  } catch (cause) {
    throw new CommandFailure(`${path} cannot be opened: ${reasonOf(cause)}.`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  const said = cause instanceof Error ? cause.message : "unknown reason";
  return said.includes("not a database")
    ? "it is damaged, or encrypted (of an encrypted till, stop the agent and copy its folder as it is)"
    : said;
}
