/**
 * Callers that were shut out a moment ago. What a Worker was told before may let them through for half a second more, to an
 * object that has ended their connections already (SEC1).
 */
import { LIMITS } from "@regulars/shared/limits";

export interface ShutOut {
  add(name: string, nowMs: number): void;
  has(name: string, nowMs: number): boolean;
}

export function createShutOut(): ShutOut {
  const since = new Map<string, number>();
  return {
    add: (name, nowMs) => void since.set(name, nowMs),
    has(name, nowMs) {
      const sinceMs = since.get(name);
      if (sinceMs === undefined) return false;
      if (nowMs - sinceMs < 2 * LIMITS.registryAgeMs) return true;
      since.delete(name);
      return false;
    },
  };
}
