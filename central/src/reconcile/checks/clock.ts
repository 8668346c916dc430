/** 7. Clocks: how far a terminal's was off when its rows were accepted (CLK2). One per terminal, at its first such row. */
import { LIMITS } from "@regulars/shared/limits";
import type { Found } from "../found.ts";
import { placeOf, type StoreDay } from "./store-day.ts";

export function checkClocks({ rows }: StoreDay): Found[] {
  const off = rows.filter(({ offsetMs }) => Math.abs(offsetMs) > LIMITS.clockAheadMs);
  return [...Map.groupBy(off, ({ source }) => source)].flatMap(([source, of]): Found[] => {
    const [first] = of;
    if (!first) return [];
    const worst = of.reduce((a, b) => (Math.abs(b.offsetMs) > Math.abs(a.offsetMs) ? b : a));
    return [
      {
        kind: "clock_drift",
        about: source,
        ...placeOf(first),
        currency: null,
        amountMinor: null,
        evidence: { offsetMs: worst.offsetMs, rows: of.length, limitMs: LIMITS.clockAheadMs },
      },
    ];
  });
}
