/** `POST /v1/intake/events`: journals what continues each writer's chain, in one write with the watermark. */
import { eventKeyOf, writerOf } from "@regulars/shared/ids";
import type { EventsIntake, EventsIntakeAnswer } from "@regulars/shared/protocol/intake";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { packBody } from "../db/event-body.ts";
import { digestBytes, hexOf } from "../db/packed.ts";
import { markStatements, remindStatement } from "../golden/mark.ts";
import { readAnew } from "../quarantine/read-anew.ts";
import { type ArrivedEvent, type EventRow, eventRowOf } from "./event-row.ts";
import { decideJournal, emptyJournal, type JournalDecision, type JournalHead } from "./journal.ts";
import { dayMarks } from "./day-marks.ts";
import { problemStatement } from "./problems.ts";

/** Not to be run twice at once: what is read decides what is written. */
export async function takeEvents(
  storage: Storage,
  intake: EventsIntake,
  nowMs: number,
): Promise<EventsIntakeAnswer> {
  const { decisions, statements } = await planEvents(storage, intake, nowMs);
  await storage.write(statements);
  return {
    ...THIS_VERSION,
    journaled: decisions.map(({ head: { source, epoch, journaled }, refused }) => ({
      source,
      epoch,
      seq: journaled,
      ...(refused?.code === "fork" ? { fork: refused.item.seq } : {}),
    })),
  };
}

export interface EventsPlan {
  readonly decisions: readonly JournalDecision[];
  readonly statements: readonly Statement[];
}

export async function planEvents(
  storage: Storage,
  intake: EventsIntake,
  nowMs: number,
): Promise<EventsPlan> {
  const byWriter = Map.groupBy(intake.events, (item) => writerOf(item.source, item.epoch));
  const stored = await readStored(storage, intake.events);
  const decisions: JournalDecision[] = [];
  const statements: Statement[] = [];
  for (const [writer, items] of byWriter) {
    const [first] = items;
    if (!first) continue;
    const head = stored.heads.get(writer) ?? emptyJournal(first.source, first.epoch);
    const decision = decideJournal(head, items, stored.hashes.get(writer) ?? new Map());
    decisions.push(decision);
    statements.push(...journalStatements(decision, intake.store, nowMs));
  }
  // The edge has replayed them: delivered once more, without the word that they were set aside.
  const replayed = intake.events.filter(
    ({ source, epoch, seq, hash, quarantined }) =>
      quarantined === undefined && stored.quarantined.get(eventKeyOf(source, epoch, seq)) === hash,
  );
  if (replayed.length > 0)
    statements.push(...(await readAnew(storage, replayed, nowMs)).statements);
  const moved = decisions.filter(({ accepted }) => accepted.length > 0).map(({ head }) => head);
  if (moved.length > 0) statements.push(...markStatements(moved, nowMs));
  const repeated = decisions
    .filter((each) => each.repeated && !each.refused)
    .map(({ head }) => head);
  if (repeated.length > 0) statements.push(remindStatement(repeated));
  return { decisions, statements };
}

interface Stored {
  readonly heads: ReadonlyMap<string, JournalHead>;
  readonly hashes: ReadonlyMap<string, ReadonlyMap<number, string>>;
  /** Hashes of those that are in quarantine, by event. */
  readonly quarantined: ReadonlyMap<string, string>;
}

