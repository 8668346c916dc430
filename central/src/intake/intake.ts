/** The intake as a state machine over the storage port: events are counted, fragments converge. */
import type {
  EventsIntake,
  EventsIntakeAnswer,
  FragmentsIntake,
  FragmentsIntakeAnswer,
} from "@regulars/shared/protocol/intake";
import { createSerial } from "@regulars/shared/serial";
import type { Storage } from "@regulars/shared/storage/port";
import type { Policy } from "@regulars/shared/survivorship/policy";
import { takeEvents } from "./take-events.ts";
import { openFragments, takeFragments } from "./take-fragments.ts";

export interface IntakeDeps {
  readonly storage: Storage;
  readonly policy: Policy;
  readonly nowMs: () => number;
  /** Told after each write: there may be something to publish. */
  readonly onTaken: () => void;
}

export interface Intake {
  events(intake: EventsIntake): Promise<EventsIntakeAnswer>;
  fragments(intake: FragmentsIntake): Promise<FragmentsIntakeAnswer>;
}

export function createIntake({ storage, policy, nowMs, onTaken }: IntakeDeps): Intake {
  const serial = createSerial();
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
  };
}
