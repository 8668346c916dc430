/** The centre as a process, somebody who has signed in, and a process that reads rows and does nothing else. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { LOAD_PAGES, THRIFT } from "../../local/system/programs.ts";
import { cpuOfProcess } from "../cpu.ts";
import { bearer, type Connections, openConnections } from "../http.ts";
import { IDENTITY } from "./template.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const PASSWORD = "password of the bench";
const TOKEN = "token-of-the-bench";
const SETTLE_MS = 500;
const SETTLE_TRIES = 30;
/** Of both alike. */
const FLAGS = [...THRIFT, LOAD_PAGES];
const readySchema = z
  .tuple([z.object({ ready: z.literal(true), port: z.int() })])
  .rest(z.unknown());

export interface Reader {
  /** Milliseconds until all of the answer is there, and how long it is; throws for any that is not 200. */
  get(path: string): Promise<{ readonly tookMs: number; readonly body: string }>;
  memoryMb(): number;
  stop(): Promise<void>;
}

export interface Centre extends Reader {
  /** Until what a start brings with it is done, or has taken a quarter of a minute. */
  settled(): Promise<void>;
  /** A page of the console: milliseconds until the whole of it is there. */
  open(path: string): Promise<number>;
}

export async function startCentre(database: string): Promise<Centre> {
  const child = start("central/src/main.ts", [
    `--database=${database}`,
    "--port=0",
    "--edge=http://127.0.0.1:9", // nobody answers there
    "--log-level=silent",
  ]);
  const [{ port }] = readySchema.parse(await once(child, "message"));
  const cookie = await signIn(`http://127.0.0.1:${port}`);
  const connections = openConnections(port, 1);
  return {
    ...readerOf(child, connections, bearer(TOKEN)),
    async open(path) {
      return (await timed(connections, path, { cookie })).tookMs;
    },
    async settled() {
      for (let tries = 0; tries < SETTLE_TRIES; tries += 1) {
        const before = cpuOfProcess(child.pid);
        await wait(SETTLE_MS);
        if (cpuOfProcess(child.pid) - before < SETTLE_MS / 10) return;
      }
    },
  };
}

export async function startBare(database: string): Promise<Reader> {
  const child = start("bench/centre/bare.ts", [database]);
  const [{ port }] = readySchema.parse(await once(child, "message"));
  return readerOf(child, openConnections(port, 1), {});
}

function start(file: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [...FLAGS, join(ROOT, file), ...args], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: {
      ...process.env,
      REGULARS_PEPPER: IDENTITY.pepper,
      REGULARS_CENTRAL_TOKEN: TOKEN,
      REGULARS_CONSOLE_PASSWORD: PASSWORD,
    },
  });
}

const readerOf = (
  child: ChildProcess,
  connections: Connections,
  headers: Readonly<Record<string, string>>,
): Reader => ({
  get: (path) => timed(connections, path, headers),
  memoryMb: () => residentMb(child),
  async stop() {
    connections.close();
    child.kill("SIGTERM");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  },
});

async function timed(
  connections: Connections,
  path: string,
  headers: Readonly<Record<string, string>>,
) {
  const startedMs = performance.now();
  const { status, body } = await connections.ask({ path, headers });
  const tookMs = performance.now() - startedMs;
  if (status !== 200) throw new Error(`${path} answers ${status}`);
  return { tookMs, body };
}

async function signIn(url: string): Promise<string> {
  const response = await fetch(`${url}/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: url },
    body: new URLSearchParams({ name: "console", password: PASSWORD }).toString(),
    redirect: "manual",
  });
  const [cookie = ""] = response.headers.getSetCookie().map((each) => each.split(";")[0] ?? "");
  if (cookie === "") throw new Error(`signing in answers ${response.status}`);
  return cookie;
}

function residentMb({ pid }: ChildProcess): number {
  const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
  return Math.round(Number(kb) / 1_024);
}
