/** Where a push becomes durable (`accepted`): reads what is there of the writer, decides, writes once. */
import { LIMITS } from "@regulars/shared/limits";
import type { Life } from "@regulars/shared/protocol/life";
import { type Marks, NO_MARKS } from "@regulars/shared/protocol/marks";
import { type Push, type PushAnswer, quarantineCodeSchema } from "@regulars/shared/protocol/push";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import type { DirectoryPort } from "../directory/port.ts";
import { type AcceptDecision, decideAccept, type Head, readItem, startHead } from "./accept.ts";
import { decideLife } from "./life.ts";
import { fencedStatement, lifeOfRow, marksOfRow } from "./marks.ts";

export interface TakePushDeps {
  readonly storage: Storage;
  readonly directory: Pick<DirectoryPort, "claimEpoch">;
  readonly nowMs: () => number;
}

/** Not to be run twice at once: what is read decides what is written. `listens`: somebody pulls for this writer. */
export async function takePush(
  deps: TakePushDeps,
  push: Push,
  listens = true,
): Promise<PushAnswer> {
  const { storage, directory } = deps;
  const serverTimeMs = deps.nowMs();
  const { source, epoch, store, life, head: headSeq = 0 } = push;
  const known = await readWriter(storage, push);
  const answer = answerOf(known.marks ?? NO_MARKS, serverTimeMs);
  if (!known.marks) {
    const claim = await directory.claimEpoch({ source, epoch, store });
    if (!claim.granted) return { ...answer, outcome: "fenced", nextEpoch: claim.nextEpoch };
  }
  if (life && !push.closed) {
    const { accepted } = known.head;
    if (decideLife({ life: known.life, accepted }, life, headSeq) === "fenced") {
      await storage.write([fencedStatement(push)]);
      const { nextEpoch } = await directory.claimEpoch({ source, epoch, store });
      return { ...answer, outcome: "fenced", nextEpoch };
    }
  }
  const decision = decideAccept(known.head, push.items, known.hashes);
  const taken = itemStatements(push, decision, serverTimeMs);
  await storage.write([
    ...taken.statements,
    markStatement(push, decision.head, serverTimeMs, listens),
    ...forkStatements(push, decision, serverTimeMs),
  ]);
  const isFork = decision.outcome === "fork";
  return {
    ...answer,
    outcome: decision.outcome,
    ...(decision.seq === undefined ? {} : { seq: decision.seq }),
    ...(isFork
      ? { nextEpoch: (await directory.claimEpoch({ source, epoch, store })).nextEpoch }
      : {}),
    marks: { ...answer.marks, accepted: decision.head.accepted },
    quarantined: [...known.aside, ...taken.quarantined].slice(0, LIMITS.asideRows),
  };
}

const answerOf = (marks: Marks, serverTimeMs: number) => ({
  ...THIS_VERSION,
  outcome: "accepted" as PushAnswer["outcome"],
  marks,
  quarantined: [] as PushAnswer["quarantined"],
  serverTimeMs,
  pace: { maxBatchBytes: LIMITS.pushBytes, retryAfterMs: 0 },
});

interface KnownWriter {
  readonly head: Head;
  /** Null before the first message of the writer. */
  readonly marks: Marks | null;
  readonly life: Life | null;
  readonly hashes: ReadonlyMap<number, string>;
  /** Rows of the writer that are still set aside: a till drops from its list what is missing from this one (SYN6). */
  readonly aside: PushAnswer["quarantined"];
}

async function readWriter(storage: Storage, push: Push): Promise<KnownWriter> {
  const writer = [push.source, push.epoch];
  const [markRows = [], asideRows = []] = await storage.read([
    {
      sql: `select accepted, hash, merged, golden, life_start, life_nonce
            from mark where source = ? and epoch = ?`,
      args: writer,
    },
    {
      sql: `select seq, code from item indexed by item_aside
            where source = ? and epoch = ? and code is not null
            order by seq limit ?`,
      args: [...writer, LIMITS.asideRows],
    },
  ]);
  const [mark] = markRows;
  const head = mark ? headOfRow(mark) : startHead(push.source, push.epoch);
  return {
    head,
    marks: mark ? marksOfRow(mark) : null,
    life: mark ? lifeOfRow(mark) : null,
    hashes: await readHashes(storage, push, head),
    aside: asideRows.flatMap((row) => {
      // A code of another build is for whoever lists it here; a till would not understand the answer.
      const code = quarantineCodeSchema.safeParse(row["code"]);
      return code.success ? [{ seq: numberOf(row, "seq"), code: code.data }] : [];
    }),
  };
}

