/** A row of the journal as an archive file holds it: all that anybody asks of it later. */
import { hash as digestOf } from "node:crypto";
import { LIMITS } from "@regulars/shared/limits";
import { z } from "zod";

export interface ArchivedRow {
  readonly epoch: number;
  readonly seq: number;
  readonly kind: string;
  readonly subject: string | null;
  readonly receipt: string | null;
  readonly externalId: string | null;
  readonly voids: string | null;
  readonly currency: string | null;
  readonly totalMinor: number | null;
  readonly idempotencyKey: string | null;
  readonly capturedMs: number;
  readonly online: boolean;
  /** When the till learned how far it had come. */
  readonly acceptedMs: number | null;
  readonly mergedMs: number | null;
  readonly goldenMs: number | null;
  readonly prev: string;
  readonly hash: string;
  readonly body: string;
}

/** How many rows stay in the database, go into a file, and are compressed together. */
export interface ArchiveSizes {
  readonly keptRows: number;
  readonly segmentRows: number;
  readonly blockRows: number;
}

export const ARCHIVE_SIZES: ArchiveSizes = {
  keptRows: LIMITS.archiveKeptRows,
  segmentRows: LIMITS.archiveSegmentRows,
  blockRows: LIMITS.archiveBlockRows,
};

/** The hash that the row should have. With Node's own SHA-256: a file has thousands of rows. */
export const sealOf = ({ prev, body }: Pick<ArchivedRow, "prev" | "body">): string =>
  digestOf("sha256", `${prev}\n${body}`);

export const isWhole = (row: Pick<ArchivedRow, "prev" | "body" | "hash">): boolean =>
  sealOf(row) === row.hash;

const textOrNull = z.string().nullable();
const numberOrNull = z.int().nullable();
const packedSchema = z.array(
  z.tuple([
    z.string(),
    textOrNull,
    textOrNull,
    textOrNull,
    textOrNull,
    textOrNull,
    numberOrNull,
    textOrNull,
    z.int(),
    z.union([z.literal(0), z.literal(1)]),
    numberOrNull,
    numberOrNull,
    numberOrNull,
    textOrNull,
    textOrNull,
    z.string(),
  ]),
);
type Packed = z.infer<typeof packedSchema>;

/**
 * Rows that follow each other, as JSON. A hash is random and does not compress, so it is left out where it follows from
 * the row before and the body; where it does not, the row is damaged, and kept as it is.
 */
export function packRows(rows: readonly ArchivedRow[]): string {
  const packed: Packed = rows.map((row, at) => [
    row.kind,
    row.subject,
    row.receipt,
    row.externalId,
    row.voids,
    row.currency,
    row.totalMinor,
    row.idempotencyKey,
    row.capturedMs,
    row.online ? 1 : 0,
    row.acceptedMs,
    row.mergedMs,
    row.goldenMs,
    row.prev === rows[at - 1]?.hash ? null : row.prev,
    isWhole(row) ? null : row.hash,
    row.body,
  ]);
  return JSON.stringify(packed);
}

export function unpackRows(text: string, epoch: number, firstSeq: number): ArchivedRow[] {
  let before = "";
  return packedSchema.parse(JSON.parse(text)).map((packed, at) => {
    const prev = packed[13] ?? before;
    const body = packed[15];
    before = packed[14] ?? sealOf({ prev, body });
    return {
      epoch,
      seq: firstSeq + at,
      kind: packed[0],
      subject: packed[1],
      receipt: packed[2],
      externalId: packed[3],
      voids: packed[4],
      currency: packed[5],
      totalMinor: packed[6],
      idempotencyKey: packed[7],
      capturedMs: packed[8],
      online: packed[9] === 1,
      acceptedMs: packed[10],
      mergedMs: packed[11],
      goldenMs: packed[12],
      prev,
      hash: before,
      body,
    };
  });
}
