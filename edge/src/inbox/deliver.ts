/** Delivering: journal rows from the inbox to the centre, in order, until the centre says that it has them (SYN2). */
import { chainHash, chainStart } from "@regulars/shared/events/chain";
import { writerOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { EventsIntake, EventsIntakeAnswer } from "@regulars/shared/protocol/intake";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { type Lane, readLane } from "./lanes.ts";
import { deliveredStatements, type Reached } from "./marks.ts";

/**
 * The centre is to be shown how far it has come, of all journals; kept until it was (heads.ts). Of rows of which it has not said
 * that they are golden it may have had the fragments, so these are merged again as well.
 */
export const SHOW_HEADS: readonly Statement[] = [
  { sql: "insert into setting (name, value) values ('show_heads', '1') on conflict do nothing" },
  { sql: "update mark set merged = max(let_go, told) where merged > max(let_go, told)" },
];

export interface CentralPort {
  events(intake: EventsIntake): Promise<EventsIntakeAnswer>;
}

export interface DeliverResult {
  /** Whether the centre took anything: a fork or a gap stops a writer until somebody has looked. */
  readonly moved: boolean;
  readonly waiting: boolean;
  /** What was delivered is golden already: the centre has said so before it answered. */
  readonly golden?: boolean;
  /** The centre lacks what it had: it has come back from a backup. */
  readonly lacks?: boolean;
}

/**
 * One batch. Throws when the centre cannot be reached or refuses; nothing has moved then.
 */
export async function deliverRound(
  storage: Storage,
  central: CentralPort,
  lane: Lane,
  nowMs: () => number,
  /** Runs a task while no push is being taken: what that one has read must not go meanwhile. */
  alone: (task: () => Promise<void>) => Promise<void> = (task) => task(),
): Promise<DeliverResult> {
  const waiting = withinBytes(
    await readLane(storage, {
      mark: "delivered",
      columns: `m.store, i.source, i.epoch, i.seq, i.prev, i.hash, i.body, i.accepted_ms, i.code,
         i.offset_ms, m.told`,
      lane,
      itemsMax: LIMITS.deliverItems,
    }),
  );
  if (waiting.length === 0) return { moved: false, waiting: false };
  const damaged = waiting.filter((row) => !isWhole(row));
  if (damaged.length > 0) {
    await alone(() => storage.write(damaged.flatMap((row) => giveUpFrom(row))));
  }
  const rows = damaged.length > 0 ? waiting.filter((row) => isWhole(row)) : waiting;
  const [first] = rows;
  if (!first) return { moved: false, waiting: true };
  const answer = await central.events({
    ...THIS_VERSION,
    store: textOf(first, "store"),
    events: rows.map((row) => eventOf(row)),
  });
  const reached = reachedOf(rows, answer);
  const firstSent = new Map(
    rows.toReversed().map((row) => [writerOfRow(row), numberOf(row, "seq")]),
  );
  const lacks = reached.some(
    ({ source, epoch, seq }) => seq < (firstSent.get(writerOf(source, epoch)) ?? 0) - 1,
  );
  await storage.write([
    ...reached.flatMap((each) => deliveredStatements(each, nowMs())),
    ...(lacks ? SHOW_HEADS : []),
  ]);
  const bySource = new Map(reached.map((each) => [writerOf(each.source, each.epoch), each.seq]));
  const moved = rows.some((row) => (bySource.get(writerOfRow(row)) ?? 0) >= numberOf(row, "seq"));
  return { moved, waiting: true, golden: rows.some((row) => isTold(row)), lacks };
}

/** What of the rows the centre has, by its answer. */
export function reachedOf(rows: readonly Row[], { journaled }: EventsIntakeAnswer): Reached[] {
  const lastSent = new Map(rows.map((row) => [writerOfRow(row), numberOf(row, "seq")]));
  return journaled.map(({ source, epoch, seq, fork = Infinity }) => {
    // Of more than was sent the centre has compared nothing; from a fork on, what it has is another machine's.
    const sent = lastSent.get(writerOf(source, epoch)) ?? 0;
    const has = Math.min(seq, fork - 1);
    return { source, epoch, seq: Math.min(has, sent), isLess: has < sent };
  });
}

const isTold = (row: Row): boolean => numberOf(row, "told") >= numberOf(row, "seq");

const writerOfRow = (row: Row): string => writerOf(textOf(row, "source"), numberOf(row, "epoch"));

/** Rows are hashed once more before they leave: a disk forgets a bit now and then (SYN5). */
export const isWhole = (row: Row): boolean =>
  chainHash(textOf(row, "prev"), textOf(row, "body")) === textOf(row, "hash");

/** A row that is damaged here is still at its till, and all after it: it is asked for again, like one never accepted. */
function giveUpFrom(row: Row): Statement[] {
  const writer = [textOf(row, "source"), numberOf(row, "epoch"), numberOf(row, "seq")];
  return [
    {
      sql: `update mark set accepted = ?3 - 1, hash = coalesce(
              (select hash from item where source = ?1 and epoch = ?2 and seq = ?3 - 1), ?4)
            where source = ?1 and epoch = ?2 and accepted >= ?3`,
      args: [...writer, chainStart(textOf(row, "source"), numberOf(row, "epoch"))],
    },
    { sql: "delete from item where source = ? and epoch = ? and seq >= ?", args: writer },
  ];
}

export function eventOf(row: Row): EventsIntake["events"][number] {
  const code = row["code"];
  return {
    source: textOf(row, "source"),
    epoch: numberOf(row, "epoch"),
    seq: numberOf(row, "seq"),
    prev: textOf(row, "prev"),
    hash: textOf(row, "hash"),
    body: textOf(row, "body"),
    acceptedAtMs: numberOf(row, "accepted_ms"),
    offsetMs: numberOf(row, "offset_ms"),
    ...(typeof code === "string" ? { quarantined: code } : {}),
  };
}

export function withinBytes(rows: readonly Row[]): Row[] {
  let bytes = 0;
  const end = rows.findIndex((row) => {
    bytes += textOf(row, "body").length;
    return bytes > LIMITS.deliverBytes;
  });
  return rows.slice(0, end === -1 ? rows.length : Math.max(1, end));
}
