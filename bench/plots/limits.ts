/** Limits as they are written for people, read again for where they are drawn. */

export interface RatioLimit {
  /** What the ratio has to be of it; unknown where the value is beside its limit and nothing else. */
  readonly must: "more" | "less" | null;
  readonly ratio: number;
}

/** "≥ 0.7 × the bare object": at 0.7. A limit that says nothing of a ratio is itself the baseline: at 1. */
export function ratioLimitOf(limit: string): RatioLimit {
  const [, sign = "", number = ""] = /([≥>≤<])\s*([\d.]+)\s*×/.exec(limit) ?? [];
  const ratio = Number(number);
  if (sign === "" || !(ratio > 0)) return { must: null, ratio: 1 };
  return { must: sign === "≥" || sign === ">" ? "more" : "less", ratio };
}

export interface PercentileLimit {
  readonly name: string;
  readonly ms: number;
}

/** "p99 < 10 ms and p95 ≤ 0.3 s": both, in milliseconds. */
export function percentileLimitsOf(limit: string): PercentileLimit[] {
  const said = limit.matchAll(/\b(p50|p95|p99)\s*[<≤]\s*([\d.,]+)\s*(ms|s)\b/g);
  return [...said].map(([, name = "", number = "", unit = ""]) => ({
    name,
    ms: Number(number.replaceAll(",", "")) * (unit === "s" ? 1_000 : 1),
  }));
}
