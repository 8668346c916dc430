/**
 * Verifying a till's journal from the first row of each epoch to its head, over archive files and database (CAP7, SYN1).
 * Reads only, and believes nothing that it can work out anew.
 */
import { hash as digestOf } from "node:crypto";
import { chainStart } from "@regulars/shared/events/chain";
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";
import { loadRecords } from "./archive.ts";
import type { ArchiveFolder } from "./archive-folder.ts";
import { type ArchivedRow, isWhole } from "./archived-row.ts";
import type { SegmentRecord } from "./segment.ts";
import { readSegment } from "./segment-file.ts";
import { buildFilter, buildIndex, termsOf } from "./terms.ts";

export const PROBLEM_CODES = [
  /** The database names a file that is not there. */
  "file_missing",
  /** A file has other bytes than when it was sealed, or they make no sense. */
  "file_damaged",
  /** A file that the database does not name: of a database that was restored since. It is in nobody's way. */
  "file_unnamed",
  /** The terms of a file are not those of its rows. */
  "index_wrong",
  /** A row's hash does not cover its bytes. */
  "row_damaged",
  /** Its number is nowhere. */
  "row_missing",
  /** It does not follow the row before. */
  "chain_broken",
  /** The last row is not the one that the writer stands at. */
  "head_wrong",
] as const;
type ProblemCode = (typeof PROBLEM_CODES)[number];

export const verifyReportSchema = z.object({
  epochs: z.int(),
  /** Archive files, and what they hold together. */
  segments: z.int(),
  bytes: z.int(),
  /** In files and database. */
  rows: z.int(),
  problems: z.array(
    z.object({
      code: z.enum(PROBLEM_CODES),
      /** Null for a file that nobody names. */
      epoch: z.int().nullable(),
      seq: z.int().optional(),
      file: z.string().optional(),
    }),
  ),
});
export type VerifyReport = z.infer<typeof verifyReportSchema>;
type Problem = VerifyReport["problems"][number];

/** Of one epoch: what the next row has to be. */
interface Walk {
  readonly epoch: number;
  next: number;
  prev: string;
  rows: number;
  report(code: ProblemCode, more?: { seq?: number; file?: string }): void;
}

/** All reads of `storage` see the same moment, whoever writes meanwhile. */
export async function verifyJournal(
  storage: Storage,
  folder: ArchiveFolder,
  source: string,
): Promise<VerifyReport> {
  const records = await loadRecords(storage);
  const writers = await rowsOf(storage, "select epoch, seq, hash from writer order by epoch");
  const problems: Problem[] = [];
  let rows = 0;
  for (const writer of writers) {
    const epoch = numberOf(writer, "epoch");
    const walk: Walk = {
      epoch,
      next: 1,
      prev: chainStart(source, epoch),
      rows: 0,
      report(code, more = {}) {
        if (problems.length < LIMITS.verifyItems) problems.push({ code, epoch, ...more });
      },
    };
    for (const record of records) {
      if (record.epoch === epoch) await walkFile(walk, folder, record);
    }
    const head = { seq: numberOf(writer, "seq"), hash: textOf(writer, "hash") };
    await walkDatabase(walk, storage, head.seq);
    if (walk.next !== head.seq + 1 || walk.prev !== head.hash) {
      walk.report("head_wrong", { seq: head.seq });
    }
    rows += walk.rows;
  }
  const bytes = records.reduce((sum, record) => sum + record.bytes, 0);
  return { epochs: writers.length, segments: records.length, bytes, rows, problems };
}

async function walkFile(walk: Walk, folder: ArchiveFolder, record: SegmentRecord): Promise<void> {
  const { file, lastSeq } = record;
  const rows = await rowsOfFile(walk, folder, record);
  for (const row of rows ?? []) walkRow(walk, row, file);
  const isToItsEnd = walk.next === lastSeq + 1 && walk.prev === record.hash;
  if (rows && !isToItsEnd) walk.report("file_damaged", { file });
  // What follows is judged by itself.
  walk.next = lastSeq + 1;
  walk.prev = record.hash;
}

/** Null, and reported, where they cannot be read. */
async function rowsOfFile(
  walk: Walk,
  folder: ArchiveFolder,
  { file, sha256 }: SegmentRecord,
): Promise<ArchivedRow[] | null> {
  let bytes: Uint8Array;
  try {
    bytes = await folder.readAll(file);
  } catch {
    walk.report("file_missing", { file });
    return null;
  }
  try {
    if (digestOf("sha256", bytes) !== sha256) throw new Error("other bytes than were sealed");
    const { rows, index, filter } = readSegment(bytes);
    const terms = rows.map((row) => termsOf(row));
    const isIndexed =
      Buffer.compare(index, buildIndex(terms)) === 0 &&
      Buffer.compare(filter, buildFilter(terms)) === 0;
    if (!isIndexed) walk.report("index_wrong", { file });
    return rows;
  } catch {
    walk.report("file_damaged", { file });
    return null;
  }
}

type ChainedRow = Pick<ArchivedRow, "seq" | "prev" | "hash" | "body">;

function walkRow(walk: Walk, row: ChainedRow, file?: string): void {
  const at = { seq: row.seq, ...(file === undefined ? {} : { file }) };
  if (row.seq !== walk.next) walk.report("row_missing", { ...at, seq: walk.next });
  else if (row.prev !== walk.prev) walk.report("chain_broken", at);
  if (!isWhole(row)) walk.report("row_damaged", at);
  walk.next = row.seq + 1;
  walk.prev = row.hash;
  walk.rows += 1;
}

/** What is not archived. Rows after the epoch's last one wait for new numbers: each has to be whole, and no more. */
async function walkDatabase(walk: Walk, storage: Storage, lastSeq: number): Promise<void> {
  for (let after = walk.next - 1; ;) {
    const rows = await rowsOf(
      storage,
      "select seq, prev, hash, body from journal where epoch = ? and seq > ? order by seq limit ?",
      [walk.epoch, after, LIMITS.journalRows],
    );
    for (const each of rows) {
      const row = {
        seq: numberOf(each, "seq"),
        prev: textOf(each, "prev"),
        hash: textOf(each, "hash"),
        body: textOf(each, "body"),
      };
      after = row.seq;
      if (row.seq <= lastSeq) walkRow(walk, row);
      else if (!isWhole(row)) walk.report("row_damaged", { seq: row.seq });
    }
    if (rows.length < LIMITS.journalRows) return;
  }
}
