/** The store agent as a process of its own, without an edge, as a POS on the same machine meets it. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { QUICK_START, ROOT, TILL_THRIFT } from "../local/system/programs.ts";
import { bearer } from "./http.ts";
import { inspectorAddress } from "./inspected.ts";

export const PEPPER = "pepper-of-the-bench";
export const PLACE = { zone: "Europe/London", country: "GB", currency: "GBP" } as const;
const TOKEN = "token-of-the-bench-for-itself";

export interface AgentProcess {
  readonly port: number;
  /** For its local API. */
  readonly headers: Readonly<Record<string, string>>;
  /** Memory that it holds now (bytes); 0 where the system does not tell. */
  residentBytes(): number;
  stop(): Promise<void>;
}

export interface AgentFolder {
  readonly dataDir: string;
  readonly source: string;
  readonly store: string;
}

/** Resolves when it takes calls; rejects when it ends before. */
export async function startAgent(folder: AgentFolder): Promise<AgentProcess> {
  const { dataDir, source, store } = folder;
  const flags = { data: dataDir, source, store, port: "0", "log-level": "error", ...PLACE };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const address = inspectorAddress(process.env);
  const child = fork(join(ROOT, "store-agent/src/main.ts"), args, {
    env: { ...QUICK_START, REGULARS_PEPPER: PEPPER, REGULARS_LOCAL_TOKEN: TOKEN },
    execArgv: [...TILL_THRIFT, ...(address === null ? [] : [`--inspect=${address}`])],
  });
  const port = await portOf(child);
  return {
    port,
    headers: { ...bearer(TOKEN), "content-type": "application/json" },
    residentBytes: () => residentBytesOf(child.pid),
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

const readySchema = z.object({ port: z.int() });

async function portOf(child: ChildProcess): Promise<number> {
  const heard = await new Promise<unknown>((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", () => reject(new Error("the agent has not started")));
  });
  return readySchema.parse(heard).port;
}

const PAGE_BYTES = 4_096;

function residentBytesOf(pid: number | undefined): number {
  try {
    const [, pages] = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ");
    return Number(pages) * PAGE_BYTES;
  } catch {
    return 0; // another system
  }
}
