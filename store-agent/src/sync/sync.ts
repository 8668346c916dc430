/** One push, one pull, one question: how the till talks to the edge, without timers. */
import { LIMITS } from "@regulars/shared/limits";
import type { Lookup } from "@regulars/shared/protocol/lookup";
import { PROTOCOL, THIS_VERSION } from "@regulars/shared/protocol/version";
import { ok, type Result } from "@regulars/shared/result";
import { createSerial } from "@regulars/shared/serial";
import type { Profile } from "@regulars/shared/survivorship/profile";
import { loadPolicy } from "../lookup/policy.ts";
import { workingSetStatements } from "../lookup/working-set.ts";
import { createClockOffset } from "./clock-offset.ts";
import type { EdgeFailure } from "./edge-port.ts";
import { loadLadders } from "./marks.ts";
import { isBacklog, isSelling, nextClosed } from "./next-epoch.ts";
import { loadCursor, takePullAnswer } from "./pull-answer.ts";
import { pushEpoch, type PushEpochDeps, type Wishes } from "./push-epoch.ts";
import { createReadAhead } from "./read-ahead.ts";
import { AGAIN, IDLE, type Step, type SyncDeps } from "./step.ts";

export interface Sync {
  /** The epoch that is being written: the fast lane. */
  readonly push: () => Promise<Result<Step, EdgeFailure>>;
  /** The closed epochs, one after the other: the slow lane. */
  readonly pushClosed: () => Promise<Result<Step, EdgeFailure>>;
  readonly pull: () => Promise<Result<Step, EdgeFailure>>;
  /** Asks for one customer, who joins the working set. Null when the edge knows nobody or cannot be asked. */
  readonly askFor: (identifiers: readonly Lookup[]) => Promise<Profile | null>;
}

export function createSync(deps: SyncDeps): Sync {
  const { storage, edge, epochs, life, nowMs, source, store } = deps;
  const serial = createSerial();
  const offset = createClockOffset(deps);
  const wishes: Wishes = {
    needed: [],
    bytesMax: { live: LIMITS.pushBytes, closed: LIMITS.backlogBytes },
  };
  const ahead = createReadAhead(deps);
  const pushing: PushEpochDeps = { ...deps, wishes, ahead, offset, serial };
  let turn = 0;

  return {
    async push() {
      const { open, closed } = await loadLadders(storage);
      const { epoch } = open;
      if (await isBacklog(deps, open, closed, nowMs())) {
        await epochs.roll({ epoch, reason: "backlog" });
      } else if (offset.isAhead(open.clockMs)) await epochs.roll({ epoch, reason: "clock" });
      else return pushEpoch(pushing, epoch, false);
      return ok(AGAIN);
    },

    async pushClosed() {
      if (await epochs.resealSome()) return ok(AGAIN);
      const { open, closed } = await loadLadders(storage, wishes.needed);
      const next = nextClosed(closed, wishes.needed, turn++);
      if (next === null) return ok(IDLE);
      if (await isSelling(storage, open, nowMs())) {
        return ok({ ...AGAIN, retryAfterMs: LIMITS.backlogGapMs });
      }
      const step = await pushEpoch(pushing, next, true);
      if (!step.ok || step.value.more) return step;
      const isLeft = closed.some(({ epoch, marks, seq }) => epoch !== next && marks.accepted < seq);
      if (isLeft) return ok({ ...step.value, more: true });
      // Marks of a closed epoch come with an answer only: they are asked for now and then, until all of it is golden.
      return ok({ ...step.value, more: true, retryAfterMs: LIMITS.closedEveryMs });
    },

    async pull() {
      const { open } = await loadLadders(storage);
      const cursor = await loadCursor(storage);
      const sentAtMs = nowMs();
      const { epoch, seq: head } = open;
      const { version: policy } = await loadPolicy(storage);
      const place = { store, source, epoch, cursor, life, head };
      const answer = await edge.pull({ ...THIS_VERSION, ...place, policy });
      if (!answer.ok) return answer;
      await offset.measure(sentAtMs, answer.value.serverTimeMs);
      const { fenced, need = [], more, resync } = answer.value;
      wishes.needed = need;
      await serial(() => takePullAnswer(deps, open, answer.value));
      const isBehind = resync || answer.value.marks.accepted < open.marks.accepted;
      if (need.length > 0 || isBehind) deps.onBehind();
      if (fenced) await epochs.roll({ epoch, reason: "fenced", ...fenced });
      return ok({ called: true, more, retryAfterMs: 0 });
    },

    async askFor(identifiers) {
      for (const identifier of identifiers) {
        const answer = await edge.lookup({ ...identifier, store, protocol: PROTOCOL });
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
