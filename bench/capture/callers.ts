/** So many callers, each with its next sale as soon as the last one is answered. */
import { percentilesOf, type Percentiles } from "../percentiles.ts";

export interface Run {
  readonly perSecond: number;
  /** Of each capture (ms). */
  readonly latencies: readonly number[];
  /** Of this process, all its threads, per capture. */
  readonly processorUs: number;
}

/** `capture` rejects when a sale was not taken. */
export async function runCallers(
  callers: number,
  count: number,
  capture: () => Promise<void>,
): Promise<Run> {
  const latencies: number[] = [];
  let left = count;
  const startedMs = performance.now();
  const processor = process.cpuUsage();
  const calling = async (): Promise<void> => {
    while (left-- > 0) {
      const sentMs = performance.now();
      await capture();
      latencies.push(performance.now() - sentMs);
    }
  };
  await Promise.all(Array.from({ length: callers }, calling));
  const { user, system } = process.cpuUsage(processor);
  const perSecond = (count * 1_000) / (performance.now() - startedMs);
  return { perSecond, latencies, processorUs: (user + system) / count };
}

export const percentilesOfRuns = (runs: readonly Run[]): Percentiles =>
  percentilesOf(runs.flatMap(({ latencies }) => latencies));
