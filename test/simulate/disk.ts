/**
 * A disk: what a machine has written, and what becomes of that when the machine dies.
 *
 * A resolved write is durable, but for relaxed ones, of which a power cut takes back the last. A crash may be planned for a
 * write, of the database or of a file: before it, and nothing of it is there; after it, and all of it is there and nobody ever heard.
 */
import type { Statement, Storage } from "@regulars/shared/storage/port";
import type { ArchiveFolder } from "../../store-agent/src/archive/archive-folder.ts";
import type { Database } from "./database.ts";
import type { Process } from "./process.ts";
import type { Random } from "./random.ts";
import type { Timeline } from "./timeline.ts";

export interface PlannedCrash {
  /** 1 is the next one. */
  readonly write: number;
  readonly when: "before" | "after";
  readonly strike: () => void;
}

export interface Disk {
  readonly database: Database;
  /** As a process sees it; what a process that has ended says is not heard. */
  open(process: Process): {
    readonly storage: Storage;
    readonly relaxed: Storage;
    readonly files: ArchiveFolder;
  };
  /** Beside the database, by name. Durable once they are there, as nobody writes into them. */
  readonly files: Map<string, Uint8Array>;
  planCrash(crash: PlannedCrash): void;
  /** While it is full, every write is refused whole. */
  setFull(full: boolean): void;
  powerCut(): void;
}

/** What SQLite says, so that nobody takes it for anything else. */
export class DiskFull extends Error {
  readonly code = "SQLITE_FULL";
  constructor() {
    super("database or disk is full");
  }
}

export interface DiskDeps {
  readonly database: Database;
  readonly timeline: Timeline;
  readonly random: Random;
  /** How long a write may take; 0 for a Durable Object, whose writes are synchronous. */
  readonly writeMs: number;
}

export function createDisk({ database, timeline, random, writeMs }: DiskDeps): Disk {
  const files = new Map<string, Uint8Array>();
  let planned: PlannedCrash | null = null;
  let countdown = 0;
  let full = false;
  let lastWriteMs = 0;

  function commit(process: Process, apply: () => void) {
    if (full) throw new DiskFull();
    const crash = planned && --countdown === 0 ? planned : null;
    if (crash) planned = null;
    if (crash?.when === "before") crash.strike();
    if (!process.isAlive()) return;
    apply();
    if (crash?.when === "after") crash.strike();
  }

  function perform(process: Process, apply: () => void): Promise<void> {
    return new Promise((done, failed) => {
      if (!process.isAlive()) return;
      const strike = (): void => {
        try {
          commit(process, apply);
        } catch (error) {
          failed(error instanceof Error ? error : new Error(String(error)));
          return;
        }
        if (process.isAlive()) done();
      };
      if (writeMs === 0) return strike();
      // One after the other, as they were asked for.
      lastWriteMs = Math.max(lastWriteMs, timeline.nowMs() + random.int(0, writeMs));
      process.after(lastWriteMs - timeline.nowMs(), strike);
    });
  }

  function filesOf(process: Process): ArchiveFolder {
    const read = (name: string): Promise<Uint8Array> =>
      process.isAlive() ? settle(() => fileOf(name)) : new Promise(() => undefined);
    return {
      write: (name, bytes) => perform(process, () => files.set(name, bytes)),
      read: async (name, at, length) => (await read(name)).subarray(at, at + length),
      readAll: read,
      names: () => settle(() => [...files.keys()]),
    };
  }

  function fileOf(name: string): Uint8Array {
    const bytes = files.get(name);
    if (!bytes) throw new Error("there is no such file");
    return bytes;
  }

  function storageOf(process: Process, relaxed: boolean): Storage {
    return {
      read: (queries) =>
        process.isAlive()
          ? settle(() => database.read(noteIn(database.ran, queries)))
          : new Promise(() => undefined),
      write: (statements) =>
        statements.length === 0 && process.isAlive()
          ? Promise.resolve()
          : perform(process, () => database.write(noteIn(database.ran, statements), relaxed)),
    };
  }

  return {
    database,
    files,
    open: (process) => ({
      storage: storageOf(process, false),
      relaxed: storageOf(process, true),
      files: filesOf(process),
    }),
    planCrash(crash) {
      planned = crash;
      countdown = crash.write;
    },
    setFull(value) {
      full = value;
    },
    powerCut: () => database.lose(random.int(0, database.unsynced())),
  };
}

async function settle<Value>(task: () => Value): Promise<Value> {
  return task();
}

function noteIn(ran: Set<string>, statements: readonly Statement[]): readonly Statement[] {
  for (const { sql } of statements) ran.add(sql);
  return statements;
}
