/** The agent as a process of its own, on a folder that is there already, and without an edge. */
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { json } from "node:stream/consumers";
import { z } from "zod";
import { ROOT } from "../../local/system/programs.ts";
import { verifyReportSchema } from "../../store-agent/src/archive/verify.ts";
import { PLACE, SOURCE, STORE } from "./filling-till.ts";

const TOKEN = "token-of-the-bench-for-itself";
const AGENT = join(ROOT, "store-agent/src/main.ts");

export interface Answered {
  readonly status: number;
  readonly ms: number;
  readonly body: unknown;
}

export interface Started {
  /** Until it takes calls. */
  readonly readyMs: number;
  capture(input: object): Promise<Answered>;
  end(): Promise<void>;
}

export async function startAgent(dataDir: string): Promise<Started> {
  const startedMs = performance.now();
  const flags = { data: dataDir, source: SOURCE, store: STORE, port: "0", "log-level": "error" };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const child = fork(AGENT, args, {
    env: { REGULARS_PEPPER: PLACE.pepper, REGULARS_LOCAL_TOKEN: TOKEN },
    execArgv: [],
  });
  const messages: readonly unknown[] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => Promise.reject(new Error("the agent has not started"))),
  ]);
  const readyMs = performance.now() - startedMs;
  const { port } = z.object({ port: z.int() }).parse(messages[0]);
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

export interface Verified {
  readonly rows: number;
  readonly problems: number;
  readonly seconds: number;
}

/** All that the till has ever written, by the command that anybody may run. */
export async function verify(dataDir: string): Promise<Verified> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [AGENT, "verify", "--data", dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { rows, problems } = verifyReportSchema.parse(await json(child.stdout));
  const seconds = (performance.now() - startedMs) / 1_000;
  return { rows, problems: problems.length, seconds };
}
