/**
 * A disk: what a machine has written, and what becomes of that when the machine dies.
 *
 * A resolved write is durable, but for relaxed ones, of which a power cut takes back the last. A crash may be planned for a
 * write: before it, and nothing of it is there; after it, and all of it is there and nobody ever heard.
 */
import type { Storage } from "@regulars/shared/storage/port";
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
  open(process: Process): { readonly storage: Storage; readonly relaxed: Storage };
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
  let planned: PlannedCrash | null = null;
  let countdown = 0;
  let full = false;
  let lastWriteMs = 0;

  function commit(process: Process, statements: Parameters<Storage["write"]>[0], relaxed: boolean) {
    if (full) throw new DiskFull();
    const crash = planned && --countdown === 0 ? planned : null;
    if (crash) planned = null;
    if (crash?.when === "before") crash.strike();
    if (!process.isAlive()) return;
    database.write(statements, relaxed);
    if (crash?.when === "after") crash.strike();
  }

  function storageOf(process: Process, relaxed: boolean): Storage {
    return {
      read: (queries) =>
        process.isAlive() ? settle(() => database.read(queries)) : new Promise(() => undefined),
      write: (statements) =>
        new Promise((done, failed) => {
          if (!process.isAlive()) return;
          const perform = (): void => {
            try {
              commit(process, statements, relaxed);
            } catch (error) {
              failed(error instanceof Error ? error : new Error(String(error)));
              return;
            }
            if (process.isAlive()) done();
          };
          if (statements.length === 0) return done();
          if (writeMs === 0) return perform();
          // One after the other, as they were asked for.
          lastWriteMs = Math.max(lastWriteMs, timeline.nowMs() + random.int(0, writeMs));
          process.after(lastWriteMs - timeline.nowMs(), perform);
        }),
    };
  }

  return {
    database,
    open: (process) => ({
      storage: storageOf(process, false),
      relaxed: storageOf(process, true),
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
