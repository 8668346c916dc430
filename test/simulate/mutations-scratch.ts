import { MUTATIONS } from "./mutations.ts";
import { search } from "./threads.ts";
const only = process.argv[2];
for (const mutation of MUTATIONS) {
  if (only && !mutation.name.includes(only)) continue;
  const t = performance.now();
  try { const s = await search({ from: 1, seeds: 2000, mutation, untilFailed: true });
  console.log(mutation.name, "|", s.failedSeeds[0] ?? "NOT FOUND", ((performance.now() - t) / 1000).toFixed(1) + "s", (s.broken[0] ?? "").slice(0, 110)); }
  catch (e) { console.log(mutation.name, "ERROR", e instanceof Error ? e.message : e); }
}
