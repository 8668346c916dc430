/** One archive file, open for reading: filter and block table are in memory, index and rows are read by position. */
import type { ArchiveFolder } from "./archive-folder.ts";
import type { ArchivedRow } from "./archived-row.ts";
import {
  checkPart,
  Damaged,
  HEADER_BYTES,
  readBlock,
  readBlockTable,
  readHeader,
  startOf,
} from "./segment-file.ts";
import { mayHave, searchIndex } from "./terms.ts";

/** What the database says of a file. */
export interface SegmentRecord {
  readonly epoch: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Of its last row. */
  readonly hash: string;
}

export interface Segment {
  readonly record: SegmentRecord;
  readonly blocks: number;
  mayHave(hash: number): boolean;
  /** Numbers of rows that may have the term. */
  find(hash: number): Promise<number[]>;
  blockOf(seq: number): number;
  readBlock(at: number): Promise<ArchivedRow[]>;
}

export async function openSegment(folder: ArchiveFolder, record: SegmentRecord): Promise<Segment> {
  const { file, epoch, firstSeq, lastSeq, hash } = record;
  const header = readHeader(await folder.read(file, 0, HEADER_BYTES));
  const isOfRecord =
    header.epoch === epoch &&
    header.firstSeq === firstSeq &&
    header.lastSeq === lastSeq &&
    header.hash === hash;
  if (!isOfRecord) throw new Damaged("it holds other rows");
  const partOf = async (part: "filter" | "blocks") =>
    checkPart(header, part, await folder.read(file, startOf(header, part), header[part].bytes));
  const filter = await partOf("filter");
  const blocks = readBlockTable(await partOf("blocks"));
  const indexAt = startOf(header, "index");
  const rowsAt = startOf(header, "rows");
  return {
    record,
    blocks: blocks.length,
    mayHave: (term) => mayHave(filter, term),
    async find(term) {
      const rows = await searchIndex(header.index.bytes, term, (at, length) =>
        folder.read(file, indexAt + at, length),
      );
      return rows.map((row) => firstSeq + row).filter((seq) => seq <= lastSeq);
    },
    blockOf: (seq) => Math.floor((seq - firstSeq) / header.blockRows),
    async readBlock(at) {
      const block = blocks[at];
      if (!block) throw new Damaged("it has no such block");
      const bytes = await folder.read(file, rowsAt + block.start, block.end - block.start);
      return readBlock(bytes, block, { epoch, seq: firstSeq + at * header.blockRows });
    },
  };
}
