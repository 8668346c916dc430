/** One push of one epoch. */
import { bytesToBase64, sha256Hex } from "@regulars/shared/digest";
import { LIMITS } from "@regulars/shared/limits";
import type { FragmentUpdate } from "@regulars/shared/protocol/item";
import type { PullAnswer } from "@regulars/shared/protocol/pull";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { fail, ok, type Result } from "@regulars/shared/result";
import { bytesOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import type { ClockOffset } from "./clock-offset.ts";
import type { EdgeFailure } from "./edge-port.ts";
import { loadLadder } from "./marks.ts";
import { readOutgoing } from "./outgoing.ts";
import { type Taken, takePushAnswer } from "./push-answer.ts";
import { IDLE, type Step, type SyncDeps } from "./step.ts";

/** What the edge has asked for. */
export interface Wishes {
  /** Fragments that it cannot go on with; said again with every pull until it can. */
  needed: NonNullable<PullAnswer["need"]>;
  /** Of a push, by lane. */
  readonly bytesMax: { live: number; closed: number };
}

export interface PushEpochDeps extends SyncDeps {
  readonly wishes: Wishes;
  readonly offset: ClockOffset;
  readonly serial: (task: () => Promise<Taken>) => Promise<Taken>;
}

/** Pushes what follows of the epoch; an empty push of a closed one asks how far it has come. */
export async function pushEpoch(
  deps: PushEpochDeps,
  epoch: number,
  closed: boolean,
): Promise<Result<Step, EdgeFailure>> {
  const { storage, edge, source, life, nowMs, wishes } = deps;
  const lane = closed ? "closed" : "live";
  const ladder = await loadLadder(storage, epoch);
  const items = await readOutgoing(storage, ladder, wishes.bytesMax[lane]);
  const fragments = await neededFragments(storage, epoch, wishes.needed);
  if (items.length === 0 && fragments.length === 0 && !closed) return ok(IDLE);
  const sentAtMs = nowMs();
  const answer = await edge.push({
    ...THIS_VERSION,
    store: ladder.store,
    source,
    epoch,
    sentAtMs,
    items,
    ...(closed ? { closed } : { life, head: ladder.seq }),
    ...(fragments.length > 0 ? { fragments } : {}),
  });
  if (!answer.ok) return answer;
  const { pace, serverTimeMs } = answer.value;
  await deps.offset.measure(sentAtMs, serverTimeMs);
  wishes.bytesMax[lane] = Math.min(pace.maxBatchBytes, LIMITS.pushBytes);
  // Until the next pull says otherwise.
  wishes.needed = wishes.needed.filter((need) => need.epoch !== epoch);
  const taken = await deps.serial(() => takePushAnswer(deps, epoch, answer.value));
  // A gap that asks for what was just sent would be asked for again and again.
  if (taken === "stuck" && items.length > 0) {
    return fail({ code: "malformed", retryAfterMs: pace.retryAfterMs });
  }
  return ok({ called: true, more: taken === "more", retryAfterMs: pace.retryAfterMs });
}

/** Fragments of the epoch that the edge needs whole, as far as they are here. */
async function neededFragments(
  storage: Storage,
  epoch: number,
  needed: NonNullable<PullAnswer["need"]>,
): Promise<FragmentUpdate[]> {
  const keys = needed.filter((need) => need.epoch === epoch).map(({ key }) => key);
  if (keys.length === 0) return [];
  const rows = await rowsOf(
    storage,
    "select key, state from fragment where epoch = ? and key in (select value from json_each(?)) limit ?",
    [epoch, JSON.stringify(keys), LIMITS.neededFragments],
  );
  return rows.map((row) => {
    const state = bytesOf(row, "state");
    return { key: textOf(row, "key"), update: bytesToBase64(state), sha256: sha256Hex(state) };
  });
}
