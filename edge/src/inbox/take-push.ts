/** Where a push becomes durable (`accepted`): reads what is there of the writer, decides, writes once. */
import { LIMITS } from "@regulars/shared/limits";
import { NO_MARKS } from "@regulars/shared/protocol/marks";
import type { Push, PushAnswer } from "@regulars/shared/protocol/push";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { decideAccept, type Head, readItem, startHead } from "./accept.ts";
import { marksOfRow } from "./marks.ts";

/** Not to be run twice at once: what is read decides what is written. */
export async function takePush(
  storage: Storage,
  push: Push,
  serverTimeMs: number,
): Promise<PushAnswer> {
  const { head, marks, knownHashes } = await readWriter(storage, push);
  const decision = decideAccept(head, push.items, knownHashes);
  const read = decision.fresh.map((item) => ({ item, ...readItem(push, item) }));
  const statements: Statement[] = read.map(({ item, subject, code }) => ({
    sql: `insert into item (source, epoch, seq, prev, hash, accepted_ms, subject, code, body, updates)
          values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    args: [
      push.source,
      push.epoch,
      item.seq,
      item.prev,
      item.hash,
      serverTimeMs,
      JSON.stringify(subject),
      code,
      item.body,
      JSON.stringify(code === null ? item.updates : []),
    ],
  }));
  if (statements.length > 0 || marks === NO_MARKS) {
    statements.push(markStatement(push, decision.head, serverTimeMs));
  }
  await storage.write(statements);
  return {
    ...THIS_VERSION,
    outcome: decision.outcome,
    ...(decision.seq === undefined ? {} : { seq: decision.seq }),
    marks: { ...marks, accepted: decision.head.accepted },
    quarantined: read.flatMap(({ item, code }) => (code === null ? [] : [{ seq: item.seq, code }])),
    serverTimeMs,
    pace: { maxBatchBytes: LIMITS.pushBytes, retryAfterMs: 0 },
  };
}

async function readWriter(storage: Storage, push: Push) {
  const writer = [push.source, push.epoch];
  const [markRows = [], hashRows = []] = await storage.read([
    {
      sql: "select accepted, hash, merged, golden from mark where source = ? and epoch = ?",
      args: writer,
    },
    {
      sql: `select seq, hash from item where source = ? and epoch = ?
            and seq in (select value from json_each(?))`,
      args: [...writer, JSON.stringify(push.items.map((item) => item.seq))],
    },
  ]);
  const [mark] = markRows;
  return {
    head: mark ? headOfRow(mark) : startHead(push.source, push.epoch),
    marks: mark ? marksOfRow(mark) : NO_MARKS,
    knownHashes: new Map(hashRows.map((row) => [numberOf(row, "seq"), textOf(row, "hash")])),
  };
}

function markStatement(push: Push, head: Head, serverTimeMs: number): Statement {
  return {
    sql: `insert into mark (source, epoch, store, accepted, hash, seen_ms, offset_ms)
          values (?, ?, ?, ?, ?, ?, ?)
          on conflict (source, epoch) do update set accepted = excluded.accepted,
            hash = excluded.hash, seen_ms = excluded.seen_ms, offset_ms = excluded.offset_ms`,
    args: [
      push.source,
      push.epoch,
      push.store,
      head.accepted,
      head.hash,
      serverTimeMs,
      push.sentAtMs - serverTimeMs,
    ],
  };
}

const headOfRow = (row: Row): Head => ({
  accepted: numberOf(row, "accepted"),
  hash: textOf(row, "hash"),
});
