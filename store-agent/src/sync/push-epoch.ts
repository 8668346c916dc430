/** One push of one epoch. */
import { LIMITS } from "@regulars/shared/limits";
import type { PullAnswer } from "@regulars/shared/protocol/pull";
import type { Push } from "@regulars/shared/protocol/push";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { fail, ok, type Result } from "@regulars/shared/result";
import type { ClockOffset } from "./clock-offset.ts";
import type { EdgeFailure } from "./edge-port.ts";
import { loadLadder } from "./marks.ts";
import { readFragments, readOutgoing } from "./outgoing.ts";
import { type Taken, takePushAnswer } from "./push-answer.ts";
import type { ReadAhead } from "./read-ahead.ts";
import { AGAIN, IDLE, type Step, type SyncDeps } from "./step.ts";

/** What the edge has asked for. */
export interface Wishes {
  /** Fragments that it cannot go on with; said again with every pull until it can. */
  needed: NonNullable<PullAnswer["need"]>;
  /** Of a push, by lane. */
  readonly bytesMax: { live: number; closed: number };
}

export interface PushEpochDeps extends SyncDeps {
  readonly wishes: Wishes;
  /** Of the fast lane: the slow one rests between two pushes, and its epochs take turns. */
  readonly ahead: ReadAhead;
  readonly offset: ClockOffset;
  readonly serial: (task: () => Promise<Taken>) => Promise<Taken>;
}

/** Pushes what follows of the epoch; an empty push of a closed one asks how far it has come. */
export async function pushEpoch(
  deps: PushEpochDeps,
  epoch: number,
  closed: boolean,
): Promise<Result<Step, EdgeFailure>> {
  const { storage, edge, source, life, nowMs, wishes, ahead } = deps;
  const lane = closed ? "closed" : "live";
  const ladder = await loadLadder(storage, epoch);
  const bytesMax = wishes.bytesMax[lane];
  const items = await (closed
    ? readOutgoing(deps, ladder, bytesMax)
    : ahead.next(ladder, bytesMax));
  if (items.length === 0 && ladder.marks.accepted < ladder.seq) {
    // An archived row that the edge has lost and that cannot be read here: there is no way on in this epoch.
    await deps.epochs.cut({ reason: "damaged", epoch, from: ladder.marks.accepted + 1 });
    return ok(AGAIN);
  }
  const needed = wishes.needed.filter((need) => need.epoch === epoch).map(({ key }) => key);
  const fragments = await readFragments(storage, epoch, needed.slice(0, LIMITS.neededFragments));
  if (items.length === 0 && fragments.length === 0 && !closed) return ok(IDLE);
  const sentAtMs = nowMs();
  const push: Push = {
    ...THIS_VERSION,
    store: ladder.store,
    source,
    epoch,
    sentAtMs,
    items,
    ...(closed ? { closed } : { life, head: ladder.seq }),
    ...(fragments.length > 0 ? { fragments } : {}),
  };
  const answer = await (closed
    ? edge.push(push)
    : edge.push(push, () => ahead.begin(ladder, bytesMax, items)));
  if (!closed && (!answer.ok || answer.value.outcome !== "accepted")) ahead.drop();
  if (!answer.ok) return answer;
  const { pace, serverTimeMs } = answer.value;
  await deps.offset.measure(sentAtMs, serverTimeMs);
  wishes.bytesMax[lane] = Math.min(pace.maxBatchBytes, LIMITS.pushBytes);
  // Until the next pull says otherwise.
  wishes.needed = wishes.needed.filter((need) => need.epoch !== epoch);
  const sent = { epoch, closed, lastSeq: items.at(-1)?.seq, head: ladder.seq };
  const taken = await deps.serial(() => takePushAnswer(deps, sent, answer.value));
  // A gap that asks for what was just sent would be asked for again and again.
  if (taken === "stuck" && items.length > 0) {
    return fail({ code: "malformed", retryAfterMs: pace.retryAfterMs });
  }
  return ok({ called: true, more: taken === "more", retryAfterMs: pace.retryAfterMs });
}
