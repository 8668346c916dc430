/**
 * Measured claims: npm run -s bench -- NAME [--quick] [--json]. Each prints what it has measured, beside what it was measured
 * against in the same run: as a table, or as JSON lines. It fails when a limit is missed that the house promises.
 */
import { benchCapture } from "./capture.ts";
import { benchConsole } from "./console.ts";
import { benchEdgeRead } from "./edge-read.ts";
import { benchIngest } from "./ingest.ts";
import type { BenchOptions, Measured } from "./measured.ts";
import { benchReconcile } from "./reconcile.ts";
import { benchUpdateLatency } from "./update-latency.ts";

const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<Measured[]>>> = {
  capture: benchCapture,
  console: benchConsole,
  "edge-read": benchEdgeRead,
  ingest: benchIngest,
  reconcile: benchReconcile,
  "update-latency": benchUpdateLatency,
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
  if (flags.includes("--json")) for (const each of measured) console.log(JSON.stringify(each));
  else print(measured);
  for (const { bench: of, missed = [] } of measured) {
    for (const limit of missed) console.error(`${of}: ${limit}.`);
    if (missed.length > 0) process.exitCode = 1;
  }
}

function print(measured: readonly Measured[]): void {
  console.table(
    Object.fromEntries(
      measured.map(({ bench: of, conditions: _conditions, missed: _missed, ...numbers }) => [
        of,
        numbers,
      ]),
    ),
  );
  for (const conditions of new Set(measured.map((each) => each.conditions))) {
    console.log(conditions);
  }
}
