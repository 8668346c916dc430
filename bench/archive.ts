/**
 * What a till weighs, and how soon it sells, after a million events.
 *
 * node bench/archive.ts [--events 1000000] [--people 20000] [--keep]
 *
 * Fills a folder through the machines of the real agent, in full groups and without a sync per commit, against an edge in
 * this process that checks the chain and takes all but the last 1,000 events for golden. A third of the sales name one of
 * the customers. Profiles do not come back, so the working set is empty: what it takes is not measured here. Then the
 * agent starts on the folder as a process of its own. Prints one JSON line and fails when a limit of the issue is not
 * kept.
 */
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { text } from "node:stream/consumers";
import { setImmediate, setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import { ROOT } from "../local/system/programs.ts";
import { createArchive } from "../store-agent/src/archive/archive.ts";
import { verifyReportSchema } from "../store-agent/src/archive/verify.ts";
import { openFolder } from "../store-agent/src/db/open-folder.ts";
import { createGoldenEdge, GOLDEN_BUT } from "./archive/golden-edge.ts";
import { openFilling, PLACE, saleAt, SOURCE, STORE } from "./archive/filling-till.ts";

const LIMITS_OF_ISSUE = { databaseBytes: 100_000_000, startMs: 2_000 };
const GROUP = 64;
/** So far may the edge be behind while the till is filled. */
const BEHIND_MAX = 20_000;
const ASKED = 200;
const TOKEN = "token-of-the-bench-for-itself";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "1000000" },
    people: { type: "string", default: "20000" },
    keep: { type: "boolean", default: false },
  },
});
const events = Number(values.events);
const people = Number(values.people);
const folder = join(ROOT, ".regulars", "archive-bench");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const dataDir = join(folder, SOURCE);

async function fill(): Promise<{ sales: number; seconds: number }> {
  const startedMs = performance.now();
  const edge = createGoldenEdge(SOURCE);
  const filling = await openFilling(dataDir, edge);
  let sales = 0;
  let captured = 0;
  let toldMs = startedMs;
  while (captured < events) {
    const group = Array.from({ length: GROUP }, (_, at) =>
      filling.till.capture(saleAt(sales + at, people)),
    );
    for (const answer of await Promise.all(group)) {
      if (!answer.ok) throw new Error("refused");
      captured = Math.max(captured, answer.value.seq);
    }
    sales += GROUP;
    while (captured - edge.accepted() > BEHIND_MAX) await wait(5);
    if (performance.now() - toldMs > 10_000) {
      toldMs = performance.now();
      console.error(`${captured} events`);
    }
  }
  // Until nothing is left to be moved: less than one file beyond what is kept.
  for (let before = -1; ;) {
    const { archive, golden, captured: head } = await filling.till.status();
    if (golden >= head - GOLDEN_BUT && archive.rows === before) break;
    before = archive.rows;
    await wait(2_000);
  }
  await filling.close();
  return { sales, seconds: (performance.now() - startedMs) / 1_000 };
}

const sizeOf = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
const databaseBytes = (): number =>
  sizeOf(["", "-wal"].map((end) => join(dataDir, `store-agent.db${end}`)));

interface Started {
  readonly readyMs: number;
  capture(input: object): Promise<{ status: number; ms: number; body: unknown }>;
  end(): Promise<void>;
}

