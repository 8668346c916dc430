/** Three ways to bring what was sold without a network to the other side, each as it is meant to be used. */
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { openEnrolments } from "../../local/system/enrolments.ts";
import { PEPPER, startLoneEdge } from "../workerd.ts";
import { PEERS } from "./peers.ts";
import { startProgram } from "./process.ts";
import { openWire } from "./wire.ts";

export const WAYS = ["regulars", "pouchdb", "yjs"] as const;
export type Way = (typeof WAYS)[number];

export interface Brought {
  /** From the till's first word until all is durable at the other side (ms), as the till has learned it. */
  readonly acceptedMs: number;
  /** And in what is read there. */
  readonly mergedMs: number;
  /** Over the wire, both ways. */
  readonly bytes: number;
}

export interface WayDeps {
  /** Of the whole bench. */
  readonly folder: string;
  readonly sqliteNode: string;
  /** Of the other side; the wire to it is the next one. */
  readonly port: number;
}

export interface WayRunner {
  /** Sells without a network, once for all rounds of this size. */
  prepare(sales: number): Promise<void>;
  /** Brings it to an other side that has nothing yet. */
  bring(sales: number, round: number): Promise<Brought>;
}

const readySchema = z.object({ ready: z.literal(true) });
const reachedSchema = z.object({ acceptedMs: z.number(), mergedMs: z.number() });

export const runnersOf = (deps: WayDeps): Record<Way, WayRunner> => ({
  regulars: regulars(deps),
  pouchdb: pouchdb(deps),
  yjs: yjs(deps),
});

function regulars({ folder, port }: WayDeps): WayRunner {
  const till = { source: "till-1", store: "store-1", pepper: PEPPER };
  const file = join(import.meta.dirname, "till.ts");
  const soldIn = (sales: number) => join(folder, `regulars-${sales}`);
  return {
    async prepare(sales) {
      const plan = { ...till, dataDir: soldIn(sales), sales };
      await startProgram({ file, plan }).ended;
    },
    async bring(sales, round) {
      const dataDir = join(folder, `regulars-${sales}-${round}`);
      cpSync(soldIn(sales), dataDir, { recursive: true });
      const edge = await startLoneEdge({ folder: `${dataDir}-edge`, port });
      const wire = await openWire(port + 1, port);
      const edgeUrl = `http://127.0.0.1:${wire.port}`;
      const enrolmentCode = await (
        await openEnrolments(edge.url, edge.centralToken)
      )(till, dataDir);
      const plan = { ...till, dataDir, sales, edgeUrl, enrolmentCode };
      const program = startProgram({ file, plan });
      try {
        return broughtOf(wire, await program.hear(reachedSchema));
      } finally {
        await program.stop();
        await wire.close();
        await edge.stop();
      }
    },
  };
}

function pouchdb({ folder, port }: WayDeps): WayRunner {
  const file = join(PEERS, "pouchdb-till.js");
  const soldIn = (sales: number) => join(folder, `pouchdb-${sales}`);
  return {
    async prepare(sales) {
      await startProgram({ file, plan: { dataDir: soldIn(sales), sales } }).ended;
    },
    async bring(sales, round) {
      const dataDir = join(folder, `pouchdb-${sales}-${round}`);
      cpSync(soldIn(sales), dataDir, { recursive: true });
      const server = await startPeer("pouchdb-server.js", { folder: `${dataDir}-server`, port });
      const wire = await openWire(port + 1, port);
      const url = `http://127.0.0.1:${wire.port}/store-1`;
      const program = startProgram({ file, plan: { dataDir, sales, url } });
      try {
        return broughtOf(wire, await program.hear(reachedSchema));
      } finally {
        await program.stop();
        await wire.close();
        await server.stop();
      }
    },
  };
}

const syncedSchema = z.object({ syncedMs: z.number(), documents: z.int() });
const storedSchema = z.object({ stored: z.int() });
const LOOK_EVERY_MS = 5;

function yjs({ folder, sqliteNode, port }: WayDeps): WayRunner {
  return {
    // Its documents are made in memory, before the first word.
    prepare: () => Promise.resolve(),
    async bring(sales, round) {
      const place = { folder: join(folder, `yjs-${sales}-${round}`), port };
      const server = await startPeer("hocuspocus-server.js", place, sqliteNode);
      const wire = await openWire(port + 1, port);
      const plan = { sales, url: `ws://127.0.0.1:${wire.port}` };
      const program = startProgram({ file: join(PEERS, "hocuspocus-till.js"), plan });
      try {
        await program.hear(readySchema);
        program.tell();
        const { documents } = await program.hear(syncedSchema);
        for (;;) {
          server.tell();
          const { stored } = await server.hear(storedSchema);
          if (stored >= documents) break;
          await wait(LOOK_EVERY_MS);
        }
        const atMs = performance.timeOrigin + performance.now();
        return broughtOf(wire, { acceptedMs: atMs, mergedMs: atMs });
      } finally {
        await program.stop();
        await wire.close();
        await server.stop();
      }
    },
  };
}

async function startPeer(
  name: string,
  plan: { readonly folder: string; readonly port: number },
  execPath?: string,
) {
  mkdirSync(plan.folder, { recursive: true });
  const file = join(PEERS, name);
  const server = startProgram({ file, plan, ...(execPath === undefined ? {} : { execPath }) });
  await server.hear(readySchema);
  return server;
}

type Reached = Pick<Brought, "acceptedMs" | "mergedMs">;

function broughtOf(wire: Awaited<ReturnType<typeof openWire>>, reached: Reached): Brought {
  const firstMs = wire.firstMs();
  return {
    acceptedMs: reached.acceptedMs - firstMs,
    mergedMs: reached.mergedMs - firstMs,
    bytes: wire.bytes(),
  };
}
