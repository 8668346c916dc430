/** How the till stands with the edge. */
import { numberOf, rowsOf } from "@regulars/shared/storage/port";
import { z } from "zod";
import type { JournalDeps } from "../journal/find.ts";
import { ASIDE } from "../journal/quarantine.ts";
import { readRow } from "../journal/read-row.ts";
import { CLOSED } from "../journal/roll.ts";
import { drawerStandingSchema, readDrawerStanding } from "../shift/standing.ts";
import { type Ladder, loadLadders } from "./marks.ts";

export const EDGE_STATES = [
  "none",
  "unknown",
  "reachable",
  "unreachable",
  "refused",
  "not_enrolled",
  "bad_code",
  "revoked",
  "overloaded",
] as const;

/** What the sync loop last heard of the edge. */
export interface LinkState {
  readonly source: string;
  readonly online: boolean;
  readonly edge: Status["edge"];
  readonly clockOffsetMs: number;
}

const momentSchema = z.iso.datetime().nullable();

const ladderShape = {
  epoch: z.int(),
  store: z.string(),
  /** Rows of the epoch that have come so far. */
  captured: z.int(),
  accepted: z.int(),
  merged: z.int(),
  golden: z.int(),
  /** When the oldest row was captured that has not come so far; null when all have. */
  oldest: z.object({ notAccepted: momentSchema, notMerged: momentSchema, notGolden: momentSchema }),
} as const;

export const statusSchema = z.object({
  source: z.string(),
  /** Of the epoch that is being written. */
  ...ladderShape,
  /** Closed epochs that are not all golden, oldest first, with why they were closed. */
  closed: z.array(z.object({ ...ladderShape, reason: z.enum(CLOSED).nullable() })),
  /** All epochs together, those that are golden included. */
  total: z.object({
    captured: z.int(),
    accepted: z.int(),
    merged: z.int(),
    golden: z.int(),
  }),
  /** Rows that wait for new numbers, because another machine's have taken theirs. */
  resealing: z.int(),
  /** Epochs that were closed because another machine lived on this journal. */
  forked: z.int(),
  /** Whether the last call to the edge was answered. */
  online: z.boolean(),
  /** As its last answer says, or that there was none: what the operating system thinks of the network is not asked. */
  edge: z.object({ state: z.enum(EDGE_STATES), since: momentSchema }),
  /** How far this clock is ahead of the edge's, as last measured (ms). */
  clockOffsetMs: z.int(),
  /** Golden rows that have left the database for files, and files of which something cannot be read. */
  archive: z.object({ rows: z.int(), files: z.int(), bytes: z.int(), damagedFiles: z.int() }),
  /** Of the database, without its log. */
  storageBytes: z.int(),
  /** Customers whose profiles are here. */
  workingSet: z.int(),
  /** Rows that were set aside because they could not be used. */
  quarantined: z.int(),
  drawer: drawerStandingSchema,
});
export type Status = z.infer<typeof statusSchema>;

export async function readStatus(journal: JournalDeps, link: LinkState): Promise<Status> {
  const { storage, archive } = journal;
  const { open, closed } = await loadLadders(storage);
  const [counts] = await rowsOf(
    storage,
    `select (select count(*) from profile) as working_set,
       (select count(*) from (${ASIDE})) as quarantined,
       (select count(*) from reseal r cross join journal j
          on j.epoch = r.epoch and j.seq between r.first_seq and r.last_seq) as resealing,
       (select count(*) from writer where closed in ('restored', 'fenced', 'fork')) as forked,
       (select page_count * page_size from pragma_page_count, pragma_page_size) as bytes,
       (select count(*) from archive) as files,
       (select coalesce(sum(bytes), 0) from archive) as file_bytes,
       (select coalesce(sum(last_seq - first_seq + 1), 0) from archive) as archived,
       sum(seq) as captured, sum(accepted) as accepted, sum(merged) as merged,
       sum(golden) as golden
     from writer`,
  );
  const count = (name: string): number => (counts ? numberOf(counts, name) : 0);
  return {
    ...link,
    ...(await standingOf(journal, open)),
    closed: await Promise.all(
      closed.map(async (ladder) => ({
        ...(await standingOf(journal, ladder)),
        reason: CLOSED.find((reason) => reason === ladder.closed) ?? null,
      })),
    ),
    total: {
      // What is being numbered anew is in no epoch's count meanwhile, and was captured all the same.
      captured: count("captured") + count("resealing"),
      accepted: count("accepted"),
      merged: count("merged"),
      golden: count("golden"),
    },
    resealing: count("resealing"),
    forked: count("forked"),
    archive: {
      rows: count("archived"),
      files: count("files"),
      bytes: count("file_bytes"),
      damagedFiles: archive.damagedFiles(),
    },
    storageBytes: count("bytes"),
    workingSet: count("working_set"),
    quarantined: count("quarantined"),
    drawer: await readDrawerStanding(storage, open.store),
  };
}

async function standingOf(journal: JournalDeps, { epoch, store, seq, marks }: Ladder) {
  const firstAfter = async (mark: number): Promise<string | null> => {
    const row = mark < seq ? await readRow(journal, epoch, mark + 1) : null;
    return row && new Date(row.capturedMs).toISOString();
  };
  return {
    epoch,
    store,
    captured: seq,
    ...marks,
    oldest: {
      notAccepted: await firstAfter(marks.accepted),
      notMerged: await firstAfter(marks.merged),
      notGolden: await firstAfter(marks.golden),
    },
  };
}
