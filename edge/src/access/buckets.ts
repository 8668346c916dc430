/**
 * Token buckets in the memory of an isolate: each caller has so many calls at once and so many per second. Isolates count
 * for themselves, so the limit holds per isolate: it keeps one caller from taking what others need, and bills nobody.
 */
export interface Rate {
  readonly perSecond: number;
  readonly atOnce: number;
}

interface Bucket {
  left: number;
  atMs: number;
}

export interface Buckets {
  /** Null where the call may go on; else how long its caller should wait (ms). */
  take(name: string, rate: Rate, nowMs: number): number | null;
}

export function createBuckets(bucketsMax: number): Buckets {
  /** Who called last comes last. */
  const buckets = new Map<string, Bucket>();
  return {
    take(name, { perSecond, atOnce }, nowMs) {
      const known = buckets.get(name) ?? { left: atOnce, atMs: nowMs };
      const gained = (Math.max(0, nowMs - known.atMs) / 1_000) * perSecond;
      const left = Math.min(atOnce, known.left + gained);
      const isLet = left >= 1;
      buckets.delete(name);
      buckets.set(name, { left: isLet ? left - 1 : left, atMs: nowMs });
      for (const [oldest] of buckets) {
        if (buckets.size <= bucketsMax) break;
        buckets.delete(oldest);
      }
      return isLet ? null : Math.ceil(((1 - left) / perSecond) * 1_000);
    },
  };
}
