/**
 * Moving golden rows out of the database (CAP7): into a file that is durable, then out of the tables, in small steps,
 * between which captures go on. A crash anywhere is harmless: the same rows are moved again, or their rest is let go.
 */
import { hash as digestOf } from "node:crypto";
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import type { Archive } from "./archive.ts";
import type { ArchiveFolder } from "./archive-folder.ts";
import type { ArchivedRow, ArchiveSizes } from "./archived-row.ts";
import type { SegmentRecord } from "./segment.ts";
import { createSegmentWriter, type SegmentFile } from "./segment-file.ts";

export interface MoverDeps {
  readonly storage: Storage;
  /** The same database, for what is let go again after a power cut. */
  readonly relaxed: Storage;
  readonly archive: Archive;
  readonly folder: ArchiveFolder;
  readonly source: string;
  readonly sizes: ArchiveSizes;
  /** Lets others in; false when the till is about to stop. */
  readonly between: () => Promise<boolean>;
  /** Takes what is in the database's log over into its file: often and little, or it is done to a capture, and is much. */
  readonly flush: () => Promise<void>;
  /** Gives free pages of the database back to the disk; false when there are none. */
  readonly shrink: () => Promise<boolean>;
}

/** Rows of one epoch, to become one file. */
interface Range {
  readonly epoch: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** Moves what there is to move. */
export async function moveRows(deps: MoverDeps): Promise<void> {
  let moved = await letGo(deps);
  for (;;) {
    const range = await nextRange(deps);
    if (!range) break;
    const file = await seal(deps, range);
    if (!file) return;
    await deps.folder.write(file.name, file.bytes);
    // Read back before it is the only place where the rows are.
    if (digestOf("sha256", await deps.folder.readAll(file.name)) !== file.sha256) {
      throw new Error("an archive file is not what was written; its rows stay in the database");
    }
    await record(deps, file);
    moved = await letGo(deps);
  }
  if (!moved) return;
  for (let steps = 1; (await deps.between()) && (await deps.shrink()); steps++) {
    if (steps % STEPS_PER_FLUSH === 0) await deps.flush();
  }
  await deps.flush(); // until then the file is as long as it was
}

/** Some two hundred pages of the log: a few milliseconds. */
const STEPS_PER_FLUSH = 8;

/**
 * Golden rows before the newest ones of the open epoch, as many as make a full file; of a closed epoch whose rows are
 * all golden, the rest as well.
 */
async function nextRange({ storage, sizes }: MoverDeps): Promise<Range | null> {
  const rows = await rowsOf(
    storage,
    `select * from (
       select w.epoch, w.seq, w.closed, w.golden,
         coalesce((select max(last_seq) from archive a where a.epoch = w.epoch), 0) as archived,
         exists (select 1 from reseal r where r.target = w.epoch) as filling
       from writer w)
     where golden > archived order by epoch`,
  );
  for (const row of rows) {
    const [epoch, golden] = [numberOf(row, "epoch"), numberOf(row, "golden")];
    const archived = numberOf(row, "archived");
    const isClosed = row["closed"] !== null;
    const firstSeq = archived + 1;
    const kept = isClosed ? 0 : sizes.keptRows;
    const lastSeq = archived + sizes.segmentRows;
    if (lastSeq <= golden - kept) return { epoch, firstSeq, lastSeq };
    const isComplete = golden >= numberOf(row, "seq") && numberOf(row, "filling") === 0;
    if (isClosed && isComplete) return { epoch, firstSeq, lastSeq: golden };
  }
  return null;
}

/** Null when the till is about to stop. */
async function seal(deps: MoverDeps, range: Range): Promise<SegmentFile | null> {
  const { storage, source, sizes, between } = deps;
  const { epoch, firstSeq, lastSeq } = range;
  const { blockRows } = sizes;
  const writer = createSegmentWriter({ source, epoch, firstSeq, blockRows });
  for (let from = firstSeq; from <= lastSeq; from += blockRows) {
    if (!(await between())) return null;
    const to = Math.min(lastSeq, from + blockRows - 1);
    const rows = await readRows(storage, { epoch, firstSeq: from, lastSeq: to });
    const isGapFree =
      rows.length === to - from + 1 && rows.every(({ seq }, at) => seq === from + at);
    if (!isGapFree) throw new Error("rows of the journal are missing; they cannot be archived");
    await between();
    writer.add(rows);
  }
  await between();
  return writer.finish(between);
}

async function readRows(storage: Storage, { epoch, firstSeq, lastSeq }: Range) {
  const rows = await rowsOf(
    storage,
    `select *, ${learnedAt("accepted")}, ${learnedAt("merged")}, ${learnedAt("golden")}
     from journal j where epoch = ? and seq between ? and ? order by seq`,
    [epoch, firstSeq, lastSeq],
  );
  return rows.map((row) => archivedOf(row));
}

const learnedAt = (level: "accepted" | "merged" | "golden"): string =>
  `(select ms from mark where epoch = j.epoch and level = '${level}' and seq >= j.seq
    order by seq limit 1) as ${level}_ms`;

/** From here on the file is what answers for the rows: durable before any of them goes. */
async function record({ storage, archive }: MoverDeps, file: SegmentFile): Promise<void> {
  const { epoch, firstSeq, lastSeq, hash } = file.header;
  const { name, sha256 } = file;
  const known: SegmentRecord = {
    epoch,
    firstSeq,
    lastSeq,
    file: name,
    bytes: file.bytes.length,
    sha256,
    hash,
  };
  await storage.write([
    {
      sql: `insert into archive (epoch, first_seq, last_seq, file, bytes, sha256, hash)
            values (?, ?, ?, ?, ?, ?, ?)`,
      args: [epoch, firstSeq, lastSeq, name, known.bytes, sha256, hash],
    },
  ]);
  await archive.added(known);
}

/** Archived rows leave the tables, and with them the marks that speak of no other rows; whether there were any. */
async function letGo({ storage, relaxed, between, flush }: MoverDeps): Promise<boolean> {
  let any = false;
  let steps = 0;
  for (;;) {
    const [row] = await rowsOf(
      storage,
      `select * from (
         select a.epoch, max(a.last_seq) as last,
           (select min(seq) from journal j where j.epoch = a.epoch) as first
         from archive a group by a.epoch)
       where first <= last limit 1`,
    );
    if (!row) return any;
    if (!(await between())) return false;
    any = true;
    const [epoch, last] = [numberOf(row, "epoch"), numberOf(row, "last")];
    const to = Math.min(last, numberOf(row, "first") + LIMITS.archiveLetGoRows - 1);
    await relaxed.write(letGoStatements(epoch, to));
    if (++steps % STEPS_PER_FLUSH > 0) continue;
    if (!(await between())) return false;
    await flush();
  }
}

const letGoStatements = (epoch: number, to: number): Statement[] => [
  { sql: "delete from journal where epoch = ? and seq <= ?", args: [epoch, to] },
  {
    sql: `delete from mark
          where epoch = ? and level in ('accepted', 'merged', 'golden') and seq <= ?`,
    args: [epoch, to],
  },
];

const archivedOf = (row: Row): ArchivedRow => ({
  epoch: numberOf(row, "epoch"),
  seq: numberOf(row, "seq"),
  kind: textOf(row, "kind"),
  subject: textOrNull(row, "subject"),
  receipt: textOrNull(row, "receipt"),
  externalId: textOrNull(row, "external_id"),
  voids: textOrNull(row, "voids"),
  currency: textOrNull(row, "currency"),
  totalMinor: numberOrNull(row, "total_minor"),
  idempotencyKey: textOrNull(row, "idempotency_key"),
  capturedMs: numberOf(row, "captured_ms"),
  online: numberOf(row, "online") === 1,
  acceptedMs: numberOrNull(row, "accepted_ms"),
  mergedMs: numberOrNull(row, "merged_ms"),
  goldenMs: numberOrNull(row, "golden_ms"),
  prev: textOf(row, "prev"),
  hash: textOf(row, "hash"),
  body: textOf(row, "body"),
});

const textOrNull = (row: Row, column: string): string | null =>
  row[column] === null ? null : textOf(row, column);
const numberOrNull = (row: Row, column: string): number | null =>
  row[column] === null ? null : numberOf(row, column);
