/** The rounds of an inbox: items into profiles and rows to the centre, each lane by itself (SYN7), and what was replayed. */
import { LIMITS } from "@regulars/shared/limits";
import type { Push } from "@regulars/shared/protocol/push";
import type { Round, RoundResult } from "../background.ts";
import { type CentralPort, deliverRound } from "./deliver.ts";
import { type DrainDeps, drainRound } from "./drain.ts";
import type { Heads } from "./heads.ts";
import { type Lane, LANES } from "./lanes.ts";
import { letGo } from "./move-marks.ts";
import { redeliverRound } from "./redeliver.ts";

export interface RoundsDeps extends Omit<DrainDeps, "holders" | "tillHeads"> {
  readonly central: CentralPort;
  readonly onNews: () => void;
  readonly wait: (ms: number) => Promise<void>;
  readonly rest?: (ms: number) => Promise<void>;
  readonly heads: Heads;
  /** The centre lacks what it had: it is given it again. */
  readonly onLack: () => void;
  /** Runs a task while no push is being taken. */
  readonly alone: (task: () => Promise<void>) => Promise<void>;
}

/** By their names, those of the lane of a push; the others are found by the alarm. */
export const roundsAfter = ({ closed }: Pick<Push, "closed">): string[] => {
  const lane: Lane = closed ? "closed" : "live";
  return [`drain ${lane}`, `deliver ${lane}`];
};

export function createRounds(
  deps: RoundsDeps,
  remembered: Pick<DrainDeps, "holders" | "tillHeads">,
) {
  const { storage, marks } = deps;
  let letGoMs = 0;
  const closedRounds = createRoundMeter(deps.nowMs);
  let hurried = Promise.withResolvers<void>();
  const rest = deps.rest ?? deps.wait;
  const drain = (lane: Lane): Round => ({
    gapMs: lane === "live" ? LIMITS.drainGapMs : LIMITS.backlogDrainGapMs,
    ...(lane === "live" ? { idleGapMs: 0 } : {}),
    run: async () => {
      const startedMs = deps.nowMs();
      // Also by a sale of another till that comes while the round is under way, and would stand behind its rest.
      if (lane === "live") hurried = Promise.withResolvers();
      const round = () => drainRound({ ...deps, ...remembered }, lane);
      const result = await (lane === "live" ? round() : closedRounds.measure(round));
      await marks.flush(false);
      if (result.isStreaming) {
        await Promise.race([rest(restMs(deps.nowMs() - startedMs)), hurried.promise]);
      }
      // Of closed epochs a pull does not speak.
      if (result.moved && lane === "live") deps.onNews();
      return next(result);
    },
  });
  const deliver = (lane: Lane): Round => ({
    gapMs: LIMITS.deliverGapMs,
    doneGapMs: LIMITS.deliverDoneGapMs,
    run: async () => {
      const result = await deliverRound(storage, marks, deps.central, lane, deps.alone);
      await marks.flush(false);
      if (result.lacks) {
        deps.heads.asked();
        deps.onLack();
      }
      if (result.golden && lane === "live") deps.onNews();
      return result.all === true ? "done" : next(result);
    },
  });
  const redeliver: Round = {
    gapMs: LIMITS.deliverGapMs,
    run: async () => ((await redeliverRound(storage, deps.central)) ? "again" : "idle"),
  };
  const heads: Round = {
    gapMs: LIMITS.deliverGapMs,
    run: async () => {
      if (await deps.heads.round()) deps.onLack();
      if (deps.nowMs() - letGoMs >= LIMITS.letGoMs) {
        await letGo(storage, marks, deps.nowMs());
        letGoMs = deps.nowMs();
      }
      return "idle";
    },
  };
  return {
    rounds: {
      ...Object.fromEntries(
        LANES.flatMap((lane) => [
          [`drain ${lane}`, drain(lane)],
          [`deliver ${lane}`, deliver(lane)],
        ]),
      ),
      redeliver,
      heads,
    },
    /** Somebody waits who is not sending a backlog. */
    hurry: () => hurried.resolve(),
    /** What a round of closed epochs takes at this time. */
    closedRoundMs: () => closedRounds.meanMs(),
  };
}

/**
 * What a till that comes home has still to send is not safe anywhere else, and what is accepted can be merged later: of one thread,
 * the pushes have the larger part.
 */
const restMs = (roundMs: number): number =>
  Math.min(LIMITS.streamRestMs, LIMITS.streamRestRounds * roundMs);

function next({
  moved,
  waiting,
}: {
  readonly moved: boolean;
  readonly waiting: boolean;
}): RoundResult {
  if (!waiting) return "idle";
  return moved ? "again" : "later";
}

/** The last rounds count most. */
const METER_ROUNDS = 8;

function createRoundMeter(nowMs: () => number) {
  let meanMs = 0;
  return {
    meanMs: () => meanMs,
    async measure<Value>(round: () => Promise<Value>): Promise<Value> {
      const startedMs = nowMs();
      const value = await round();
      meanMs += (nowMs() - startedMs - meanMs) / METER_ROUNDS;
      return value;
    },
  };
}
