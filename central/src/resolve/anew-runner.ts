/** Keeps the resolution of everybody going in the background, between the deliveries of the edge. */
import type { Storage } from "@regulars/shared/storage/port";
import { type Background, type BackgroundDeps, createBackground } from "../background.ts";
import type { Intake } from "../intake/intake.ts";
import { anewPage } from "./anew.ts";

export interface AnewRunnerDeps extends BackgroundDeps {
  readonly storage: Storage;
  readonly intake: Pick<Intake, "alone">;
  readonly nowMs: () => number;
}

export function createAnewRunner(deps: AnewRunnerDeps): Background {
  const { storage, intake, nowMs } = deps;
  const onePage = () =>
    intake.alone(({ matching, policy }) => anewPage(storage, matching, policy, nowMs()));
  return createBackground(onePage, deps);
}