async function readStored(storage: Storage, items: readonly ArrivedEvent[]): Promise<Stored> {
  const keys = JSON.stringify(items.map(({ source, epoch, seq }) => [source, epoch, seq]));
  const [writers = [], events = []] = await storage.read([
    {
      sql: `select w.source, w.epoch, w.journaled, w.head_hash from
              (select distinct value ->> 0 as source, value ->> 1 as epoch from json_each(?)) k
            cross join writer w on w.source = k.source and w.epoch = k.epoch`,
      args: [keys],
    },
    {
      sql: `select e.source, e.epoch, e.seq, e.hash, e.quarantined from json_each(?) k
            cross join event e on e.source = k.value ->> 0 and e.epoch = k.value ->> 1
              and e.seq = k.value ->> 2`,
      args: [keys],
    },
  ]);
  const hashes = new Map<string, Map<number, string>>();
  const quarantined = new Map<string, string>();
  for (const row of events) {
    const writer = writerOfRow(row);
    const bySeq = hashes.get(writer) ?? new Map<number, string>();
    const [seq, hash] = [numberOf(row, "seq"), hexOf(row, "hash")];
    hashes.set(writer, bySeq.set(seq, hash));
    if (row["quarantined"] !== null) quarantined.set(`${writer}/${seq}`, hash);
  }
  const heads = new Map(writers.map((row) => [writerOfRow(row), headOf(row)]));
  return { heads, hashes, quarantined };
}

const writerOfRow = (row: Row): string => writerOf(textOf(row, "source"), numberOf(row, "epoch"));

const headOf = (row: Row): JournalHead => ({
  source: textOf(row, "source"),
  epoch: numberOf(row, "epoch"),
  journaled: numberOf(row, "journaled"),
  headHash: textOf(row, "head_hash"),
});

function journalStatements(decision: JournalDecision, store: string, nowMs: number): Statement[] {
  const { head, accepted, refused } = decision;
  const rows = accepted.map((item) => ({ item, row: eventRowOf(item) }));
  const statements = rows.map(({ item, row }) => eventStatement(item, row, store, nowMs));
  if (rows.length > 0) {
    const zone = rows.findLast(({ row }) => row.zone !== null)?.row.zone ?? null;
    const lastSeenMs = Math.max(...accepted.map((item) => item.acceptedAtMs));
    statements.push(writerStatement(head, { store, zone, lastSeenMs }));
  }
  if (refused) {
    const { item, code } = refused;
    const { source, epoch, seq, hash } = item;
    const problem = { source, epoch, code, item: String(seq), hash, payload: { store, ...item } };
    statements.push(problemStatement(problem, nowMs));
  }
  statements.push(...dayMarks({ store, rows, refused: refused?.item ?? null }, nowMs));
  return statements;
}

export function eventStatement(
  item: ArrivedEvent,
  row: EventRow,
  store: string,
  nowMs: number,
): Statement {
  const { source, epoch, seq } = item;
  const { kind, key, businessDay, atMs, currency, totalMinor, receipt, quarantined } = row;
  const body = packBody(item.body, {
    source, epoch, seq, store, kind, key, business_day: businessDay, at_ms: atMs, receipt, currency,
    total_minor: totalMinor, quarantined,
  }); // prettier-ignore
  return {
    sql: `insert into event (source, epoch, seq, store, kind, key, business_day, at_ms, accepted_ms,
            received_ms, offset_ms, currency, total_minor, receipt, external_id, flags, quarantined, tenders,
            stamp_ahead_ms, stamp_counter, prev, hash, body)
          values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    args: [
      source, epoch, seq, store, kind, key, businessDay, atMs, item.acceptedAtMs, nowMs,
      item.offsetMs ?? 0, currency, totalMinor, receipt, row.externalId, JSON.stringify(row.flags), quarantined,
      row.tenders, row.stampAheadMs, row.stampCounter, digestBytes(item.prev), digestBytes(item.hash), body,
    ], // prettier-ignore
  };
}

function writerStatement(
  head: JournalHead,
  seen: { store: string; zone: string | null; lastSeenMs: number },
): Statement {
  return {
    sql: `insert into writer
            (source, epoch, store, zone, journaled, head_hash, golden, published, last_seen_ms)
          values (?, ?, ?, ?, ?, ?, 0, 0, ?)
          on conflict (source, epoch) do update set store = excluded.store,
            zone = coalesce(excluded.zone, zone), journaled = excluded.journaled,
            head_hash = excluded.head_hash, last_seen_ms = max(last_seen_ms, excluded.last_seen_ms)`,
    args: [
      head.source,
      head.epoch,
      seen.store,
      seen.zone,
      head.journaled,
      head.headHash,
      seen.lastSeenMs,
    ],
  };
}
