/**
 * Pushing: journal rows to the inbox of the shop, as a till does, kept here until they are golden (SYN2). So an inbox that has
 * lost a row, or its disk, is filled again from here.
 */
import { writerOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { FragmentUpdate, Item } from "@regulars/shared/protocol/item";
import type { Push, PushAnswer } from "@regulars/shared/protocol/push";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import type { RoundResult } from "../background.ts";
import { parseOwn } from "../own-json.ts";
import { wholeFragments } from "./fragments.ts";

export interface InboxPort {
  /** Null when too much is waiting there. */
  push(push: Push): Promise<PushAnswer | null>;
  /** Fragments that are asked for whole. */
  needsOf(source: string): Promise<readonly { readonly epoch: number; readonly key: string }[]>;
}

export interface PushDeps {
  readonly storage: Storage;
  readonly shop: string;
  readonly nowMs: () => number;
  readonly inbox: InboxPort;
  readonly onError: (what: string, error: unknown) => void;
}

interface Head {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  readonly accepted: number;
  readonly golden: number;
  readonly isClosed: boolean;
}

/** How far the inbox has each journal, as it last said: written down now and then only, for it knows what it has. */
type Reached = Map<string, number>;

export interface PushRound {
  /** One push of each journal that has something to send; of those that have not, now and then, how far they have come. */
  readonly run: () => Promise<RoundResult>;
  /** The next one asks how far they have come, however short a while ago it was asked. */
  readonly ask: () => void;
}

export function createPushRound(deps: PushDeps): PushRound {
  let askedMs = -Infinity;
  const reached: Reached = new Map();
  async function run(): Promise<RoundResult> {
    const heads = (await readHeads(deps.storage)).map((head) => ({
      ...head,
      accepted: reached.get(writerOf(head.source, head.epoch)) ?? head.accepted,
    }));
    const sending = heads.filter(({ accepted, seq }) => accepted < seq);
    const asking = heads.filter(({ accepted, golden, seq }) => accepted === seq && golden < seq);
    const isTimeToAsk = deps.nowMs() - askedMs >= LIMITS.intakeMarksMs;
    if (isTimeToAsk) askedMs = deps.nowMs();
    let refused = 0;
    for (const head of [...sending, ...(isTimeToAsk ? asking : [])]) {
      if (!(await pushOne(deps, head, reached))) refused += 1;
    }
    if (isTimeToAsk) for (const head of heads) await mend(deps, head);
    if (refused > 0) return "later";
    if (sending.length > 0) return "again";
    return asking.length > 0 ? { atMs: askedMs + LIMITS.intakeMarksMs } : "idle";
  }
  return {
    run,
    ask() {
      askedMs = -Infinity;
    },
  };
}

async function readHeads(storage: Storage): Promise<Head[]> {
  const rows = await rowsOf(
    storage,
    `select source, epoch, seq, accepted, golden,
       epoch < (select max(epoch) from writer o where o.source = w.source) as closed
     from writer w where stopped is null order by source, epoch`,
  );
  return rows.map((row) => ({
    source: textOf(row, "source"),
    epoch: numberOf(row, "epoch"),
    seq: numberOf(row, "seq"),
    accepted: numberOf(row, "accepted"),
    golden: numberOf(row, "golden"),
    isClosed: numberOf(row, "closed") === 1,
  }));
}

/** False when the inbox has too much waiting. */
async function pushOne(deps: PushDeps, head: Head, reached: Reached): Promise<boolean> {
  const items = await readItems(deps.storage, head);
  const answer = await deps.inbox.push(pushOf(deps, head, { items }));
  if (!answer) return false;
  // What is golden is not here any more: an inbox that asks for it cannot be filled from here.
  const isLost = answer.outcome === "gap" && answer.marks.accepted < head.golden;
  const isGood = !isLost && (answer.outcome === "accepted" || answer.outcome === "gap");
  if (isGood) reached.set(writerOf(head.source, head.epoch), answer.marks.accepted);
  // A commit for each push would cost as much as the push: sent again after a restart, rows are known there.
  const isWorthIt = !isGood || answer.marks.golden > head.golden || items.length === 0;
  if (isWorthIt) await deps.storage.write(answerStatements(head, answer, isGood));
  if (!isGood) {
    // A journal of the edge itself that the edge contradicts: somebody has to look before anything of it is sent again.
    deps.onError(
      "intake push",
      new Error(`the journal of an account is stopped: ${answer.outcome}`),
    );
  }
  return true;
}

const pushOf = (
  { shop, nowMs }: PushDeps,
  { source, epoch, isClosed }: Head,
  more: Pick<Push, "items" | "fragments">,
): Push => ({
  ...THIS_VERSION,
  store: shop,
  source,
  epoch,
  sentAtMs: nowMs(),
  ...(isClosed ? { closed: true } : {}),
  ...more,
});

async function readItems(storage: Storage, head: Head): Promise<Item[]> {
  const max = head.isClosed ? LIMITS.backlogBytes : LIMITS.pushBytes;
  const rows = await rowsOf(
    storage,
    `select seq, prev, hash, body, updates from (
       select *, sum(length(body) + length(updates)) over (order by seq) as bytes from (
         select * from journal where source = ? and epoch = ? and seq > ? order by seq limit ?))
     where bytes <= ? or seq = ?`,
    [head.source, head.epoch, head.accepted, LIMITS.pushItems, max, head.accepted + 1],
  );
  return rows.map((row: Row) => ({
    seq: numberOf(row, "seq"),
    prev: textOf(row, "prev"),
    hash: textOf(row, "hash"),
    body: textOf(row, "body"),
    updates: parseOwn<FragmentUpdate[]>(textOf(row, "updates")),
  }));
}

/** The mark may go back: what the inbox has given up is sent again, for nothing that is not golden has left. */
function answerStatements(
  { source, epoch }: Head,
  { outcome, marks }: PushAnswer,
  isGood: boolean,
): Statement[] {
  const of = [source, epoch];
  if (!isGood) {
    const sql = "update writer set stopped = ? where source = ? and epoch = ?";
    return [{ sql, args: [outcome, ...of] }];
  }
  return [
    {
      sql: `update writer set golden = max(golden, min(?3, seq)),
              accepted = max(golden, min(?4, seq)) where source = ?1 and epoch = ?2`,
      args: [...of, marks.golden, marks.accepted],
    },
    {
      sql: "delete from journal where source = ? and epoch = ? and seq <= ?",
      args: [...of, marks.golden],
    },
  ];
}

/** Whole fragments, where the edge cannot go on with what it has (SYN4). */
async function mend(deps: PushDeps, head: Head): Promise<void> {
  const needed = await deps.inbox.needsOf(head.source);
  const keys = needed.filter(({ epoch }) => epoch === head.epoch).map(({ key }) => key);
  if (keys.length === 0) return;
  const fragments = await wholeFragments(deps.storage, head, keys);
  if (fragments.length > 0) await deps.inbox.push(pushOf(deps, head, { items: [], fragments }));
}
