/**
 * One till that is killed again and again while it captures.
 *
 * npm run -s chaos:kills -- [--kills 1000] [--seed S]
 *
 * Each capture that was answered is written to a plain file outside of the till; one that was not is asked for again
 * under its key. At the end the file is compared with the journal. Prints one JSON line; exits with 1 when a sale was
 * lost or doubled, or a restart took longer to its first capture than the limit.
 */
import { createHash, randomInt } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { createAgentClient } from "../../local/system/agent-client.ts";
import { findPorts } from "../../local/system/ports.ts";
import { agentProgram, ROOT } from "../../local/system/programs.ts";
import { openSecrets } from "../../local/system/secrets.ts";
import { Unavailable } from "../../local/system/request.ts";
import { numberOf, readOptions } from "../command-options.ts";
import { createRandom } from "../simulate/random.ts";
import { createPart } from "./part.ts";
import { openReceipts } from "./receipts.ts";

const values = readOptions({
  kills: { type: "string", default: "1000" },
  seed: { type: "string", default: String(randomInt(1_000_000_000)) },
});
const LIMIT_MS = 1_000;
const LIVES_MS = 120;
const AGAIN_MS = 5;
const kills = numberOf("kills", values.kills);
const random = createRandom(values.seed);
const till = "till-1";

const folder = join(ROOT, ".regulars", `kills-${values.seed}`);
rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, "logs"), { recursive: true });
const secrets = await openSecrets(folder);
const receipts = openReceipts(join(folder, "receipts"));
const port = await findPorts(1, 28_000);
const place = { zone: "Europe/London", country: "GB", currency: "GBP" };
const nowhere = { folder, place, centrePort: 0, edgePort: 0 };
const agent = { source: till, store: "store-1", port };
const program = agentProgram(nowhere, agent, secrets, "http://127.0.0.1:9", null);
const part = createPart(program);
const client = createAgentClient(`http://127.0.0.1:${port}`, secrets.localToken);

let count = 0;
let onAnswer = (): void => undefined;
const stopping = new AbortController();
async function sell(): Promise<void> {
  while (!stopping.signal.aborted) {
    const key = `sale-${count++}`;
    const input = {
      kind: "sale" as const,
      idempotencyKey: key,
      externalId: key,
      lines: [{ sku: "tea", quantity: "1", unitPrice: "1.00" }],
      ...(count % 3 === 0 ? { customer: { loyaltyNumber: `98${count % 50}` } } : {}),
    };
    for (let answered = false; !answered;) {
      try {
        const { epoch, seq, receipt } = await client.capture(input);
        receipts.print({ key, till, epoch, seq, receipt, customer: null, totalMinor: 100 });
        answered = true;
        onAnswer();
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        await wait(AGAIN_MS);
      }
    }
  }
}

const restarts: number[] = [];
async function live(): Promise<void> {
  const startedMs = performance.now();
  const first = new Promise<void>((heard) => {
    onAnswer = heard;
  });
  await part.start();
  await first;
  restarts.push(performance.now() - startedMs);
}
const selling = sell();
await live();
for (let kill = 1; kill <= kills; kill++) {
  await wait(random.int(0, LIVES_MS));
  await part.kill();
  await live();
  if (kill % 100 === 0) process.stderr.write(`${kill} of ${kills} kills\n`);
}
stopping.abort();
await selling;
await part.kill();

const printed = receipts.read();
const database = new DatabaseSync(join(folder, till, "store-agent.db"), { readOnly: true });
const rows = database
  .prepare("select epoch, seq, prev, hash, body, external_id from journal order by epoch, seq")
  .all();
database.close();
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
let prev = sha256(`regulars/journal/${till}/1`);
const broken = rows.find((row, at) => {
  const isNext = row["epoch"] === 1 && row["seq"] === at + 1 && row["prev"] === prev;
  prev = String(row["hash"]);
  return !isNext || sha256(`${String(row["prev"])}\n${String(row["body"])}`) !== prev;
});
const times = Map.groupBy(
  rows.filter(({ external_id: key }) => key !== null),
  (row) => String(row["external_id"]),
);
const lost = printed.filter(({ key }) => !times.has(key)).length;
const doubled =
  [...times.values()].filter((same) => same.length > 1).length +
  (printed.length - new Set(printed.map(({ receipt }) => receipt)).size);
// The first start fills the cache of compiled code.
const sorted = restarts.slice(1).toSorted((a, b) => a - b);
const restartMs = {
  p50: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
  p99: Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0),
  max: Math.round(sorted.at(-1) ?? 0),
};
const isSound = lost === 0 && doubled === 0 && broken === undefined && restartMs.max <= LIMIT_MS;
process.stdout.write(
  `${JSON.stringify({ seed: values.seed, kills, acknowledged: printed.length, lost, doubled, journalIsWhole: broken === undefined, restartToFirstCaptureMs: restartMs, ofLimit: Number((restartMs.max / LIMIT_MS).toFixed(2)), isSound })}\n`,
);
if (isSound) rmSync(folder, { recursive: true, force: true });
process.exit(isSound ? 0 : 1);
