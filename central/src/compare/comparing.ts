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
  const { nowMs } = deps;
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
        return restAfter(deps, result, { startMs, endMs: nowMs() });
      },
    }),
  );
  return { close: async () => void (await Promise.all(paced.map((each) => each.close()))) };
}

/** A step takes long where edge and centre are busy with sales, which go first. */
export function restAfter(
  { gapMs, restMs }: Pick<ComparingDeps, "gapMs" | "restMs">,
  result: StepResult,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
): number {
  if (result === "rest") return restMs;
  const dueMs = result === "again" ? 0 : result.atMs - endMs;
  const yieldMs = LIMITS.compareRestRounds * (endMs - startMs);
  return Math.max(gapMs, Math.min(restMs, Math.max(dueMs, yieldMs)));
}
