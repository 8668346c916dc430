/**
 * Who is looking at which pair: so that two people do not work on the same one unawares. In memory, for it protects nothing:
 * a decision that comes second is told by what is stored.
 */
import { LIMITS } from "@regulars/shared/limits";
import type { Person } from "../../access/person.ts";

export interface Looks {
  look(pair: string, person: Person, nowMs: number): void;
  /** The name of somebody else who is looking at it. */
  other(pair: string, person: Person, nowMs: number): string | null;
}

interface Look {
  readonly pair: string;
  readonly name: string;
  readonly atMs: number;
}

export function createLooks(): Looks {
  /** By person: who goes on to the next pair has left the one before. */
  const looks = new Map<string, Look>();
  return {
    look(pair, { id, name }, nowMs) {
      looks.delete(id);
      looks.set(id, { pair, name, atMs: nowMs });
      for (const [oldest] of looks) {
        if (looks.size <= LIMITS.matchLooks) break;
        looks.delete(oldest);
      }
    },
    other(pair, { id }, nowMs) {
      for (const [who, look] of looks) {
        const isNow = nowMs - look.atMs < LIMITS.matchLookMs;
        if (who !== id && look.pair === pair && isNow) return look.name;
      }
      return null;
    },
  };
}

export const pairOf = (customers: readonly [string, string]): string => customers.join("/");
