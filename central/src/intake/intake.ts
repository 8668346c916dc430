/** The intake as a state machine over the storage port: events are counted, fragments converge. */
import type {
  EventsIntake,
  EventsIntakeAnswer,
  FragmentsIntake,
  FragmentsIntakeAnswer,
} from "@regulars/shared/protocol/intake";
import type { Replay, ReplayAnswer } from "@regulars/shared/quarantine";
import { createSerial } from "@regulars/shared/serial";
import type { Storage } from "@regulars/shared/storage/port";
import type { Policy } from "@regulars/shared/survivorship/policy";
import { replayPage } from "../quarantine/replay.ts";
import type { MatchingPolicy } from "../matching/policy.ts";
import { prepareResolution } from "../resolve/anew.ts";
import { createMatchingContext, type Matching } from "../resolve/matching-context.ts";
import { takeEvents } from "./take-events.ts";
import { type FragmentRules, openFragments, takeFragments } from "./take-fragments.ts";

export interface IntakeDeps {
  readonly storage: Storage;
  /** By which golden records are derived at first. */
  readonly policy: Policy;
  /** By which source records are resolved at first. */
  readonly matching: Matching;
  readonly nowMs: () => number;
  /** Told after each write: there may be something to publish. */
  readonly onTaken: () => void;
}

export interface Intake {
  events(intake: EventsIntake): Promise<EventsIntakeAnswer>;
  fragments(intake: FragmentsIntake): Promise<FragmentsIntakeAnswer>;
  /** What is in quarantine here, once more. Null when `after` is nothing that an answer has held. */
  replay(replay: Replay, code?: string): Promise<ReplayAnswer | null>;
  /** Runs a task that decides by what is stored; no delivery is taken meanwhile. */
  alone<Answer>(task: (rules: FragmentRules) => Promise<Answer>): Promise<Answer>;
  /** Golden records are derived by this policy from now on. */
  use(policy: Policy): void;
  /** Source records are resolved by this policy from now on, and those that are here have to be resolved anew. */
  match(policy: MatchingPolicy): void;
}

export function createIntake(deps: IntakeDeps): Intake {
  const { storage, nowMs, onTaken } = deps;
  const serial = createSerial();
  let { policy } = deps;
  let matching = createMatchingContext(deps.matching);
  let isPrepared = false;

  /** What is stored must be as resolution expects it, which an older build may not have left it. */
  async function prepared(): Promise<FragmentRules> {
    if (!isPrepared) await prepareResolution(storage, matching);
    isPrepared = true;
    return { policy, matching };
  }

  return {
    async events(intake) {
      const answer = await serial(() => takeEvents(storage, intake, nowMs()));
      onTaken();
      return answer;
    },
    async fragments(intake) {
      const opened = openFragments(intake);
      const answer = await serial(async () =>
        takeFragments(storage, opened, await prepared(), nowMs()),
      );
      onTaken();
      return answer;
    },
    async replay(replay, code) {
      const answer = await serial(async () =>
        replayPage(storage, replay, await prepared(), nowMs(), code ?? null),
      );
      onTaken();
      return answer;
    },
    alone: (task) => serial(async () => task(await prepared())),
    use(next) {
      policy = next;
    },
    match(next) {
      matching = createMatchingContext({ ...deps.matching, policy: next });
      isPrepared = false;
    },
  };
}
