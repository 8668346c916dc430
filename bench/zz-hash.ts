import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { runBatch } from "../central/src/matching/batch.ts";
import { DEFAULT_MODEL } from "../central/src/matching/model.ts";
for (const file of process.argv.slice(2)) {
  const units = readFileSync(file, "utf8")
    .split("\n")
    .map((l) => JSON.parse(l));
  const started = performance.now();
  const b = await runBatch(
    units,
    { from: DEFAULT_MODEL, version: "x" },
    ...((process.env["THREADS"] ? [Number(process.env["THREADS"])] : []) as []),
  );
  const ms = performance.now() - started;
  const h = createHash("sha256").update(JSON.stringify(b.model)).update(String(b.compared));
  for (const p of b.pairs) h.update(JSON.stringify(p));
  console.log(
    Math.round(b.comparingMs ?? 0),
    file.split("/").at(-1),
    units.length,
    b.compared,
    b.pairs.length,
    Math.round(ms),
    h.digest("hex").slice(0, 16),
  );
}
