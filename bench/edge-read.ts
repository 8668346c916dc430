/**
 * A profile read over HTTP against the least that such a read could be: a Worker that asks a Durable Object for a text of the
 * same size, in the same workerd, in turns with it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as workerdPackage from "workerd";
import { z } from "zod";
import { bundleWorker } from "../edge/self-hosted/bundle.ts";
import { workerdConfig } from "../edge/self-hosted/workerd-config.ts";
import { cpuOfProcess } from "./cpu.ts";
import { bareConfig, BARE_WORKER, NOTHING } from "./edge-read/bare.ts";
import { makeCustomers } from "./edge-read/customers.ts";
import { medianOf, percentilesOf, rounded } from "./percentiles.ts";
import type { BenchOptions, Measured } from "./measured.ts";

const ROOT = resolve(import.meta.dirname, "..");
const CENTRAL_TOKEN = randomBytes(16).toString("hex");
const CUSTOMERS = 200;
const AT_ONCE = 16;
const WARM = 1_000;
const LIMIT_RATIO = 0.7;
/** `nothing` tells what the generator can do at most. */
const WAYS = ["nothing", "bare", "edge"] as const;
type Way = (typeof WAYS)[number];

interface Ports {
  readonly edge: number;
  readonly bare: number;
}

export async function benchEdgeRead({ isQuick }: BenchOptions): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), "regulars-bench-"));
  const ports = { edge: await freePort(), bare: await freePort() };
  const workerd = await start(folder, ports);
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  try {
    await untilUp(ports.edge);
    const customers = await makeCustomers(ports.edge, CENTRAL_TOKEN, CUSTOMERS);
    const { bytes } = await prepareBare(ports, customers);
    // The centre's calls are not counted; a key's are, and would be told to wait.
    const headers = { authorization: `Bearer ${CENTRAL_TOKEN}` };
    const asks = {
      nothing: () => ask(agent, ports.bare, NOTHING, {}),
      bare: (at: number) => ask(agent, ports.bare, `/${customers[at % CUSTOMERS]}`, {}),
      edge: (at: number) =>
        ask(agent, ports.edge, `/v1/customers/${customers[at % CUSTOMERS]}`, headers),
    };
    const rounds = isQuick ? 6 : 12;
    const perRound = isQuick ? 1_000 : 3_000;
    const taken = { nothing: new Taken(), bare: new Taken(), edge: new Taken() };
    for (const name of WAYS) await burst(asks[name], WARM);
    for (let round = 0; round < rounds; round++) {
      for (const name of round % 2 === 0 ? WAYS : WAYS.toReversed()) {
        const cpuMs = cpuOfProcess(workerd.pid);
        taken[name].add(await burst(asks[name], perRound));
        taken[name].cpuMs += cpuOfProcess(workerd.pid) - cpuMs;
      }
    }
    return [measuredOf(taken, `${bytes} bytes, ${AT_ONCE} at once, ${CUSTOMERS} customers`)];
  } finally {
    agent.destroy();
    workerd.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

class Taken {
  readonly latencies: number[] = [];
  /** Reads per second of each round. */
  readonly rates: number[] = [];
  /** Of workerd meanwhile. */
  cpuMs = 0;
  add({ latencies, totalMs }: Burst): void {
    this.latencies.push(...latencies);
    this.rates.push((latencies.length / totalMs) * 1_000);
  }
  perSecond(): number {
    return Math.round(medianOf(this.rates));
  }
  cpuEachMs(): string {
    return (this.cpuMs / this.latencies.length).toFixed(3);
  }
}

/** The rate is the median of the rounds, and so is its ratio to the round of the other beside it. */
function measuredOf({ nothing, bare, edge }: Record<Way, Taken>, conditions: string): Measured {
  const ratios = edge.rates.map((rate, round) => rate / (bare.rates[round] ?? rate));
  const ratio = rounded(medianOf(ratios));
  return {
    bench: "edge-read",
    value: edge.perSecond(),
    unit: "reads/s",
    baseline: bare.perSecond(),
    ratio,
    n: edge.latencies.length,
    ...percentilesOf(edge.latencies),
    conditions:
      `bare Durable Object read in the same workerd; ${conditions}; medians of ${ratios.length} rounds; ` +
      `workerd's CPU ms each: bare ${bare.cpuEachMs()}, edge ${edge.cpuEachMs()}; ` +
      `a Worker that answers by itself: ${nothing.perSecond()}/s; load ${rounded(loadavg()[0] ?? 0)}`,
    missed: ratio >= LIMIT_RATIO ? [] : [`less than ${LIMIT_RATIO} times the rate of its baseline`],
  };
}

interface Burst {
  readonly latencies: readonly number[];
  readonly totalMs: number;
}

async function burst(askOne: (at: number) => Promise<string>, count: number): Promise<Burst> {
  const latencies: number[] = [];
  let next = 0;
  const from = performance.now();
  async function work(): Promise<void> {
    for (let at = next++; at < count; at = next++) {
      const sentMs = performance.now();
      await askOne(at);
      latencies.push(performance.now() - sentMs);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, () => work()));
  return { latencies, totalMs: performance.now() - from };
}

function ask(
  agent: Agent,
  port: number,
  path: string,
  headers: Record<string, string>,
): Promise<string> {
  return new Promise((done, fail) => {
    request({ agent, port, path, headers, host: "127.0.0.1" }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        if (response.statusCode === 200) done(Buffer.concat(chunks).toString());
        else fail(new Error(`answered ${response.statusCode}`));
      });
    })
      .on("error", fail)
      .end();
  });
}

