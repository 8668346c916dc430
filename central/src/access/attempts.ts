/**
 * How often somebody may try a password: per name and in all. Counted in memory, of a bounded number of names; after a
 * restart everybody may try anew, which an attacker cannot bring about.
 */
import { LIMITS } from "@regulars/shared/limits";

export interface Attempts {
  /** Whether a password may be tried for the name, which counts it. */
  take(name: string, nowMs: number): "taken" | "refused" | "refused_first";
  /** It was the right one: the name begins anew. */
  forget(name: string): void;
  /** Whether the audit is told of one more stranger: what nobody has proven fills no disk. */
  mayTell(nowMs: number): boolean;
}

interface Count {
  /** Of tries that were let through. */
  tries: number;
  readonly sinceMs: number;
  isTold: boolean;
}

export function createAttempts(): Attempts {
  const names = new Map<string, Count>();
  let all: Count = { tries: 0, sinceMs: 0, isTold: false };
  let told = { entries: 0, sinceMs: 0 };

  function countOf(name: string, nowMs: number): Count {
    const known = names.get(name);
    if (known && nowMs - known.sinceMs < LIMITS.passwordTriesMs) return known;
    names.delete(name);
    const [oldest] = names.keys();
    if (names.size >= LIMITS.passwordTriedNames && oldest !== undefined) names.delete(oldest);
    const fresh = { tries: 0, sinceMs: nowMs, isTold: false };
    names.set(name, fresh);
    return fresh;
  }

  return {
    take(name, nowMs) {
      if (nowMs - all.sinceMs >= 60_000) all = { tries: 0, sinceMs: nowMs, isTold: false };
      const own = countOf(name, nowMs);
      const full =
        own.tries >= LIMITS.passwordTriesPerName
          ? own
          : all.tries >= LIMITS.passwordTriesPerMinute
            ? all
            : null;
      if (full) {
        const isFirst = !full.isTold;
        full.isTold = true;
        return isFirst ? "refused_first" : "refused";
      }
      own.tries += 1;
      all.tries += 1;
      return "taken";
    },
    mayTell(nowMs) {
      if (nowMs - told.sinceMs >= 60_000) told = { entries: 0, sinceMs: nowMs };
      told.entries += 1;
      return told.entries <= LIMITS.toldStrangersPerMinute;
    },
    forget: (name) => void names.delete(name),
  };
}
