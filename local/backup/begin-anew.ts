/**
 * What must not be believed any more of a database that comes back, for others have seen more of it than it has: whoever reads a
 * feed begins anew (SYN8), a journal goes on in another epoch (SYN3), and who was signed in then signs in again.
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { chainStart } from "@regulars/shared/events/chain";
import { z } from "zod";
import type { Manifest } from "./manifest.ts";

export function beginAnew(folder: string, { part, files }: Manifest): void {
  for (const { name } of files) {
    const path = join(folder, name);
    if (part === "centre") inDatabase(path, forgetReaders);
    if (isObject(name, "Inbox")) inDatabase(path, forgetCursors);
    if (isObject(name, "Intake")) inDatabase(path, beginEpochs);
  }
}

const isObject = (name: string, kind: string): boolean =>
  name.startsWith(`objects/regulars-${kind}/`) && !name.endsWith("/metadata.sqlite");

function inDatabase(path: string, change: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(path);
  try {
    database.exec("begin immediate");
    change(database);
    database.exec("commit");
  } finally {
    database.close();
  }
}

function forgetReaders(database: DatabaseSync): void {
  database.exec("delete from resolution where name = 'generation'");
  database.exec("delete from session");
}

/** Tills forget their working sets and send what the inbox does not have any more, closed epochs as well. */
function forgetCursors(database: DatabaseSync): void {
  database.exec("delete from setting where name = 'generation'");
}

const writersSchema = z.array(z.object({ source: z.string(), epoch: z.int() }));

/** It may have gone on a few epochs further since: numbers that are free for certain. */
const EPOCHS_AHEAD = 100;

/** Accounts have no mark outside of their database that would tell them, as tills have. */
function beginEpochs(database: DatabaseSync): void {
  const newest = database.prepare("select source, max(epoch) as epoch from writer group by source");
  for (const { source, epoch } of writersSchema.parse(newest.all())) {
    const next = epoch + EPOCHS_AHEAD;
    database
      .prepare(
        `insert into writer (source, epoch, seq, hash, receipts, clock_ms, clock_counter)
         select source, ?1, 0, ?2, receipts, clock_ms, clock_counter from writer
         where source = ?3 and epoch = ?4`,
      )
      .run(next, chainStart(source, next), source, epoch);
  }
}
