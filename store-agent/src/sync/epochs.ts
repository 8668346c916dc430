/** What sync asks of the journal: to begin a new epoch, or to seal rows anew. Never while a capture is under way. */
import type { Statement, Storage } from "@regulars/shared/storage/port";
import { cutStatements, type Reseal, resealSome } from "../journal/reseal.ts";
import { type Roll, rollStatements } from "../journal/roll.ts";

export interface Epochs {
  roll(roll: Pick<Roll, "epoch" | "reason" | "nextEpoch">): Promise<void>;
  /** Rows of the epoch from this one on get other numbers. */
  cut(cut: Pick<Reseal, "reason" | "epoch" | "from" | "nextEpoch">): Promise<void>;
  /** Seals some of the rows anew that wait for it; false when none do. */
  resealSome(): Promise<boolean>;
}

export interface EpochsDeps {
  readonly storage: Storage;
  readonly source: string;
  readonly store: string;
  readonly nowMs: () => number;
  /** Runs a task while no capture is being committed; what captures keep in memory is read anew afterwards. */
  readonly alone: <Value>(task: () => Promise<Value>) => Promise<Value>;
  /** There is a closed epoch more. */
  readonly onClosed: () => void;
}

export function createEpochs(deps: EpochsDeps): Epochs {
  const { storage, source, store, nowMs, alone, onClosed } = deps;
  const change = (decide: () => Promise<Statement[]>): Promise<void> =>
    alone(async () => {
      await storage.write(await decide());
      onClosed();
    });
  return {
    roll: (roll) => change(() => rollStatements(storage, { source, store, ...roll })),
    cut: (cut) => change(() => cutStatements(storage, { source, store, ...cut })),
    resealSome: () => alone(() => resealSome(storage, source, nowMs())),
  };
}
