/**
 * The format of an archive file: rows of one epoch that follow each other, sealed once and never changed.
 *
 *   header   1,024 bytes: JSON with the digests of the parts, then its own digest
 *   filter   which terms are surely not in it
 *   index    sorted: which row has a term
 *   blocks   where each block of rows ends, and its digest
 *   rows     blocks of rows, each compressed by itself, so that one row costs one block
 */
import { createHash, hash as digestOf } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { hashSchema } from "@regulars/shared/protocol/item";
import { z } from "zod";
import { type ArchivedRow, packRows, unpackRows } from "./archived-row.ts";
import { buildFilter, buildIndex, termsOf } from "./terms.ts";

const partSchema = z.strictObject({ bytes: z.int().min(0), sha256: hashSchema });
export const headerSchema = z.strictObject({
  format: z.literal(1),
  source: z.string(),
  epoch: z.int().min(1),
  firstSeq: z.int().min(1),
  lastSeq: z.int().min(1),
  blockRows: z.int().min(1),
  /** What its first row follows, and the hash of its last. */
  prev: hashSchema,
  hash: hashSchema,
  filter: partSchema,
  index: partSchema,
  blocks: partSchema,
  rows: partSchema,
});
export type SegmentHeader = z.infer<typeof headerSchema>;

export const HEADER_BYTES = 1_024;
export const PARTS = ["filter", "index", "blocks", "rows"] as const;
type Part = (typeof PARTS)[number];

/** A part of a file that is not what was written. */
export class Damaged extends Error {}

const sha256 = (bytes: Uint8Array): string => digestOf("sha256", bytes);

export interface SegmentOf {
  readonly source: string;
  readonly epoch: number;
  readonly firstSeq: number;
  readonly blockRows: number;
}

