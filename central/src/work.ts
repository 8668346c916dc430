/** All that the centre does between the deliveries of the edge, each a loop of its own that goes on where it was. */
import { randomUUID } from "node:crypto";
import { setImmediate, setTimeout as wait } from "node:timers/promises";
import type { Storage } from "@regulars/shared/storage/port";
import type { Logger } from "pino";
import type { Way } from "./alerts/ways.ts";
import type { AppDeps } from "./app.ts";
import { announceStart } from "./publish/announce.ts";
import { createRunner } from "./policy/runner.ts";
import { createDeskRunner } from "./desk/runner.ts";
import { createQualityKeeper } from "./quality/keeper.ts";
import { createTryRunner } from "./policy/try-runner.ts";
import { createAnewRunner } from "./resolve/anew-runner.ts";
import { createChecker } from "./reconcile/checker.ts";
import type { Intake } from "./intake/intake.ts";
import type { Paced } from "./paced.ts";
import type { Edge } from "./publish/edge.ts";
import type { EdgeWatch } from "./watch/edge-watch.ts";
import { startWatching } from "./watch/watching.ts";

export interface WorkDeps {
  readonly storage: Storage;
  readonly intake: Intake;
  readonly edge: Edge;
  readonly edgeWatch: EdgeWatch;
  readonly ways: readonly Way[];
  readonly later: (delayMs: number, task: () => void) => () => void;
  readonly log: Logger;
  /** There may be something to publish. */
  readonly onWritten: () => void;
}

type Kicks = Pick<AppDeps, "onPolicy" | "onMatching" | "onReplay" | "onTry" | "onMarked">;

export interface Work {
  readonly loops: ReturnType<typeof createLoops>;
  /** What the app tells of, and who hears it. */
  readonly kicks: Kicks;
  /** Goes on with what the last process did not end. */
  start(): void;
  close(): Promise<void>;
}

export function createWork(deps: WorkDeps): Work {
  const { edge, edgeWatch, log } = deps;
  const loops = createLoops(deps);
  let watching: readonly Paced[] = [];
  return {
    loops,
    kicks: {
      onPolicy() {
        deps.onWritten();
        void loops.runner.kick();
      },
      onMatching: () => void loops.anew.kick(),
      onReplay: () => void loops.replays.kick(),
      onTry: () => void loops.tries.kick(),
      onMarked: () => void loops.checker.kick(),
    },
    start() {
      for (const loop of Object.values(loops)) void loop.kick();
      void edgeWatch.look();
      const watch = startWatching({
        ...deps,
        edge: edge.compare,
        nowMs: Date.now,
        random: Math.random,
        newId: () => randomUUID(),
        onMarked: () => void loops.checker.kick(),
        onFailure: (error, what) => log.warn({ err: error }, what),
      });
      const announcing = announceStart({
        askEdge: edge.ask,
        later: deps.later,
        onFailure: (error) => log.warn({ err: error }, "the edge was not told of the start"),
      });
      watching = [watch, announcing];
    },
    async close() {
      edgeWatch.close();
      const closing = watching.map((each) => each.close());
      await Promise.all([...closing, ...Object.values(loops).map((loop) => loop.close())]);
    },
  };
}

function createLoops({ storage, intake, edge, later, log, onWritten }: WorkDeps) {
  const common = {
    storage,
    intake,
    askEdge: edge.ask,
    later,
    onWritten,
    nowMs: Date.now,
    pause: () => setImmediate(),
  };
  return {
    runner: createRunner({
      ...common,
      onFailure: (error) => log.error({ err: error }, "golden records wait for their policy"),
    }),
    replays: createDeskRunner({
      ...common,
      onFailure: (error) => log.error({ err: error }, "a replay waits"),
    }),
    quality: createQualityKeeper({
      ...common,
      onFailure: (error) => log.error({ err: error }, "data quality waits to be counted"),
    }),
    tries: createTryRunner({
      ...common,
      onFailure: (error) => log.error({ err: error }, "a policy waits to be tried"),
    }),
    anew: createAnewRunner({
      ...common,
      onFailure: (error) => log.error({ err: error }, "customers wait to be resolved anew"),
    }),
    checker: createChecker({
      ...common,
      wait: (forMs) => wait(forMs),
      onWritten: () => {},
      onFailure: (error) => log.error({ err: error }, "store-days wait to be checked"),
    }),
  };
}
