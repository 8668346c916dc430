/** What the edge's answer to a push does: marks rise, or the epoch is not to go on as it is. */
import { chainHash } from "@regulars/shared/events/chain";
import type { PushAnswer } from "@regulars/shared/protocol/push";
import type { Statement } from "@regulars/shared/storage/port";
import type { JournalDeps } from "../journal/find.ts";
import { readRow } from "../journal/read-row.ts";
import { type Ladder, loadLadder, markStatements, raise } from "./marks.ts";
import type { SyncDeps } from "./step.ts";

/** `stuck`: nothing moved, and asking again at once would move nothing either. */
export type Taken = "more" | "done" | "stuck";

export interface Sent {
  readonly epoch: number;
  readonly closed: boolean;
  /** Its last row; undefined when it had none. */
  readonly lastSeq: number | undefined;
  /** The epoch's last row when it was put together: what was captured since comes with the next one, after the gap. */
  readonly head: number;
}

export async function takePushAnswer(
  deps: Pick<SyncDeps, "storage" | "archive" | "epochs" | "nowMs" | "onGolden">,
  sent: Sent,
  answer: PushAnswer,
): Promise<Taken> {
  const { epoch } = sent;
  const { storage, epochs } = deps;
  const ladder = await loadLadder(storage, epoch);
  const { outcome, seq, nextEpoch } = answer;
  switch (outcome) {
    case "accepted":
    case "gap":
      return takeMarks(deps, ladder, sent, answer);
    case "fenced":
      // What a closed epoch is refused for is its store: its rows need numbers that are free. Of one that was sent as
      // open they do not, also when it has been closed meanwhile: they are the rows of the other life, up to a fork.
      if (!sent.closed) await epochs.roll({ epoch, reason: "fenced", nextEpoch });
      else await epochs.cut({ reason: "fenced", epoch, from: sendFrom(ladder), nextEpoch });
      return "more";
    case "fork":
      await takeMarks(deps, ladder, sent, answer);
      await epochs.cut({ reason: "fork", epoch, from: seq ?? sendFrom(ladder), nextEpoch });
      return "more";
    case "broken_chain": {
      const moved = await takeMarks(deps, ladder, sent, answer);
      const from = seq ?? sendFrom(ladder);
      if (await isWhole(deps, epoch, from)) return moved; // bent on its way, then
      await epochs.cut({ reason: "damaged", epoch, from });
      return "more";
    }
  }
}

const sendFrom = (ladder: Ladder): number => ladder.marks.accepted + 1;

async function takeMarks(
  { storage, nowMs, onGolden }: Pick<SyncDeps, "storage" | "nowMs" | "onGolden">,
  ladder: Ladder,
  { lastSeq, head }: Sent,
  { outcome, seq, marks: heard, quarantined }: PushAnswer,
): Promise<Taken> {
  const known = outcome === "fork" && seq !== undefined ? belowFork(heard, seq) : heard;
  const raised = raise(ladder, known, lastSeq);
  // After a gap the edge is right, even when it has less than it said before: it may have lost its disk, or a row of
  // it. Of a closed epoch whose rows are all sent, only the question how far they have come can tell.
  const isAnswerToRows = outcome !== "gap" && lastSeq !== undefined;
  const marks = isAnswerToRows
    ? raised
    : { ...raised, accepted: Math.min(heard.accepted, raised.accepted, ladder.seq) };
  const aside = quarantined.filter(({ seq: of }) => of <= marks.accepted);
  await storage.write([
    ...markStatements(ladder, marks, nowMs()),
    ...asideStatements(ladder.epoch, aside, nowMs()),
  ]);
  if (marks.golden > ladder.marks.golden) onGolden();
  if (marks.accepted === ladder.marks.accepted && marks.accepted < ladder.seq) return "stuck";
  return marks.accepted < head ? "more" : "done";
}

/** What the edge has set aside of the epoch takes the place of what it said before: some may have been replayed. */
const asideStatements = (
  epoch: number,
  aside: PushAnswer["quarantined"],
  nowMs: number,
): Statement[] => [
  {
    sql: `delete from quarantine where epoch = ? and code <> 'damaged_row'
          and seq not in (select value from json_each(?))`,
    args: [epoch, JSON.stringify(aside.map(({ seq }) => seq))],
  },
  ...aside.map(({ seq, code }) => ({
    sql: `insert into quarantine (epoch, seq, code, ms) values (?, ?, ?, ?)
          on conflict do nothing`,
    args: [epoch, seq, code, nowMs],
  })),
];

/** From the fork on, what the edge has is another machine's. */
const belowFork = (heard: PushAnswer["marks"], seq: number): PushAnswer["marks"] => ({
  accepted: Math.min(heard.accepted, seq - 1),
  merged: Math.min(heard.merged, seq - 1),
  golden: Math.min(heard.golden, seq - 1),
});

/** Whether the row is here as it was sealed. */
async function isWhole(journal: JournalDeps, epoch: number, seq: number): Promise<boolean> {
  const row = await readRow(journal, epoch, seq);
  return row !== null && chainHash(row.prev, row.body) === row.hash;
}