async function startAgent(): Promise<Started> {
  const startedMs = performance.now();
  const flags = { data: dataDir, source: SOURCE, store: STORE, port: "0", "log-level": "error" };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const child = fork(join(ROOT, "store-agent/src/main.ts"), args, {
    env: { REGULARS_PEPPER: PLACE.pepper, REGULARS_LOCAL_TOKEN: TOKEN },
  });
  const message = await new Promise<unknown>((heard) => child.once("message", heard));
  const readyMs = performance.now() - startedMs;
  const { port } = z.object({ port: z.int() }).parse(message);
  return {
    readyMs,
    async capture(input) {
      const sentMs = performance.now();
      const response = await fetch(`http://127.0.0.1:${port}/v1/captures`, {
        method: "POST",
        headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
        body: JSON.stringify(input),
      });
      const body: unknown = await response.json();
      return { status: response.status, ms: performance.now() - sentMs, body };
    },
    async end() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

const spread = (times: readonly number[]) => {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Number(
      (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(2),
    );
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
};

/** What a POS may ask of the far past, over the process's own API. */
async function askOld(agent: Started, sales: number) {
  const answerSchema = z.object({ repeated: z.boolean(), receipt: z.string().nullable() });
  const repeats: number[] = [];
  const voids: number[] = [];
  let wrong = 0;
  for (let n = 0; n < ASKED; n++) {
    const old = Math.floor((n * sales * 0.9) / ASKED);
    const { idempotencyKey, externalId } = saleAt(old, people);
    const again = await agent.capture(saleAt(old, people));
    const parsed = answerSchema.safeParse(again.body);
    if (!parsed.success || !parsed.data.repeated) wrong += 1;
    repeats.push(again.ms);
    if (n % 4 > 0) continue;
    const taken = await agent.capture({
      kind: "void",
      voids: externalId,
      idempotencyKey: `v${idempotencyKey}`,
    });
    if (taken.status !== 201 && taken.status !== 200) wrong += 1;
    const twice = await agent.capture({ kind: "void", voids: externalId });
    if (twice.status !== 409) wrong += 1;
    voids.push(taken.ms);
  }
  return { repeatMs: spread(repeats), voidMs: spread(voids), wrongAnswers: wrong };
}

/** Of a key that is nowhere, as each new sale brings one. */
async function missUs(): Promise<number> {
  const opened = await openFolder({ dataDir, source: SOURCE, store: STORE });
  const archive = createArchive(opened.storage, opened.archive);
  await archive.find("key", "none");
  const count = 10_000;
  const startedMs = performance.now();
  for (let n = 0; n < count; n++) await archive.find("key", `nowhere-${n}`);
  const tookMs = performance.now() - startedMs;
  await opened.close();
  return Number(((tookMs * 1_000) / count).toFixed(1));
}

/** One sale after the other, while rows move and while none do. */
async function captureWhileMoving() {
  const edge = createGoldenEdge(SOURCE);
  edge.setGolden(false);
  const filling = await openFilling(join(folder, "moving"), edge, "full");
  let n = 0;
  for (; n < 20_000; n += GROUP) {
    await Promise.all(
      Array.from({ length: GROUP }, (_, at) => filling.till.capture(saleAt(n + at, people))),
    );
  }
  while ((await filling.till.status()).total.accepted < n) await wait(50);
  async function sell(until: () => Promise<boolean>): Promise<number[]> {
    const times: number[] = [];
    do {
      for (let turn = 0; turn < 20; turn++) {
        const sentMs = performance.now();
        await filling.till.capture(saleAt(n++, people));
        times.push(performance.now() - sentMs);
        await setImmediate();
      }
    } while (!(await until()));
    return times;
  }
  let rounds = 0;
  const idle = await sell(async () => ++rounds > 40);
  edge.setGolden(true);
  const moving = await sell(async () => (await filling.till.status()).archive.files >= 2);
  await filling.close();
  return { idleMs: spread(idle), movingMs: spread(moving) };
}

async function verify() {
  const startedMs = performance.now();
  const child = spawn(
    process.execPath,
    [join(ROOT, "store-agent/src/main.ts"), "verify", "--data", dataDir],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const report = verifyReportSchema.parse(JSON.parse(await text(child.stdout)));
  return {
    ms: Math.round(performance.now() - startedMs),
    rows: report.rows,
    problems: report.problems.length,
  };
}

const captures = await captureWhileMoving();
const { sales, seconds } = await fill();
const bytes = databaseBytes();
const files = readdirSync(join(dataDir, "archive"));
const archiveBytes = sizeOf(files.map((file) => join(dataDir, "archive", file)));
const miss = await missUs();
const agent = await startAgent();
const first = await agent.capture(saleAt(sales, people));
const old = await askOld(agent, sales);
await agent.end();
const verified = await verify();

const startMs = agent.readyMs + first.ms;
const isKept =
  bytes < LIMITS_OF_ISSUE.databaseBytes &&
  startMs < LIMITS_OF_ISSUE.startMs &&
  old.wrongAnswers === 0 &&
  verified.problems === 0;
console.log(
  JSON.stringify({
    bench: "archive",
    events,
    people,
    fillSeconds: Math.round(seconds),
    databaseBytes: bytes,
    databaseBytesAfter: databaseBytes(),
    archiveFiles: files.length,
    archiveBytes,
    readyMs: Math.round(agent.readyMs),
    firstCaptureMs: Math.round(startMs),
    keyThatIsNowhereUs: miss,
    ...old,
    captureMs: captures,
    verified,
    limits: LIMITS_OF_ISSUE,
    isKept,
  }),
);
if (!values.keep) rmSync(folder, { recursive: true, force: true });
process.exit(isKept ? 0 : 1);
