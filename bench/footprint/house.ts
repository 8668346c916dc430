/** An edge with a meter in it, its centre, and a till for each of a few stores, in this process, as a POS embeds it. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { openEnrolments } from "../../local/system/enrolments.ts";
import { findPorts } from "../../local/system/ports.ts";
import { centreProgram, edgeProgram } from "../../local/system/programs.ts";
import { openSecrets } from "../../local/system/secrets.ts";
import { type Supervised, supervise } from "../../local/system/supervise.ts";
import { openUplink, type Uplink } from "../../local/system/uplink.ts";
import { openStoreAgent, type StoreAgent } from "../../store-agent/src/open-store-agent.ts";
import { cpuOfGroups } from "../cpu.ts";

const FIRST_PORT = 31_500;
const PLACE = { zone: "Europe/London", country: "GB", currency: "GBP" } as const;
const WITHIN_MS = 60_000;

const countSchema = z.object({
  requests: z.number(),
  alarmsSet: z.number(),
  alarmsRun: z.number(),
  rowsRead: z.number(),
  rowsWritten: z.number(),
  bytes: z.number(),
  activeMs: z.number(),
});
export type Count = z.infer<typeof countSchema>;

const countsSchema = z.object({
  workerRequests: z.number(),
  objects: z.record(z.string(), countSchema),
  statements: z.record(z.string(), z.number()),
});
export type Counts = z.infer<typeof countsSchema> & { readonly cpuMs: number };

export interface Till {
  readonly agent: StoreAgent;
  readonly uplink: Uplink;
}

export interface MeteredHouse {
  readonly edgeUrl: string;
  readonly token: string;
  readonly tills: readonly Till[];
  counts(): Promise<Counts>;
  /** Process group of the edge. */
  edgeGroup(): number;
  stop(): Promise<void>;
}

export async function openMeteredHouse(stores: number): Promise<MeteredHouse> {
  const folder = mkdtempSync(join(tmpdir(), "regulars-footprint-"));
  const clear = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  mkdirSync(join(folder, "logs"));
  const secrets = await openSecrets(folder);
  const [centrePort = 0, edgePort = 0] = await freePorts(2, FIRST_PORT);
  const plan = { folder, place: PLACE, centrePort, edgePort };
  const [centreUrl, edgeUrl] = [`http://127.0.0.1:${centrePort}`, `http://127.0.0.1:${edgePort}`];
  const watch = {
    onStart: () => undefined,
    onDeath: (_: unknown, sentence: string) => console.error(sentence),
    onGone: () => undefined,
  };
  const running: Supervised[] = [];
  const tills: Till[] = [];
  async function stop(): Promise<void> {
    await Promise.all(tills.map(({ agent }) => agent.close()));
    for (const { uplink } of tills) await uplink.cut();
    for (const program of running.toReversed()) await program.stop();
    clear();
  }
  try {
    running.push(await supervise(centreProgram(plan, secrets, edgeUrl), watch));
    const edge = edgeProgram(plan, secrets, centreUrl);
    const args = [...edge.args, "--worker=edge/test/metered-worker.ts"];
    const edgeRunning = await supervise({ ...edge, args }, watch);
    running.push(edgeRunning);
    const enrolment = await openEnrolments(edgeUrl, secrets.centralToken);
    const uplinkPorts = await freePorts(stores, FIRST_PORT + 10);
    for (const [at, uplinkPort] of uplinkPorts.entries()) {
      const named = { source: `till-${at + 1}`, store: `store-${at + 1}` };
      const dataDir = join(folder, named.source);
      const code = await enrolment(named, dataDir);
      const uplink = await openUplink(uplinkPort, edgePort);
      const agent = await openStoreAgent({
        dataDir,
        ...named,
        ...PLACE,
        pepper: secrets.pepper,
        edgeUrl: `http://127.0.0.1:${uplinkPort}`,
        ...(code === null ? {} : { enrolmentCode: code }),
      });
      tills.push({ agent, uplink });
    }
    const edgeGroup = (): number => edgeRunning.group();
    return {
      edgeUrl,
      token: secrets.centralToken,
      tills,
      edgeGroup,
      async counts() {
        const response = await fetch(`${edgeUrl}/bench/counts`);
        const counts = countsSchema.parse(await response.json());
        return { ...counts, cpuMs: cpuOfGroups([edgeGroup()]).get(edgeGroup()) ?? 0 };
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function freePorts(count: number, first: number): Promise<number[]> {
  const from = await findPorts(count, first);
  return Array.from({ length: count }, (_, at) => from + at);
}

/** Until everything that the till has captured is golden. */
export async function untilGolden({ agent }: Pick<Till, "agent">): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    const status = await agent.status();
    if (status.total.golden >= status.total.captured) return;
    if (performance.now() > deadline) throw new Error("a sale was not golden within a minute");
    await wait(20);
  }
}
