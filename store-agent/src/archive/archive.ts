/**
 * The archive of a till: all files that its database names, as one place to look into. A file that cannot be read is
 * counted and passed over: nothing that is missing there may stop a sale.
 */
import { hash as digestOf } from "node:crypto";
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import type { ArchiveFolder } from "./archive-folder.ts";
import type { ArchivedRow } from "./archived-row.ts";
import { openSegment, type Segment, type SegmentRecord } from "./segment.ts";
import { hasTerm, type TermKind, termHash } from "./terms.ts";

export interface ArchiveReader {
  /** Rows that have the term, newest first. */
  find(kind: TermKind, value: string): Promise<ArchivedRow[]>;
  /** Of the rows of an epoch those that are archived and can be read, in order. */
  rows(epoch: number, firstSeq: number, lastSeq: number): Promise<ArchivedRow[]>;
  /** Files of which something could not be read. */
  damagedFiles(): number;
}

export interface Archive extends ArchiveReader {
  /** The database names one more. Before its rows leave the database, so that each is found in one of the two. */
  added(record: SegmentRecord): Promise<void>;
  /** Reads every file once, whole; `between` lets others in. */
  check(between: () => Promise<boolean>): Promise<void>;
}

export function createArchive(storage: Storage, folder: ArchiveFolder): Archive {
  const shelf = createShelf(storage, folder);
  const blocks = createBlockCache();
  async function blockOf(segment: Segment, at: number): Promise<readonly ArchivedRow[]> {
    const read = (): Promise<readonly ArchivedRow[]> => blocks.read(segment, at);
    return (await shelf.orDamaged(segment.record, read)) ?? [];
  }
  return {
    async find(kind, value) {
      await shelf.ready();
      const hash = termHash(kind, value);
      const found: ArchivedRow[] = [];
      for (const segment of shelf.segments.values()) {
        if (!segment.mayHave(hash)) continue;
        const seqs = await shelf.orDamaged(segment.record, () => segment.find(hash));
        for (const seq of seqs ?? []) {
          const rows = await blockOf(segment, segment.blockOf(seq));
          found.push(...rows.filter((row) => row.seq === seq && hasTerm(row, kind, value)));
        }
      }
      return found.toSorted((a, b) => b.epoch - a.epoch || b.seq - a.seq);
    },

    async rows(epoch, firstSeq, lastSeq) {
      await shelf.ready();
      const found: ArchivedRow[] = [];
      for (const segment of shelf.segments.values()) {
        const { record } = segment;
        const [from, to] = [Math.max(firstSeq, record.firstSeq), Math.min(lastSeq, record.lastSeq)];
        if (record.epoch !== epoch || from > to) continue;
        for (let at = segment.blockOf(from); at <= segment.blockOf(to); at++) {
          const rows = await blockOf(segment, at);
          found.push(...rows.filter(({ seq }) => seq >= from && seq <= to));
        }
      }
      return found.toSorted((a, b) => a.seq - b.seq);
    },

    damagedFiles: () => shelf.damaged.size,

    async added(record) {
      await shelf.ready();
      await shelf.add(record);
    },

    async check(between) {
      await shelf.ready();
      for (const record of shelf.records.values()) {
        if (!(await between())) return;
        const digest = await shelf.orDamaged(record, async () =>
          digestOf("sha256", await folder.readAll(record.file)),
        );
        if (digest !== record.sha256) shelf.damaged.add(record.file);
      }
    },
  };
}

/** The files that are named, opened when the first of them is asked for, and which of them are damaged. */
function createShelf(storage: Storage, folder: ArchiveFolder) {
  const segments = new Map<string, Segment>();
  const records = new Map<string, SegmentRecord>();
  const damaged = new Set<string>();
  let opening: Promise<void> | null = null;

  async function add(record: SegmentRecord): Promise<void> {
    if (records.has(record.file)) return;
    records.set(record.file, record);
    await orDamaged(record, async () => {
      segments.set(record.file, await openSegment(folder, record));
    });
  }

  async function openAll(): Promise<void> {
    for (const record of await loadRecords(storage)) await add(record);
  }

  /** Undefined where the file is not what it was, or is not there. Anything else may be over by the next time. */
  async function orDamaged<Value>(
    { file }: SegmentRecord,
    task: () => Promise<Value>,
  ): Promise<Value | undefined> {
    try {
      return await task();
    } catch (error) {
      if (isPassing(error)) throw error;
      damaged.add(file);
      return undefined;
    }
  }

  return {
    segments,
    records,
    damaged,
    add,
    orDamaged,
    async ready(): Promise<void> {
      opening ??= openAll();
      try {
        await opening;
      } catch (error) {
        opening = null; // the database could not be read; it is asked again
        throw error;
      }
    },
  };
}

/** What the machine says when it is short of something at the moment, and not of the file. */
const isPassing = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  ["EMFILE", "ENFILE", "EAGAIN", "EBUSY", "ENOMEM"].includes(String(error.code));

/** The last blocks that were read: whoever asks for a row asks for the next one. */
function createBlockCache() {
  const loaded = new Map<string, readonly ArchivedRow[]>();
  return {
    async read(segment: Segment, at: number): Promise<readonly ArchivedRow[]> {
      const name = `${segment.record.file}/${at}`;
      const rows = loaded.get(name) ?? (await segment.readBlock(at));
      loaded.delete(name);
      loaded.set(name, rows);
      for (const [oldest] of loaded) {
        if (loaded.size <= LIMITS.archiveLoadedBlocks) break;
        loaded.delete(oldest);
      }
      return rows;
    },
  };
}

/** All files that the database names, in the order of their rows. */
export async function loadRecords(storage: Storage): Promise<SegmentRecord[]> {
  const rows = await rowsOf(storage, `select ${COLUMNS} from archive order by epoch, first_seq`);
  return rows.map((row) => recordOf(row));
}

export const COLUMNS = "epoch, first_seq, last_seq, file, bytes, sha256, hash";

export const recordOf = (row: Row): SegmentRecord => ({
  epoch: numberOf(row, "epoch"),
  firstSeq: numberOf(row, "first_seq"),
  lastSeq: numberOf(row, "last_seq"),
  file: textOf(row, "file"),
  bytes: numberOf(row, "bytes"),
  sha256: textOf(row, "sha256"),
  hash: textOf(row, "hash"),
});
