/** Looking after both sides, and telling people of what is not as it should be: what the process does all the while. */
import { LIMITS } from "@regulars/shared/limits";
import type { Storage } from "@regulars/shared/storage/port";
import { startAlerting } from "../alerts/alerting.ts";
import type { QualityBreach } from "../alerts/conditions.ts";
import type { Way } from "../alerts/ways.ts";
import { startComparing } from "../compare/comparing.ts";
import { fileJournals } from "../compare/file-journals.ts";
import type { CompareEdge } from "../compare/port.ts";
import { breachWords } from "../console/quality/words.ts";
import type { Intake } from "../intake/intake.ts";
import type { Paced, PacedDeps } from "../paced.ts";
import { qualityBreaches } from "../quality/breaches.ts";

export interface WatchingDeps extends Pick<PacedDeps, "later"> {
  readonly storage: Storage;
  readonly intake: Intake;
  readonly edge: CompareEdge;
  readonly ways: readonly Way[];
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly newId: () => string;
  /** There is something to publish. */
  readonly onWritten: () => void;
  /** Store-days were marked. */
  readonly onMarked: () => void;
  readonly onFailure: (error: unknown, what: string) => void;
}

export function startWatching(deps: WatchingDeps): Paced {
  const { storage, nowMs, onMarked, onFailure } = deps;
  const loops = [
    startComparing({
      ...deps,
      confirmMs: LIMITS.compareConfirmMs,
      gapMs: LIMITS.compareGapMs,
      restMs: LIMITS.compareRestMs,
      async onJournals(day, found) {
        await fileJournals(storage, day, found, nowMs());
        onMarked();
      },
      onFailure: (error) => onFailure(error, "edge and centre could not be compared"),
    }),
    startAlerting({
      ...deps,
      qualityBreaches: readBreaches,
      onFailure: (error) => onFailure(error, "nobody could be told of an alert"),
    }),
  ];
  return { close: async () => void (await Promise.all(loops.map((loop) => loop.close()))) };
}

async function readBreaches(storage: Storage, nowMs: number): Promise<readonly QualityBreach[]> {
  const breaches = await qualityBreaches(storage, nowMs);
  return breaches.map((breach) => ({ ...breach, words: breachWords(breach) }));
}
