/**
 * Customers that differed when they were looked at: which of them to look at next. Memory alone, and bounded; what stands as
 * a difference is in the database, and is taken up again after a restart.
 */
import type { CustomerId } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { Repair } from "./differences.ts";

export interface Suspect {
  readonly customer: CustomerId;
  readonly dueMs: number;
  /** Of both sides when it was last seen to differ; null where something was on its way. */
  readonly state: string | null;
  /** How often it was mended. */
  readonly tries: number;
  readonly history: History;
}

/** Of all tries: what differed before them, and what was done. */
export interface History {
  readonly what: readonly string[];
  readonly done: readonly Repair[];
}
export const NO_HISTORY: History = { what: [], done: [] };

export function createSuspects(confirmMs: number) {
  const suspects = new Map<CustomerId, Suspect>();
  return {
    size: () => suspects.size,
    get: (customer: CustomerId) => suspects.get(customer),
    /** New ones are let go when there are too many: the next round finds them again. */
    put(suspect: Suspect): void {
      const isFull = suspects.size >= LIMITS.compareSuspects;
      if (!isFull || suspects.has(suspect.customer)) suspects.set(suspect.customer, suspect);
    },
    clear: (customer: CustomerId) => void suspects.delete(customer),
    due(nowMs: number, max: number): Suspect[] {
      const due: Suspect[] = [];
      for (const each of suspects.values()) {
        if (each.dueMs <= nowMs) due.push(each);
        if (due.length === max) break;
      }
      return due;
    },
    nextMs: (): number | null =>
      suspects.size === 0 ? null : Math.min(...[...suspects.values()].map(({ dueMs }) => dueMs)),
    /** The wait before it is looked at again, after so many tries. */
    waitMs: (tries: number): number =>
      Math.min(LIMITS.compareRetryMaxMs, confirmMs * 2 ** Math.min(tries, 20)),
  };
}

export type Suspects = ReturnType<typeof createSuspects>;