export interface SegmentFile {
  readonly header: SegmentHeader;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** Takes the rows block by block, so that whoever reads them can let others in between. */
export function createSegmentWriter({ source, epoch, firstSeq, blockRows }: SegmentOf) {
  const terms: Set<number>[] = [];
  const packed: Uint8Array[] = [];
  let ends: { readonly first: ArchivedRow; readonly last: ArchivedRow } | null = null;
  return {
    /** All but the last one have `blockRows` rows. */
    add(rows: readonly ArchivedRow[]): void {
      const [first, last] = [rows[0], rows.at(-1)];
      if (!first || !last) throw new Error("a block has no rows");
      ends = { first: ends?.first ?? first, last };
      for (const row of rows) terms.push(termsOf(row));
      packed.push(deflateRawSync(packRows(rows)));
    },
    /** `pause` lets others in between two parts. */
    async finish(pause: () => Promise<unknown>): Promise<SegmentFile> {
      if (!ends) throw new Error("an archive file has no rows");
      const filter = buildFilter(terms);
      await pause();
      const index = buildIndex(terms);
      await pause();
      const rows = Buffer.concat(packed);
      const { first, last } = ends;
      const what = { source, epoch, firstSeq, blockRows, lastSeq: last.seq };
      const links = { prev: first.prev, hash: last.hash };
      const parts = { filter, index, blocks: blockTable(packed), rows };
      return assemble({ format: 1, ...what, ...links }, parts, pause);
    },
  };
}

export async function assemble(
  of: Omit<SegmentHeader, Part>,
  parts: Readonly<Record<Part, Uint8Array>>,
  pause: () => Promise<unknown>,
): Promise<SegmentFile> {
  const partOf = (part: Part) => ({ bytes: parts[part].length, sha256: sha256(parts[part]) });
  // Parsed, so that its fields stand in the order in which they are read.
  const header = headerSchema.parse({
    ...of,
    filter: partOf("filter"),
    index: partOf("index"),
    blocks: partOf("blocks"),
    rows: partOf("rows"),
  });
  await pause();
  const pieces = [encodeHeader(header), ...PARTS.map((part) => parts[part])];
  const whole = createHash("sha256");
  for (const piece of pieces) whole.update(piece);
  const digest = whole.digest("hex");
  await pause();
  return { header, name: nameOf(header, digest), bytes: Buffer.concat(pieces), sha256: digest };
}

/** Other rows, or the same with other times, have another digest: no file ever takes the place of another one. */
function nameOf({ epoch, firstSeq, lastSeq }: SegmentHeader, digest: string): string {
  return `${epoch}-${firstSeq}-${lastSeq}-${digest.slice(0, 16)}.rows`;
}

function encodeHeader(header: SegmentHeader): Uint8Array {
  const json = JSON.stringify(header);
  const text = `${json}\t${digestOf("sha256", json)}`.padEnd(HEADER_BYTES - 1);
  if (text.length !== HEADER_BYTES - 1) throw new Error("a header is longer than its place");
  return Buffer.from(`${text}\n`);
}

export function readHeader(bytes: Uint8Array): SegmentHeader {
  const text = Buffer.from(bytes).toString();
  const [json = "", digest] = text.trimEnd().split("\t");
  if (digestOf("sha256", json) !== digest) throw new Damaged("its header is damaged");
  const header = headerSchema.parse(JSON.parse(json));
  // Every byte counts, the empty ones as well.
  if (text !== Buffer.from(encodeHeader(header)).toString()) {
    throw new Damaged("its header is damaged");
  }
  return header;
}

/** Where the part begins. */
export function startOf(header: SegmentHeader, part: Part): number {
  const before = PARTS.slice(0, PARTS.indexOf(part));
  return before.reduce((sum, each) => sum + header[each].bytes, HEADER_BYTES);
}

export function checkPart(header: SegmentHeader, part: Part, bytes: Uint8Array): Uint8Array {
  if (bytes.length !== header[part].bytes || sha256(bytes) !== header[part].sha256) {
    throw new Damaged(`its ${part} are damaged`);
  }
  return bytes;
}

export interface Block {
  readonly start: number;
  readonly end: number;
  readonly sha256: string;
}

const DIGEST_BYTES = 32;
const BLOCK_BYTES = 4 + DIGEST_BYTES;

function blockTable(packed: readonly Uint8Array[]): Uint8Array {
  const table = Buffer.alloc(packed.length * BLOCK_BYTES);
  let end = 0;
  for (const [at, bytes] of packed.entries()) {
    end += bytes.length;
    table.writeUInt32LE(end, at * BLOCK_BYTES);
    table.write(sha256(bytes), at * BLOCK_BYTES + 4, "hex");
  }
  return table;
}

export function readBlockTable(bytes: Uint8Array): Block[] {
  const table = Buffer.from(bytes);
  let start = 0;
  return Array.from({ length: table.length / BLOCK_BYTES }, (_, at) => {
    const from = at * BLOCK_BYTES;
    const digest = table.subarray(from + 4, from + BLOCK_BYTES).toString("hex");
    const block = { start, end: table.readUInt32LE(from), sha256: digest };
    start = block.end;
    return block;
  });
}

export function readBlock(
  bytes: Uint8Array,
  block: Block,
  first: { readonly epoch: number; readonly seq: number },
): ArchivedRow[] {
  if (sha256(bytes) !== block.sha256) throw new Damaged("its rows are damaged");
  return unpackRows(inflateRawSync(bytes).toString(), first.epoch, first.seq);
}

/** All of a file, each part against its digest; throws where one does not match. */
export function readSegment(bytes: Uint8Array) {
  const header = readHeader(bytes.subarray(0, HEADER_BYTES));
  const partOf = (part: Part): Uint8Array => {
    const at = startOf(header, part);
    return checkPart(header, part, bytes.subarray(at, at + header[part].bytes));
  };
  const packed = partOf("rows");
  const { epoch, firstSeq, blockRows } = header;
  const rows = readBlockTable(partOf("blocks")).flatMap((block, at) =>
    readBlock(packed.subarray(block.start, block.end), block, {
      epoch,
      seq: firstSeq + at * blockRows,
    }),
  );
  return { header, rows, index: partOf("index"), filter: partOf("filter") };
}
