/** The edge, and the bare Worker beside it in the same workerd, each on a port of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import * as workerdPackage from "workerd";
import { z } from "zod";
import { bundleWorker } from "../../edge/self-hosted/bundle.ts";
import { workerdConfig } from "../../edge/self-hosted/workerd-config.ts";
import { findPorts } from "../../local/system/ports.ts";
import { bearer, type Connections, openConnections } from "../http.ts";
import { besideBare } from "../bare.ts";
import { BARE_WORKER } from "./bare.ts";
import { openTakingCentre } from "./taking-centre.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** Of profiles. */
export const SHARDS = 4;
const FIRST_PORT = 31_220;
const UP_WITHIN_MS = 20_000;
const QUIET_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 50;

export interface TwoWorkers {
  /** Of workerd as it runs now. */
  pid(): number | undefined;
  readonly token: string;
  readonly edgePort: number;
  readonly edge: Connections;
  readonly bare: Connections;
  /** Until the edge has nothing to deliver. */
  untilQuiet(): Promise<void>;
  /** Ends workerd, lets somebody at the folder of its objects, and starts it again. */
  restart(meanwhile: (objects: string) => void): Promise<void>;
  stop(): void;
}

export async function startWorkers(connectionsMax: number): Promise<TwoWorkers> {
  const folder = mkdtempSync(join(tmpdir(), "regulars-bench-"));
  const edgePort = await findPorts(3, FIRST_PORT);
  const barePort = edgePort + 1;
  const token = randomBytes(16).toString("hex");
  const centre = await openTakingCentre(edgePort + 2);
  const edge = openConnections(edgePort, connectionsMax);
  const bare = openConnections(barePort, connectionsMax);
  const wiring = { edgePort, barePort, token, centreUrl: centre.url };
  let workerd: ChildProcess | null = null;
  async function start(): Promise<void> {
    workerd = spawnWorkerd(folder, wiring);
    await until(UP_WITHIN_MS, "workerd did not answer", async () => {
      const answer = await edge.ask({ path: "/health" }).catch(() => null);
      return answer?.status === 200;
    });
  }
  async function end(): Promise<void> {
    if (!workerd) return;
    const ended = once(workerd, "exit");
    workerd.kill("SIGKILL");
    await ended;
  }
  const stop = (): void => {
    for (const each of [edge, bare, centre]) each.close();
    workerd?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await writeParts(folder);
    await start();
  } catch (error) {
    stop();
    throw error;
  }
  return {
    pid: () => workerd?.pid,
    token,
    edgePort,
    edge,
    bare,
    untilQuiet: () =>
      until(QUIET_WITHIN_MS, "the edge does not become quiet", async () => {
        const { body } = await edge.ask({ path: "/v1/status", headers: bearer(token) });
        const { shards } = statusSchema.parse(JSON.parse(body));
        return shards.every(({ undelivered, notices }) => undelivered + notices === 0);
      }),
    async restart(meanwhile) {
      await end();
      meanwhile(join(folder, "objects"));
      await start();
    },
    stop,
  };
}

const statusSchema = z.object({
  shards: z.array(z.object({ undelivered: z.int(), notices: z.int() })),
});

async function until(
  withinMs: number,
  failure: string,
  isSo: () => Promise<boolean>,
): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`${failure} within ${withinMs / 1_000} seconds`);
    await wait(LOOK_EVERY_MS);
  }
}

async function writeParts(folder: string): Promise<void> {
  mkdirSync(join(folder, "objects"));
  await bundleWorker(join(ROOT, "edge/src/worker.ts"), join(folder, "worker.js"));
  writeFileSync(join(folder, "bare.js"), BARE_WORKER);
  const few = { PROFILE_SHARDS: `${SHARDS}`, DIRECTORY_SHARDS: "1" };
  const config = besideBare("Bare")(workerdConfig(join(ROOT, "wrangler.toml"), few));
  writeFileSync(join(folder, "bench.capnp"), config);
}

interface Wiring {
  readonly edgePort: number;
  readonly barePort: number;
  readonly token: string;
  readonly centreUrl: string;
}

function spawnWorkerd(folder: string, { edgePort, barePort, token, centreUrl }: Wiring) {
  const loaded = z.object({ default: z.object({ default: z.string() }) }).parse(workerdPackage);
  const sockets = [`http=127.0.0.1:${edgePort}`, `bare=127.0.0.1:${barePort}`];
  return spawn(
    loaded.default.default,
    [
      "serve",
      join(folder, "bench.capnp"),
      "config",
      ...sockets.map((socket) => `--socket-addr=${socket}`),
      `--directory-path=data=${join(folder, "objects")}`,
    ],
    {
      env: {
        ...process.env,
        CENTRAL_URL: centreUrl,
        REGULARS_PEPPER: "pepper-of-the-bench",
        REGULARS_CENTRAL_TOKEN: token,
        REGULARS_EDGE_SECRET: "edge-secret-of-the-bench",
      },
      stdio: ["ignore", "ignore", "ignore"],
    },
  );
}
