/** What the edge's answer to a pull does: profiles, marks and cursor move in one write (SYN8). */
import type { Marks } from "@regulars/shared/protocol/marks";
import type { PullAnswer } from "@regulars/shared/protocol/pull";
import { rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import { FORGET_WORKING_SET, workingSetStatements } from "../lookup/working-set.ts";
import { loadPolicy, policyStatements } from "../lookup/policy.ts";
import { type Ladder, loadLadder, markStatements, raise } from "./marks.ts";
import type { SyncDeps } from "./step.ts";

/** `asked`: the ladder as it stood before the question. */
export async function takePullAnswer(
  { storage, nowMs, onGolden }: Pick<SyncDeps, "storage" | "nowMs" | "onGolden">,
  asked: Ladder,
  answer: PullAnswer,
): Promise<void> {
  const ladder = await loadLadder(storage, asked.epoch);
  const marks = marksAfter(ladder, asked, answer);
  await storage.write([
    ...(answer.resync ? [...FORGET_WORKING_SET, SEND_CLOSED_AGAIN] : []),
    ...(await workingSetStatements(storage, answer.changes, answer.resync)),
    ...markStatements(ladder, marks, nowMs()),
    ...policyStatements(await loadPolicy(storage), answer.policy),
    {
      sql: `insert into setting (name, value) values ('cursor', ?)
            on conflict (name) do update set value = excluded.value`,
      args: [answer.cursor],
    },
  ]);
  if (marks.golden > ladder.marks.golden) onGolden();
}

/**
 * A feed that began anew is an inbox that begins with nothing: of closed epochs, which no pull speaks of, it has nothing
 * either. What it has after all it knows by its hash.
 */
const SEND_CLOSED_AGAIN: Statement = {
  sql: "update writer set accepted = 0 where closed is not null",
};

function marksAfter(ladder: Ladder, asked: Ladder, { marks: heard, fenced }: PullAnswer): Marks {
  // Of a journal with another life the marks are that one's.
  if (fenced) return ladder.marks;
  const raised = raise(ladder, heard);
  // Less than was acknowledged before the question: the edge has lost rows, and gets them again.
  return heard.accepted < asked.marks.accepted ? { ...raised, accepted: heard.accepted } : raised;
}

export async function loadCursor(storage: Storage): Promise<string | null> {
  const [row] = await rowsOf(storage, "select value from setting where name = 'cursor'");
  return row ? textOf(row, "value") : null;
}
