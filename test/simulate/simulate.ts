/**
 * Runs the machines of till, edge and centre through faults that a seed has drawn, in virtual time.
 *
 * npm run -s simulate -- [--seeds 1000] [--from S] [--threads N]
 * npm run -s simulate -- --compare [--seeds 1000] [--from S] [--threads N]
 * npm run -s simulate -- --replay SEED [--trace]
 *
 * Prints one JSON line; for the first seeds that fail also the shortest trace that still fails. Exits with 1 when any did.
 */
import { randomInt } from "node:crypto";
import { numberOf, readOptions } from "../command-options.ts";
import { replay, search } from "./threads.ts";

const values = readOptions({
  seeds: { type: "string", default: "1000" },
  from: { type: "string" },
  threads: { type: "string" },
  compare: { type: "boolean", default: false },
  replay: { type: "string" },
  trace: { type: "boolean", default: false },
});

/** Of a run that finds many, the first are enough to begin with. */
const TRACED_MAX = 2;
const PROGRESS_EVERY = 1_000;

if (values.replay !== undefined) {
  const { violations, steps, trace } = await replay(values.replay, { shorten: !values.trace });
  process.stdout.write(`${trace.join("\n")}\n`);
  process.stdout.write(`${JSON.stringify({ seed: values.replay, steps, violations })}\n`);
  process.exitCode = violations.length > 0 ? 1 : 0;
} else {
  const seeds = numberOf("seeds", values.seeds);
  const from = values.from === undefined ? randomInt(1_000_000_000) : numberOf("from", values.from);
  const summary = await search({
    from,
    seeds,
    comparing: values.compare,
    ...(values.threads === undefined ? {} : { threads: numberOf("threads", values.threads) }),
    onProgress(done) {
      if (done % PROGRESS_EVERY === 0) process.stderr.write(`${done} of ${seeds} seeds\n`);
    },
  });
  // Shortened is what a plan breaks, and not what was broken after it.
  for (const seed of values.compare ? [] : summary.failedSeeds.slice(0, TRACED_MAX)) {
    const { trace } = await replay(seed, { shorten: true });
    process.stderr.write(`\nSeed ${seed}, the shortest that still fails:\n${trace.join("\n")}\n`);
  }
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  process.exitCode = summary.failed > 0 ? 1 : 0;
}
