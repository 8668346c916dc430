/**
 * How far the terminal's clock is ahead of the edge's (CLK2): measured at each call, as the middle of the call against
 * the time that the edge gave. Kept, so that a till that starts without a network stamps by what it last knew.
 */
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, rowsOf, type Storage } from "@regulars/shared/storage/port";

export interface ClockOffset {
  measure(sentAtMs: number, serverTimeMs: number): Promise<void>;
  /** Whether a stamp is further ahead of the edge's time than a clock may be; false while nothing was measured. */
  isAhead(stampMs: number): boolean;
}

/** A change that is smaller is the network's. */
const CHANGE_MS = 1_000;

export interface ClockOffsetDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  readonly onOffset: (offsetMs: number) => void;
}

export function createClockOffset({ storage, nowMs, onOffset }: ClockOffsetDeps): ClockOffset {
  let known: number | null = null;
  return {
    async measure(sentAtMs, serverTimeMs) {
      const heardAtMs = nowMs();
      const tookMs = heardAtMs - sentAtMs;
      // Too slow to tell, or the clock was set meanwhile.
      if (tookMs < 0 || tookMs > LIMITS.clockProbeMs) return;
      const offsetMs = Math.round(sentAtMs + tookMs / 2 - serverTimeMs);
      if (known !== null && Math.abs(offsetMs - known) < CHANGE_MS) return;
      known = offsetMs;
      onOffset(offsetMs);
      await storage.write([
        {
          sql: `insert into setting (name, value) values ('offset_ms', ?)
                on conflict (name) do update set value = excluded.value`,
          args: [String(offsetMs)],
        },
      ]);
    },
    isAhead: (stampMs) => known !== null && stampMs > nowMs() - known + LIMITS.clockAheadMs,
  };
}

export async function loadOffset(storage: Storage): Promise<number> {
  const [row] = await rowsOf(
    storage,
    "select cast(value as integer) as ms from setting where name = 'offset_ms'",
  );
  return row ? numberOf(row, "ms") : 0;
}