/** Of rows that may be there already; mostly a push brings none. */
async function readHashes(
  storage: Storage,
  { source, epoch, items }: Push,
  { accepted }: Head,
): Promise<Map<number, string>> {
  const before = items.map(({ seq }) => seq).filter((seq) => seq <= accepted);
  if (before.length === 0) return new Map();
  const rows = await rowsOf(
    storage,
    `select seq, hash from item where source = ? and epoch = ?
     and seq in (select value from json_each(?))`,
    [source, epoch, JSON.stringify(before)],
  );
  return new Map(rows.map((row) => [numberOf(row, "seq"), textOf(row, "hash")]));
}

function itemStatements(push: Push, { fresh }: AcceptDecision, serverTimeMs: number) {
  const quarantined: PushAnswer["quarantined"] = [];
  const statements = fresh.map((item): Statement => {
    const { subject, code } = readItem(push, item);
    if (code !== null) quarantined.push({ seq: item.seq, code });
    return {
      sql: `insert into item (source, epoch, seq, prev, hash, accepted_ms, subject, code,
              offset_ms, body, updates)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      args: [
        push.source,
        push.epoch,
        item.seq,
        item.prev,
        item.hash,
        serverTimeMs,
        JSON.stringify(subject),
        code,
        offsetOf(push, serverTimeMs),
        item.body,
        JSON.stringify(item.updates),
      ],
    };
  });
  return { statements, quarantined };
}

/** Within what every reader of it takes for a number. */
function offsetOf({ sentAtMs }: Push, serverTimeMs: number): number {
  const most = LIMITS.clockOffsetMaxMs;
  return Math.max(-most, Math.min(most, sentAtMs - serverTimeMs));
}

function markStatement(push: Push, head: Head, serverTimeMs: number, listens: boolean): Statement {
  const { source, epoch, store, life, closed = false } = push;
  return {
    sql: `insert into mark (source, epoch, store, accepted, hash, seen_ms, offset_ms, closed,
            life_start, life_nonce, listens)
          values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          on conflict (source, epoch) do update set accepted = excluded.accepted,
            hash = excluded.hash, seen_ms = excluded.seen_ms, offset_ms = excluded.offset_ms,
            closed = excluded.closed,
            life_start = coalesce(excluded.life_start, life_start),
            life_nonce = coalesce(excluded.life_nonce, life_nonce)`,
    args: [
      source,
      epoch,
      store,
      head.accepted,
      head.hash,
      serverTimeMs,
      offsetOf(push, serverTimeMs),
      closed ? 1 : 0,
      life?.start ?? null,
      life?.nonce ?? null,
      listens ? 1 : 0,
    ],
  };
}

/** Counted once for each row that was refused, however often it comes (SYN2). */
function forkStatements(push: Push, decision: AcceptDecision, serverTimeMs: number): Statement[] {
  const { source, epoch, items } = push;
  const forked = items.find(({ seq }) => decision.outcome === "fork" && seq === decision.seq);
  if (!forked) return [];
  const { seq, hash } = forked;
  return [
    {
      sql: `insert into fork (source, epoch, seq, hash, at_ms) values (?, ?, ?, ?, ?)
            on conflict do nothing`,
      args: [source, epoch, seq, hash, serverTimeMs],
    },
    {
      sql: `update mark set forks = (select count(*) from fork where source = ?1 and epoch = ?2)
            where source = ?1 and epoch = ?2`,
      args: [source, epoch],
    },
  ];
}

const headOfRow = (row: Row): Head => ({
  accepted: numberOf(row, "accepted"),
  hash: textOf(row, "hash"),
});
