/** An edge on workerd by itself, with no centre to hand anything on to: what the edge alone does. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import * as workerdPackage from "workerd";
import { z } from "zod";
import { bundleWorker } from "../edge/self-hosted/bundle.ts";
import { workerdConfig } from "../edge/self-hosted/workerd-config.ts";
import { inspectorAddress } from "./inspected.ts";

const ROOT = resolve(import.meta.dirname, "..");
/** As on a machine of one's own (edge/self-hosted/serve.ts). */
const ONE_MACHINE = { PROFILE_SHARDS: "4", DIRECTORY_SHARDS: "1" };
const READY_WITHIN_MS = 20_000;

export interface LoneEdge {
  readonly port: number;
  readonly url: string;
  readonly centralToken: string;
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

export interface LoneEdgePlan {
  readonly folder: string;
  readonly port: number;
  /** What else the same workerd runs: changes its configuration, which lies in the folder, and names more sockets. */
  readonly beside?: (config: string) => string;
  readonly sockets?: Readonly<Record<string, number>>;
}

const binarySchema = z.object({ default: z.object({ default: z.string() }) });

export async function startLoneEdge(plan: LoneEdgePlan): Promise<LoneEdge> {
  const { folder, port, beside = (config: string) => config, sockets = {} } = plan;
  const centralToken = randomBytes(16).toString("hex");
  mkdirSync(join(folder, "objects"), { recursive: true });
  await bundleWorker(join(ROOT, "edge/src/worker.ts"), join(folder, "worker.js"));
  const config = beside(workerdConfig(join(ROOT, "wrangler.toml"), ONE_MACHINE));
  writeFileSync(join(folder, "bench.capnp"), config);
  const addresses = Object.entries({ ...sockets, http: port });
  const workerd = spawn(
    binarySchema.parse(workerdPackage).default.default,
    [
      "serve",
      join(folder, "bench.capnp"),
      "config",
      ...addresses.map(([name, at]) => `--socket-addr=${name}=127.0.0.1:${at}`),
      `--directory-path=data=${join(folder, "objects")}`,
      ...inspectorOf(process.env),
    ],
    {
      env: {
        ...process.env,
        CENTRAL_URL: "http://127.0.0.1:9",
        REGULARS_PEPPER: PEPPER,
        REGULARS_CENTRAL_TOKEN: centralToken,
        REGULARS_EDGE_SECRET: randomBytes(16).toString("hex"),
      },
      // The centre is away, which the edge says again and again.
      stdio: "ignore",
    },
  );
  const edge = {
    port,
    url: `http://127.0.0.1:${port}`,
    centralToken,
    pid: workerd.pid,
    async stop() {
      if (workerd.exitCode !== null || workerd.signalCode !== null) return;
      workerd.kill("SIGKILL");
      await once(workerd, "exit");
    },
  };
  try {
    await untilHealthy(edge.url);
  } catch (error) {
    await edge.stop();
    throw error;
  }
  return edge;
}

function inspectorOf(environment: NodeJS.ProcessEnv): string[] {
  const address = inspectorAddress(environment);
  return address === null ? [] : [`--inspector-addr=${address}`];
}

/** The same at edge and till. */
export const PEPPER = "pepper-of-the-bench";

async function untilHealthy(url: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline) {
    const response = await fetch(`${url}/health`).catch(() => null);
    if (response?.ok === true) return;
    await wait(25);
  }
  throw new Error(`workerd did not answer within ${READY_WITHIN_MS / 1_000} seconds`);
}
