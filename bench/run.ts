/**
 * Measured claims: npm run -s bench -- NAME [--quick] [--json]. Each prints JSON lines of what it has measured, beside what it was
 * measured against in the same run.
 */
import { benchEdgeRead } from "./edge-read.ts";

export interface BenchOptions {
  readonly isQuick: boolean;
}

export interface Measured {
  readonly bench: string;
  readonly value: number;
  readonly unit: string;
  /** The same of what it is compared with. */
  readonly baseline: number;
  readonly ratio: number;
  readonly n: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly conditions: string;
}

const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<Measured[]>>> = {
  "edge-read": benchEdgeRead,
};

const [name = "", ...flags] = process.argv.slice(2);
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
const unknown = flags.filter((flag) => flag !== "--quick" && flag !== "--json");
if (!bench) {
  const known = Object.keys(BENCHES).join(", ");
  console.error(`There is no bench of this name. There are: ${known}.`);
  process.exitCode = 1;
} else if (unknown.length > 0) {
  console.error("A bench takes --quick and --json, and nothing else.");
  process.exitCode = 1;
} else {
  const measured = await bench({ isQuick: flags.includes("--quick") });
  for (const each of measured) {
    console.log(flags.includes("--json") ? JSON.stringify(each) : wordsOf(each));
  }
}

function wordsOf({
  bench: of,
  value,
  unit,
  baseline,
  ratio,
  p50,
  p95,
  p99,
  n,
  conditions,
}: Measured) {
  return (
    `${of}: ${value} ${unit}, ${ratio} times the ${baseline} of its baseline ` +
    `(p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms, n ${n}; ${conditions})`
  );
}
