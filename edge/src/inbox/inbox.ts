/**
 * The inbox of one store: where a push becomes durable (`accepted`), and from where its items go on to profiles and
 * centre. A state machine over the storage port; the object beside it adds HTTP, sockets and alarms.
 */
import { createSerial } from "@regulars/shared/serial";
import { LIMITS } from "@regulars/shared/limits";
import { type Marks, NO_MARKS } from "@regulars/shared/protocol/marks";
import type { Push, PushAnswer } from "@regulars/shared/protocol/push";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import {
  numberOf,
  rowsOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { decideAccept, type Head, readItem, startHead } from "./accept.ts";

export interface InboxDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
}

export function createInbox(deps: InboxDeps) {
  const { storage, nowMs } = deps;
  const serial = createSerial();

  async function accept(push: Push): Promise<PushAnswer> {
    const serverTimeMs = nowMs();
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
      quarantined: read.flatMap(({ item, code }) =>
        code === null ? [] : [{ seq: item.seq, code }],
      ),
      serverTimeMs,
      pace: { maxBatchBytes: LIMITS.pushBytes, retryAfterMs: 0 },
    };
  }

  return {
    accept: (push: Push): Promise<PushAnswer> => serial(() => accept(push)),

    marksOf: async (source: string, epoch: number): Promise<Marks> => {
      const [row] = await rowsOf(
        storage,
        "select accepted, merged, golden from mark where source = ? and epoch = ?",
        [source, epoch],
      );
      return row ? marksOfRow(row) : NO_MARKS;
    },

    /**
     * The centre has the writer's events up to `golden`: their bodies are no longer needed here. Golden implies merged
     * and delivered; the centre may say so before the answers to merge and delivery have been written down here.
     */
    markGolden: (source: string, epoch: number, golden: number): Promise<void> =>
      serial(() =>
        storage.write([
          {
            sql: `update item set body = null, updates = null
                  where source = ? and epoch = ? and seq <= ? and seq > (
                    select golden from mark where source = ?1 and epoch = ?2)`,
            args: [source, epoch, golden],
          },
          {
            sql: `update mark set golden = max(golden, ?1), merged = max(merged, ?1),
                    delivered = max(delivered, ?1)
                  where source = ?2 and epoch = ?3`,
            args: [golden, source, epoch],
          },
        ]),
      ),
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

const marksOfRow = (row: Row): Marks => ({
  accepted: numberOf(row, "accepted"),
  merged: numberOf(row, "merged"),
  golden: numberOf(row, "golden"),
});
