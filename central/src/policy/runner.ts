/** Keeps the run of the newest policy going in the background, between the deliveries of the edge. */
import type { Storage } from "@regulars/shared/storage/port";
import { type Background, type BackgroundDeps, createBackground } from "../background.ts";
import type { Intake } from "../intake/intake.ts";
import { standingPolicy } from "./policies.ts";
import { runPage } from "./run.ts";

export interface RunnerDeps extends BackgroundDeps {
  readonly storage: Storage;
  readonly intake: Pick<Intake, "alone" | "use">;
  readonly nowMs: () => number;
}

export function createRunner(deps: RunnerDeps): Background {
  const { storage, intake, nowMs } = deps;
  const onePage = () =>
    intake.alone(async () => {
      const { policy } = await standingPolicy(storage);
      intake.use(policy);
      return runPage(storage, policy, nowMs());
    });
  return createBackground(onePage, deps);
}