async function start(folder: string, ports: Ports): Promise<ChildProcess> {
  const objects = join(folder, "objects");
  mkdirSync(objects);
  await bundleWorker(join(ROOT, "edge/src/worker.ts"), join(folder, "worker.js"));
  writeFileSync(join(folder, "bare.js"), BARE_WORKER);
  const one = { PROFILE_SHARDS: "4", DIRECTORY_SHARDS: "1" };
  const config = bareConfig(workerdConfig(join(ROOT, "wrangler.toml"), one));
  writeFileSync(join(folder, "bench.capnp"), config);
  const loaded = z.object({ default: z.object({ default: z.string() }) }).parse(workerdPackage);
  const sockets = [`http=127.0.0.1:${ports.edge}`, `bare=127.0.0.1:${ports.bare}`];
  return spawn(
    loaded.default.default,
    [
      "serve",
      join(folder, "bench.capnp"),
      "config",
      ...sockets.map((socket) => `--socket-addr=${socket}`),
      `--directory-path=data=${objects}`,
    ],
    {
      env: {
        ...process.env,
        CENTRAL_URL: "http://127.0.0.1:9",
        REGULARS_PEPPER: "pepper-of-the-bench",
        REGULARS_CENTRAL_TOKEN: CENTRAL_TOKEN,
        REGULARS_EDGE_SECRET: "edge-secret-of-the-bench",
      },
      // The centre is away, which the edge says again and again.
      stdio: ["ignore", "ignore", "ignore"],
    },
  );
}

async function prepareBare(ports: Ports, customers: readonly string[]) {
  let bytes = 0;
  for (const customer of customers) {
    const headers = { authorization: `Bearer ${CENTRAL_TOKEN}` };
    const url = `http://127.0.0.1:${ports.edge}/v1/customers/${customer}`;
    const body = await (await fetch(url, { headers })).text();
    bytes = Buffer.byteLength(body);
    await fetch(`http://127.0.0.1:${ports.bare}/${customer}`, { method: "PUT", body });
  }
  return { bytes };
}

async function untilUp(port: number): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => null);
    if (response?.ok === true) return;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error("workerd did not answer within 20 seconds");
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => done(port));
    });
  });
}
