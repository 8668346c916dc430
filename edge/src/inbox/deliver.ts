/** Delivering: journal rows from the inbox to the centre, in order, until the centre says that it has them (SYN2). */
import { chainHash, chainStart } from "@regulars/shared/events/chain";
import { writerOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { EventsIntake, EventsIntakeAnswer } from "@regulars/shared/protocol/intake";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { numberOf, type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { isOfWriterSql, itemIdOf } from "./item-id.ts";
import { type Lane, type LaneRow, readLane } from "./lanes.ts";
import type { Marks } from "./marks.ts";
import { type Reached, setDelivered } from "./move-marks.ts";

/**
 * The centre is to be shown how far it has come, of all journals; kept until it was (heads.ts). Of rows of which it has not said
 * that they are golden it may have had the fragments, so these are merged again as well.
 */
export async function showHeads(storage: Storage, marks: Marks): Promise<void> {
  for (const mark of marks.all()) {
    const merged = Math.max(mark.letGo, mark.told);
    if (mark.merged > merged) marks.move(mark, { merged });
  }
  await marks.flush();
  await storage.write([
    { sql: "insert into setting (name, value) values ('show_heads', '1') on conflict do nothing" },
  ]);
}

export interface CentralPort {
  events(intake: EventsIntake): Promise<EventsIntakeAnswer>;
}

export interface DeliverResult {
  /** Whether the centre took anything: a fork or a gap stops a writer until somebody has looked. */
  readonly moved: boolean;
  readonly waiting: boolean;
  /** The centre has all that waited when the round began. */
  readonly all?: boolean;
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
  marks: Marks,
  central: CentralPort,
  lane: Lane,
  /** Runs a task while no push is being taken: what that one has read must not go meanwhile. */
  alone: (task: () => Promise<void>) => Promise<void> = (task) => task(),
): Promise<DeliverResult> {
  const read = await readLane(storage, marks, {
    mark: "delivered",
    columns: "i.prev, i.hash, i.body, i.accepted_ms, i.code, i.offset_ms",
    lane,
    itemsMax: LIMITS.deliverItems,
  });
  const waiting = withinBytes(read, ({ row }) => row);
  if (waiting.length === 0) return { moved: false, waiting: false };
  const damaged = waiting.filter(({ row }) => !isWhole(row));
  if (damaged.length > 0) {
    await alone(async () => {
      for (const each of damaged) await giveUpFrom(storage, marks, each);
    });
  }
  const whole = damaged.length > 0 ? waiting.filter(({ row }) => isWhole(row)) : waiting;
  const [first] = whole;
  if (!first) return { moved: false, waiting: true };
  const rows = whole.map(({ row }) => row);
  const answer = await central.events({
    ...THIS_VERSION,
    store: first.mark.store,
    events: rows.map((row) => eventOf(row)),
  });
  const reached = reachedOf(rows, answer);
  const firstSent = new Map(
    rows.toReversed().map((row) => [writerOfRow(row), numberOf(row, "seq")]),
  );
  const lacks = reached.some(
    ({ source, epoch, seq }) => seq < (firstSent.get(writerOf(source, epoch)) ?? 0) - 1,
  );
  for (const each of reached) await setDelivered(marks, each);
  if (lacks) await showHeads(storage, marks);
  const bySource = new Map(reached.map((each) => [writerOf(each.source, each.epoch), each.seq]));
  const isThere = (row: Row): boolean =>
    (bySource.get(writerOfRow(row)) ?? 0) >= numberOf(row, "seq");
  return {
    moved: rows.some((row) => isThere(row)),
    waiting: true,
    // Of fewer rows than this none of their writers has had all of its share.
    all:
      read.length < LIMITS.drainItemsPerWriter &&
      rows.length === read.length &&
      rows.every((row) => isThere(row)),
    golden: whole.some((each) => isTold(each)),
    lacks,
  };
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

const isTold = ({ mark, row }: LaneRow): boolean => mark.told >= numberOf(row, "seq");

const writerOfRow = (row: Row): string => writerOf(textOf(row, "source"), numberOf(row, "epoch"));

/** Rows are hashed once more before they leave: a disk forgets a bit now and then (SYN5). */
export const isWhole = (row: Row): boolean =>
  chainHash(textOf(row, "prev"), textOf(row, "body")) === textOf(row, "hash");

/** A row that is damaged here is still at its till, and all after it: it is asked for again, like one never accepted. */
async function giveUpFrom(storage: Storage, marks: Marks, lane: LaneRow): Promise<void> {
  const { row } = lane;
  const { n } = lane.mark;
  const writer = { source: textOf(row, "source"), epoch: numberOf(row, "epoch") };
  const seq = numberOf(row, "seq");
  const mark = marks.of(writer);
  const [before] = await rowsOf(storage, "select hash from item where id = ?", [
    itemIdOf(n, seq - 1),
  ]);
  const deletion = {
    sql: `delete from item where id >= ?2 and ${isOfWriterSql("?1")}`,
    args: [n, itemIdOf(n, seq)],
  };
  if (!mark || mark.accepted < seq) return storage.write([deletion]);
  const hash = before ? textOf(before, "hash") : chainStart(writer.source, writer.epoch);
  await marks.write(mark, { accepted: seq - 1, hash }, [deletion]);
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

export function withinBytes<Value>(
  values: readonly Value[],
  rowOf: (value: Value) => Row,
): Value[] {
  let bytes = 0;
  const end = values.findIndex((value) => {
    bytes += textOf(rowOf(value), "body").length;
    return bytes > LIMITS.deliverBytes;
  });
  return values.slice(0, end === -1 ? values.length : Math.max(1, end));
}
