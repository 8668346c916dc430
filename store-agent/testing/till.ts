/** A till in a folder of its own: the real machines on a real database file, with the clock in the test's hand. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chainHash, chainStart } from "@regulars/shared/events/chain";
import type { Problem } from "@regulars/shared/problem";
import type { Result } from "@regulars/shared/result";
import {
  numberOf,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { onTestFinished } from "vitest";
import { type Archive, createArchive } from "../src/archive/archive.ts";
import type { ArchiveSizes } from "../src/archive/archived-row.ts";
import { moveRows } from "../src/archive/move-rows.ts";
import type { CaptureAnswer } from "../src/capture/answer.ts";
import { type Capture, createCapture } from "../src/capture/capture.ts";
import { type OpenedFolder, openFolder } from "../src/db/open-folder.ts";
import { type JournalEntry, type JournalPage, listJournal } from "../src/journal/list.ts";
import { createLookup, type Lookup } from "../src/lookup/lookup.ts";
import { createReports, type Reports } from "../src/shift/reports.ts";
import { loadOffset } from "../src/sync/clock-offset.ts";
import type { EdgePort } from "../src/sync/edge-port.ts";
import { createEpochs } from "../src/sync/epochs.ts";
import { createSync, type Sync } from "../src/sync/sync.ts";
import { IDENTITY, NOON, SETTINGS, SOURCE, STORE } from "./settings.ts";

export { NOON } from "./settings.ts";

export interface Till extends Reports {
  readonly dataDir: string;
  readonly clock: { ms: number };
  readonly storage: Storage;
  readonly archive: Archive;
  readonly capture: Capture;
  readonly lookup: Lookup;
  readonly sync: Sync;
  /** Moves golden rows into archive files. */
  moveRows(): Promise<void>;
  journal(page?: JournalPage): Promise<JournalEntry[]>;
  /** Captures and expects to be answered with a receipt, or whatever the kind answers. */
  captured(input: object): Promise<CaptureAnswer>;
  close(): Promise<void>;
}

export interface TillOptions {
  readonly dataDir?: string;
  readonly store?: string;
  readonly edge?: EdgePort;
  readonly highWaterFile?: string;
  readonly encryptionKey?: string;
  /** True if left out. */
  readonly blindCount?: boolean;
  /** Those of production are too large for most tests. */
  readonly sizes?: ArchiveSizes;
  /** Stands between the machines and the database. */
  readonly write?: (statements: readonly Statement[], storage: Storage) => Promise<void>;
}

/** Several files and blocks of a few rows. */
export const SMALL_SIZES: ArchiveSizes = { keptRows: 4, segmentRows: 10, blockRows: 4 };

export async function openTill(options: TillOptions = {}): Promise<Till> {
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const { store = STORE, write, edge = NO_EDGE, blindCount = true } = options;
  const folder = await openFolder({ ...options, dataDir, source: SOURCE, store });
  const close = closeOnce(folder);
  onTestFinished(close);
  const storage: Storage = {
    read: (queries) => folder.storage.read(queries),
    write: (statements) => write?.(statements, folder.storage) ?? folder.storage.write(statements),
  };
  const place = { source: SOURCE, store, zone: SETTINGS.zone };
  const archive = createArchive(storage, folder.archive);
  const clock = { ms: NOON };
  const nowMs = () => clock.ms;
  let offsetMs = await loadOffset(folder.storage);
  const { capture, alone } = createCapture({
    storage,
    archive,
    nowMs,
    offsetMs: () => offsetMs,
    highWater: folder.highWater,
    place,
    currency: SETTINGS.currency,
    identity: IDENTITY,
    isOnline: () => false,
    gather: () => Promise.resolve(),
    onCommitted: () => undefined,
    onClosed: () => undefined,
  });
  const at = { storage, archive, nowMs, source: SOURCE, store };
  const sync = createSync({
    ...at,
    edge,
    epochs: createEpochs({ ...at, alone, onClosed: () => undefined }),
    life: folder.life,
    onBehind: () => undefined,
    onGolden: () => undefined,
    onOffset: (measuredMs) => {
      offsetMs = measuredMs;
    },
  });
  return {
    dataDir,
    clock,
    storage,
    archive,
    capture,
    lookup: createLookup({ ...at, identity: IDENTITY, askEdge: sync.askFor }),
    sync,
    moveRows: () =>
      moveRows({
        storage,
        relaxed: storage,
        archive,
        folder: folder.archive,
        source: SOURCE,
        sizes: options.sizes ?? SMALL_SIZES,
        between: () => Promise.resolve(true),
        flush: () => folder.flush(),
        shrink: () => folder.shrink(),
      }),
    journal: (page = {}) => listJournal({ storage, archive }, page),
    ...createReports({ ...at, place, blindCount }),
    captured: async (input) => valueOf(await capture(input)),
    close,
  };
}

function closeOnce(folder: OpenedFolder): () => Promise<void> {
  let open = true;
  return async () => {
    if (open) await folder.close();
    open = false;
  };
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "regulars-till-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function valueOf<Value>(result: Result<Value, Problem>): Value {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.reason)}`);
  return result.value;
}

export interface StoredRow {
  readonly seq: number;
  readonly kind: string;
  readonly receipt: string | null;
  readonly prev: string;
  readonly hash: string;
  readonly body: string;
}

export async function journalOf(storage: Storage): Promise<StoredRow[]> {
  const rows = await rowsOf(
    storage,
    "select seq, kind, receipt, prev, hash, body from journal order by epoch, seq",
  );
  return rows.map((row) => ({
    seq: numberOf(row, "seq"),
    kind: textOf(row, "kind"),
    receipt: row["receipt"] === null ? null : textOf(row, "receipt"),
    prev: textOf(row, "prev"),
    hash: textOf(row, "hash"),
    body: textOf(row, "body"),
  }));
}

/** Checks that rows are contiguous from 1 and chained; says how many there are. */
export async function countWholeChain(storage: Storage): Promise<number> {
  const rows = await journalOf(storage);
  let prev = chainStart(SOURCE, 1);
  for (const [at, { seq, prev: follows, hash, body }] of rows.entries()) {
    if (seq !== at + 1) throw new Error(`row ${at + 1} has the number ${seq}`);
    if (follows !== prev) throw new Error(`row ${seq} does not follow the row before`);
    if (hash !== chainHash(prev, body))
      throw new Error(`row ${seq} has another hash than its bytes`);
    prev = hash;
  }
  return rows.length;
}

const unreachable = { ok: false, reason: { code: "unreachable", retryAfterMs: 0 } } as const;
const NO_EDGE: EdgePort = {
  push: () => Promise.resolve(unreachable),
  pull: () => Promise.resolve(unreachable),
  lookup: () => Promise.resolve(unreachable),
};
