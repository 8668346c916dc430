/** How the till stands with the edge. */
import { numberOf, rowsOf, type Storage } from "@regulars/shared/storage/port";
import { z } from "zod";
import { ASIDE } from "../journal/quarantine.ts";
import { CLOSED } from "../journal/roll.ts";
import { type Ladder, loadLadders } from "./marks.ts";

export const EDGE_STATES = [
  "none",
  "unknown",
  "reachable",
  "unreachable",
  "refused",
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
  /** Of the database, without its log. */
  storageBytes: z.int(),
  /** Customers whose profiles are here. */
  workingSet: z.int(),
  /** Rows that were set aside because they could not be used. */
  quarantined: z.int(),
});
export type Status = z.infer<typeof statusSchema>;

export async function readStatus(storage: Storage, link: LinkState): Promise<Status> {
  const { open, closed } = await loadLadders(storage);
  const [counts] = await rowsOf(
    storage,
    `select (select count(*) from profile) as working_set,
       (select count(*) from (${ASIDE})) as quarantined,
       (select coalesce(sum(last_seq - first_seq + 1), 0) from reseal) as resealing,
       (select count(*) from writer where closed in ('restored', 'fenced', 'fork')) as forked,
       (select page_count * page_size from pragma_page_count, pragma_page_size) as bytes,
       sum(seq) as captured, sum(accepted) as accepted, sum(merged) as merged,
       sum(golden) as golden
     from writer`,
  );
  const count = (name: string): number => (counts ? numberOf(counts, name) : 0);
  return {
    ...link,
    ...(await standingOf(storage, open)),
    closed: await Promise.all(
      closed.map(async (ladder) => ({
        ...(await standingOf(storage, ladder)),
        reason: CLOSED.find((reason) => reason === ladder.closed) ?? null,
      })),
    ),
    total: {
      captured: count("captured"),
      accepted: count("accepted"),
      merged: count("merged"),
      golden: count("golden"),
    },
    resealing: count("resealing"),
    forked: count("forked"),
    storageBytes: count("bytes"),
    workingSet: count("working_set"),
    quarantined: count("quarantined"),
  };
}

async function standingOf(storage: Storage, { epoch, store, seq, marks }: Ladder) {
  const next = await rowsOf(
    storage,
    "select seq, captured_ms from journal where epoch = ? and seq in (?, ?, ?) and seq <= ?",
    [epoch, marks.accepted + 1, marks.merged + 1, marks.golden + 1, seq],
  );
  const capturedAt = new Map(
    next.map((row) => [numberOf(row, "seq"), numberOf(row, "captured_ms")]),
  );
  const firstAfter = (mark: number): string | null => {
    const ms = capturedAt.get(mark + 1);
    return ms === undefined ? null : new Date(ms).toISOString();
  };
  return {
    epoch,
    store,
    captured: seq,
    ...marks,
    oldest: {
      notAccepted: firstAfter(marks.accepted),
      notMerged: firstAfter(marks.merged),
      notGolden: firstAfter(marks.golden),
    },
  };
}
