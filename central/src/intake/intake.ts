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
import { takeEvents } from "./take-events.ts";
import { openFragments, takeFragments } from "./take-fragments.ts";

export interface IntakeDeps {
  readonly storage: Storage;
  /** By which golden records are derived at first. */
  readonly policy: Policy;
  readonly nowMs: () => number;
  /** Told after each write: there may be something to publish. */
  readonly onTaken: () => void;
}

export interface Intake {
  events(intake: EventsIntake): Promise<EventsIntakeAnswer>;
  fragments(intake: FragmentsIntake): Promise<FragmentsIntakeAnswer>;
  /** What is in quarantine here, once more. Null when `after` is nothing that an answer has held. */
  replay(replay: Replay): Promise<ReplayAnswer | null>;
  /** Runs a task that decides by what is stored; no delivery is taken meanwhile. */
  alone<Answer>(task: () => Promise<Answer>): Promise<Answer>;
  /** Golden records are derived by this policy from now on. */
  use(policy: Policy): void;
}

export function createIntake(deps: IntakeDeps): Intake {
  const { storage, nowMs, onTaken } = deps;
  const serial = createSerial();
  let { policy } = deps;
  return {
    async events(intake) {
      const answer = await serial(() => takeEvents(storage, intake, nowMs()));
      onTaken();
      return answer;
    },
    async fragments(intake) {
      const opened = openFragments(intake);
      const answer = await serial(() => takeFragments(storage, opened, policy, nowMs()));
      onTaken();
      return answer;
    },
    async replay(replay) {
      const answer = await serial(() => replayPage(storage, replay, policy, nowMs()));
      onTaken();
      return answer;
    },
    alone: serial,
    use(next) {
      policy = next;
    },
  };
}
