/** Where a push becomes durable (`accepted`): reads what is there of the writer, decides, writes once. */
import { LIMITS } from "@regulars/shared/limits";
import type { Marks as PublicMarks } from "@regulars/shared/protocol/marks";
import type { Push, PushAnswer } from "@regulars/shared/protocol/push";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import {
  numberOf,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import type { DirectoryPort } from "../directory/port.ts";
import { type AcceptDecision, decideAccept, type Head, readItem, startHead } from "./accept.ts";
import type { Aside } from "./aside.ts";
import { itemIdOf } from "./item-id.ts";
import { decideLife } from "./life.ts";
import { type Mark, type Marks, type Move, NEW_MARK, publicMarksOf } from "./marks.ts";

export interface TakePushDeps {
  readonly storage: Storage;
  readonly marks: Marks;
  readonly aside: Aside;
  readonly directory: Pick<DirectoryPort, "claimEpoch">;
  readonly nowMs: () => number;
}

/** Not to be run twice at once: what is read decides what is written. `listens`: somebody pulls for this writer. */
export async function takePush(
  deps: TakePushDeps,
  push: Push,
  listens = true,
): Promise<PushAnswer> {
  const { storage, marks, directory } = deps;
  const serverTimeMs = deps.nowMs();
  const { source, epoch, store, life, head: headSeq = 0 } = push;
  const mark = marks.of(push);
  const head = mark ?? startHead(source, epoch);
  const wereAside = await deps.aside.of(mark);
  const answer = answerOf(publicMarksOf(mark), serverTimeMs);
  if (!mark) {
    const claim = await directory.claimEpoch({ source, epoch, store });
    if (!claim.granted) return { ...answer, outcome: "fenced", nextEpoch: claim.nextEpoch };
  }
  if (life && !push.closed) {
    const { accepted } = mark ?? NEW_MARK;
    if (decideLife({ life: mark?.life ?? null, accepted }, life, headSeq) === "fenced") {
      if (mark) await marks.write(mark, { fenced: mark.fenced + 1 });
      const { nextEpoch } = await directory.claimEpoch({ source, epoch, store });
      return { ...answer, outcome: "fenced", nextEpoch };
    }
  }
  const n = marks.nOf(push);
  const decision = decideAccept(head, push.items, await readHashes(storage, n, push.items, head));
  const taken = itemStatements(n, push, decision, serverTimeMs);
  if (taken.quarantined.length > 0) deps.aside.add();
  const fork = await forkStatement(storage, push, decision, serverTimeMs);
  const to = moveBy(push, decision.head, serverTimeMs);
  if (!mark) await marks.write(push, { ...to, listens }, taken.statements);
  else if (fork)
    await marks.write(mark, { ...to, forks: mark.forks + 1 }, [...taken.statements, fork]);
  else if (isWritten(mark, to)) await marks.write(mark, to, taken.statements);
  else {
    // Of what is accepted the items themselves say how far it goes.
    if (taken.statements.length > 0) await storage.write(taken.statements);
    marks.move(mark, to);
  }
  const isFork = decision.outcome === "fork";
  return {
    ...answer,
    outcome: decision.outcome,
    ...(decision.seq === undefined ? {} : { seq: decision.seq }),
    ...(isFork
      ? { nextEpoch: (await directory.claimEpoch({ source, epoch, store })).nextEpoch }
      : {}),
    marks: { ...answer.marks, accepted: decision.head.accepted },
    quarantined: [...wereAside, ...taken.quarantined].slice(0, LIMITS.asideRows),
  };
}

const answerOf = (marks: PublicMarks, serverTimeMs: number) => ({
  ...THIS_VERSION,
  outcome: "accepted" as PushAnswer["outcome"],
  marks,
  quarantined: [] as PushAnswer["quarantined"],
  serverTimeMs,
  pace: { maxBatchBytes: LIMITS.pushBytes, retryAfterMs: 0 },
});

/** Of rows that may be there already; mostly a push brings none. */
async function readHashes(
  storage: Storage,
  n: number,
  items: Push["items"],
  { accepted }: Head,
): Promise<Map<number, string>> {
  const before = items.map(({ seq }) => seq).filter((seq) => seq <= accepted);
  if (before.length === 0) return new Map();
  const rows = await rowsOf(
    storage,
    "select seq, hash from item where id in (select value from json_each(?))",
    [JSON.stringify(before.map((seq) => itemIdOf(n, seq)))],
  );
  return new Map(rows.map((row) => [numberOf(row, "seq"), textOf(row, "hash")]));
}

function itemStatements(n: number, push: Push, { fresh }: AcceptDecision, serverTimeMs: number) {
  const quarantined: PushAnswer["quarantined"] = [];
  const statements = fresh.map((item): Statement => {
    const { subject, code } = readItem(push, item);
    if (code !== null) quarantined.push({ seq: item.seq, code });
    return {
      sql: `insert into item (id, source, epoch, seq, prev, hash, accepted_ms, subject, code,
              offset_ms, body, updates)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      args: [
        itemIdOf(n, item.seq),
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

const moveBy = (push: Push, { accepted, hash }: Head, serverTimeMs: number): Move => ({
  accepted,
  hash,
  seenMs: serverTimeMs,
  offsetMs: offsetOf(push, serverTimeMs),
  closed: push.closed ?? false,
  ...(push.life ? { life: push.life } : {}),
});

const isWritten = (mark: Mark, { closed, life = mark.life }: Move): boolean =>
  mark.closed !== closed || mark.life?.start !== life?.start || mark.life?.nonce !== life?.nonce;

/** Of a row that is refused for the first time: it is counted once, however often it comes (SYN2). */
async function forkStatement(
  storage: Storage,
  push: Push,
  decision: AcceptDecision,
  serverTimeMs: number,
): Promise<Statement | null> {
  const { source, epoch, items } = push;
  const forked = items.find(({ seq }) => decision.outcome === "fork" && seq === decision.seq);
  if (!forked) return null;
  const args = [source, epoch, forked.seq, forked.hash];
  const known = await rowsOf(
    storage,
    "select 1 from fork where source = ? and epoch = ? and seq = ? and hash = ?",
    args,
  );
  if (known.length > 0) return null;
  const sql = "insert into fork (source, epoch, seq, hash, at_ms) values (?, ?, ?, ?, ?)";
  return { sql, args: [...args, serverTimeMs] };
}
