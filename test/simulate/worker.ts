/** A thread of the simulator: runs seeds as it is told, each in a world of its own. */
import { parentPort } from "node:worker_threads";
import { createDatabasePool } from "./database.ts";
import { installPlatform } from "./platform.ts";
import { planOf } from "./plan.ts";
import { runPlan } from "./run.ts";

installPlatform();
if (Number(process.argv[3] ?? 1) > 1) Error.stackTraceLimit = 0;
const pool = await createDatabasePool();
void parentPort;
const from = Number(process.argv[2] ?? 1), n = Number(process.argv[3] ?? 1);
const t0 = performance.now();
let failed = 0, events = 0; const inv: Record<string, number[]> = {};
for (let s = from; s < from + n; s++) {
  const r = await runPlan(planOf(String(s)), pool, n === 1);
  events += r.events;
  if (n === 1) console.log(r.trace.join("\n"));
  if (r.violations.length) { failed++; for (const v of r.violations) (inv[v.invariant] ??= []).push(s); if (failed < 4) console.log(s, r.violations.slice(0, 3)); }
}
const ms = performance.now() - t0;
const cpu = process.cpuUsage(); console.log({ failed, events, perSeed: ms / n, cpuPerSeed: (cpu.user + cpu.system) / 1000 / n, inv: Object.fromEntries(Object.entries(inv).map(([k, v]) => [k, [...new Set(v)].length + " " + [...new Set(v)].slice(0, 8)])) });
