/**
 * How long a till takes to look up a customer with its network cut.
 *
 * node bench/lookup.ts --replay FOLDER [--till store-1-till-1] [--rounds 3]
 *
 * Opens the folder that a till of a finished `npm run replay` has left, with no edge at all, and looks up every customer of
 * its working set and every receipt of its journal, in a shuffled order. Prints one JSON line.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { createClient } from "@libsql/client";
import { profileContentSchema } from "@regulars/shared/survivorship/profile";
import { z } from "zod";
import { openStoreAgent } from "../store-agent/src/open-store-agent.ts";

const { values } = parseArgs({
  options: {
    replay: { type: "string" },
    till: { type: "string", default: "store-1-till-1" },
    rounds: { type: "string", default: "3" },
  },
});
if (values.replay === undefined) {
  console.error("Usage: node bench/lookup.ts --replay FOLDER [--till NAME] [--rounds N]");
  process.exit(1);
}
const dataDir = join(values.replay, values.till);
const { pepper } = z
  .object({ pepper: z.string() })
  .parse(JSON.parse(readFileSync(join(values.replay, "secrets.json"), "utf8")));

const queries = await readQueries(dataDir);
const agent = await openStoreAgent({
  dataDir,
  source: values.till,
  store: values.till.replace(/-till-.*/, ""),
  pepper,
  zone: "Europe/London",
  country: "GB",
  currency: "GBP",
});
const { workingSet } = await agent.status();
const tookMs: number[] = [];
let missed = 0;
for (let round = 0; round < Number(values.rounds); round++) {
  for (const query of queries) {
    const started = performance.now();
    const results = await agent.lookup(query);
    tookMs.push(performance.now() - started);
    if (results.length === 0) missed++;
  }
}
await agent.close();

tookMs.sort((a, b) => a - b);
const quantile = (share: number): number =>
  Number((tookMs[Math.min(tookMs.length - 1, Math.floor(share * tookMs.length))] ?? 0).toFixed(3));
const line = { bench: "lookup", unit: "ms", n: tookMs.length, workingSet, missed };
console.log(
  JSON.stringify({
    ...line,
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    max: quantile(1),
  }),
);

async function readQueries(folder: string): Promise<string[]> {
  const client = createClient({ url: `file:${join(folder, "store-agent.db")}` });
  const profiles = await client.execute("select json from profile");
  const receipts = await client.execute(
    "select receipt from journal where receipt is not null and subject is not null",
  );
  client.close();
  const text = z.string();
  const cards = profiles.rows.flatMap((row) => {
    const { fields } = profileContentSchema.parse(JSON.parse(text.parse(row["json"])));
    const card = fields.loyaltyNumber?.value;
    return typeof card === "string" ? [card] : [];
  });
  // An order that is no order: by a multiplicative hash of the position, the same in each run.
  return [...cards, ...receipts.rows.map((row) => text.parse(row["receipt"]))]
    .map((query, at) => ({ query, rank: (at * 2_654_435_761) % 4_294_967_296 }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ query }) => query);
}
