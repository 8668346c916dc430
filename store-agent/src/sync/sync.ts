/**
 * Sync: the till's half of the conversation with the edge, one call at a time and no timers.
 *
 * Whatever an answer says takes effect in one write, after the call; so a call that is repeated, or a process that
 * dies in between, changes nothing (SYN2, SYN8).
 */
import { LIMITS } from "@regulars/shared/limits";
import type { Lookup } from "@regulars/shared/protocol/lookup";
import type { PullAnswer } from "@regulars/shared/protocol/pull";
import type { PushAnswer } from "@regulars/shared/protocol/push";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { fail, ok, type Result } from "@regulars/shared/result";
import { createSerial } from "@regulars/shared/serial";
import { rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import type { Profile } from "@regulars/shared/survivorship/profile";
import { FORGET_WORKING_SET, workingSetStatements } from "../lookup/working-set.ts";
import type { EdgeFailure, EdgePort } from "./edge-port.ts";
import { type Blocked, type LadderState, loadLadder, markStatements, raise } from "./marks.ts";
import { readOutgoing } from "./outgoing.ts";

export interface Step {
  /** False when there was nothing to say, so nothing is known about the edge either. */
  readonly called: boolean;
  /** There is more to do at once. */
  readonly more: boolean;
  /** The edge wants to be left alone this long (SYN7). */
  readonly retryAfterMs: number;
}

export interface Sync {
  readonly push: () => Promise<Result<Step, EdgeFailure>>;
  readonly pull: () => Promise<Result<Step, EdgeFailure>>;
  /** Asks for one customer, who joins the working set. Null when the edge knows nobody or cannot be asked. */
  readonly askFor: (identifiers: readonly Lookup[]) => Promise<Profile | null>;
}

export interface SyncDeps {
  readonly storage: Storage;
  readonly edge: EdgePort;
  readonly nowMs: () => number;
  readonly source: string;
  readonly store: string;
}

const IDLE: Step = { called: false, more: false, retryAfterMs: 0 };

export function createSync(deps: SyncDeps): Sync {
  const { storage, edge, nowMs, source, store } = deps;
  const serial = createSerial();
  let bytesMax: number = LIMITS.pushBytes;

  return {
    async push() {
      const { epoch, marks, blocked } = await loadLadder(storage);
      if (blocked) return ok(IDLE);
      const items = await readOutgoing(storage, epoch, marks.accepted, bytesMax);
      if (items.length === 0) return ok(IDLE);
      const sentAtMs = nowMs();
      const answer = await edge.push({ ...THIS_VERSION, store, source, epoch, sentAtMs, items });
      if (!answer.ok) return answer;
      const { pace } = answer.value;
      bytesMax = Math.min(pace.maxBatchBytes, LIMITS.pushBytes);
      const after = await serial(() => takePushAnswer(deps, answer.value));
      // A gap that asks for what was just sent would be asked for again and again.
      if (after.marks.accepted === marks.accepted && !after.blocked) {
        return fail({ code: "malformed", retryAfterMs: pace.retryAfterMs });
      }
      const more = !after.blocked && after.marks.accepted < after.seq;
      return ok({ called: true, more, retryAfterMs: pace.retryAfterMs });
    },

    async pull() {
      const { epoch } = await loadLadder(storage);
      const cursor = await loadCursor(storage);
      const answer = await edge.pull({ ...THIS_VERSION, store, source, epoch, cursor });
      if (!answer.ok) return answer;
      await serial(() => takePullAnswer(deps, answer.value));
      return ok({ called: true, more: answer.value.more, retryAfterMs: 0 });
    },

    async askFor(identifiers) {
      for (const identifier of identifiers) {
        const answer = await edge.lookup({ ...identifier, store });
        if (!answer.ok) return null;
        const profile = answer.value;
        if (!profile) continue;
        await serial(async () => {
          await storage.write(await workingSetStatements(storage, [{ profile }], false));
        });
        return profile;
      }
      return null;
    },
  };
}

async function takePushAnswer(
  { storage, nowMs }: SyncDeps,
  { outcome, marks: heard, quarantined }: PushAnswer,
): Promise<LadderState> {
  const ladder = await loadLadder(storage);
  const raised = raise(ladder, heard);
  // After a gap the edge is right, even when it has less than it said before: it may have lost its disk.
  const marks =
    outcome === "gap" ? { ...raised, accepted: Math.min(heard.accepted, ladder.seq) } : raised;
  const blocked = blockedBy(outcome) ?? (heard.accepted > ladder.seq ? "edge_is_ahead" : null);
  const statements: Statement[] = [
    ...markStatements(ladder, marks, nowMs()),
    ...quarantined.map(({ seq, code }) => ({
      sql: `insert into quarantine (epoch, seq, code, ms) values (?, ?, ?, ?)
            on conflict do nothing`,
      args: [ladder.epoch, seq, code, nowMs()],
    })),
    ...(blocked
      ? [{ sql: "update writer set blocked = ? where epoch = ?", args: [blocked, ladder.epoch] }]
      : []),
  ];
  await storage.write(statements);
  return { ...ladder, marks, blocked };
}

function blockedBy(outcome: PushAnswer["outcome"]): Blocked | null {
  switch (outcome) {
    case "fork":
    case "broken_chain":
      return outcome;
    case "accepted":
    case "gap":
      return null;
  }
}

async function takePullAnswer({ storage, nowMs }: SyncDeps, answer: PullAnswer): Promise<void> {
  const ladder = await loadLadder(storage);
  await storage.write([
    ...(answer.resync ? FORGET_WORKING_SET : []),
    ...(await workingSetStatements(storage, answer.changes, answer.resync)),
    ...markStatements(ladder, raise(ladder, answer.marks), nowMs()),
    {
      sql: `insert into setting (name, value) values ('cursor', ?)
            on conflict (name) do update set value = excluded.value`,
      args: [answer.cursor],
    },
  ]);
}

async function loadCursor(storage: Storage): Promise<string | null> {
  const [row] = await rowsOf(storage, "select value from setting where name = 'cursor'");
  return row ? textOf(row, "value") : null;
}
