/** The comparing of edge and centre, in the background of the process. */
import { LIMITS } from "@regulars/shared/limits";
import { createPaced, type Paced, type PacedDeps } from "../paced.ts";
import { createJournalComparing, type JournalsDeps } from "./journals-loop.ts";
import { type CompareDeps, createProfileComparing, type StepResult } from "./profiles.ts";

export type ComparingDeps = CompareDeps &
  JournalsDeps &
  Pick<PacedDeps, "later" | "onFailure"> & {
    /** Between two steps, and between two rounds. */
    readonly gapMs: number;
    readonly restMs: number;
  };

export function startComparing(deps: ComparingDeps): Paced {
  const { gapMs, restMs, nowMs } = deps;
  const restOf = (result: StepResult): number => {
    if (result === "again") return gapMs;
    if (result === "rest") return restMs;
    return Math.max(gapMs, Math.min(restMs, result.atMs - nowMs()));
  };
  const profiles = createProfileComparing(deps);
  const journals = createJournalComparing(deps);
  const paced = [profiles, journals].map((comparing) =>
    createPaced({
      ...deps,
      firstMs: deps.confirmMs,
      retryMs: LIMITS.retryMaxMs,
      step: async () => {
        const startMs = nowMs();
        const result = await comparing.step();
        // It takes long where edge and centre are busy with sales, which go first.
        const yieldMs = LIMITS.compareRestRounds * (nowMs() - startMs);
        return Math.max(restOf(result), Math.min(restMs, yieldMs));
      },
    }),
  );
  return { close: async () => void (await Promise.all(paced.map((each) => each.close()))) };
}
