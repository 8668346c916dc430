/**
 * npm run -s reconcile:inject -- [--store-days 400] [--rows 2000000] [--seed 1] [--stores 20]
 *
 * Prints one JSON line; exits with 1 when anything was missed, was a false alarm, or a day is not what it should be.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../central/src/db/open.ts";
import { numberOf, readOptions } from "../command-options.ts";
import { inject } from "./inject.ts";

const shown = (texts: readonly string[]) => ({ count: texts.length, first: texts.slice(0, 20) });

const values = readOptions({
  "store-days": { type: "string", default: "400" },
  rows: { type: "string", default: "2000000" },
  seed: { type: "string", default: "1" },
  stores: { type: "string", default: "20" },
});
const storeDays = numberOf("store-days", values["store-days"]);
const rows = numberOf("rows", values.rows);
const stores = numberOf("stores", values.stores);

const folder = await mkdtemp(join(tmpdir(), "regulars-inject-"));
const storage = await openDatabase({ url: `file:${join(folder, "central.db")}` });
try {
  const report = await inject(storage, {
    storeDays,
    rows,
    seed: values.seed,
    stores,
    onProgress: (words) => process.stderr.write(`${words}\n`),
  });
  const { missed, falseAlarms, wrongDays } = report;
  process.stdout.write(
    `${JSON.stringify({ ...report, seed: values.seed, rssMb: Math.round(process.memoryUsage.rss() / 2 ** 20), missed: shown(missed), falseAlarms: shown(falseAlarms), wrongDays: shown(wrongDays) })}\n`,
  );
  process.exitCode = missed.length + falseAlarms.length + wrongDays.length > 0 ? 1 : 0;
} finally {
  storage.close();
  await rm(folder, { recursive: true, force: true });
}
