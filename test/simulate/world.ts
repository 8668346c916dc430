/** One world: a few tills, an edge and a centre, built from a plan, on disks and a network that the plan may trouble. */
import type { Push } from "@regulars/shared/protocol/push";
import { type Centre, createCentre } from "./centre.ts";
import type { DatabaseKind, DatabasePool, Database } from "./database.ts";
import { createDisk, DiskFull } from "./disk.ts";
import { ObjectReset } from "./durable-object.ts";
import { createEdge, type Edge } from "./edge.ts";
import {
  createNetwork,
  requestOf,
  responseOf,
  type Network,
  type Server,
  Unreachable,
} from "./network.ts";
import type { Machine, WorldParts } from "./parts.ts";
import { usePlatform } from "./platform.ts";
import { createProcessTable, type Process } from "./process.ts";
import { createRandom } from "./random.ts";
import type { Setting } from "./plan.ts";
import { createTimeline, type Timeline } from "./timeline.ts";
import { createSimulatedTill, type SimulatedTill, type TillOptions } from "./till.ts";

export const START_MS = Date.UTC(2026, 5, 1, 9);

export interface World {
  readonly timeline: Timeline;
  readonly network: Network;
  readonly edge: Edge;
  readonly centre: Centre;
  readonly tills: SimulatedTill[];
  addTill(options: Omit<TillOptions, "edge">): void;
  till(name: string): SimulatedTill;
  machine(name: string): Machine;
  machines(): readonly Machine[];
  tell(actor: string, what: () => string): void;
  /** Broken invariants that a machine noticed itself. */
  readonly errors: string[];
  /** `source/epoch/seq` → hashes of all rows that an inbox was offered under that key. */
  readonly offered: ReadonlyMap<string, ReadonlySet<string>>;
  /** Writers of which rows were turned away because another store's inbox has the epoch. */
  readonly refusedElsewhere: ReadonlySet<string>;
  readonly trace: readonly string[];
  /** Gives back what the next world can use. */
  end(): void;
}

function find<Item extends { name: string }>(items: readonly Item[], name: string): Item {
  const found = items.find((item) => item.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
}

export function createWorld(
  seed: string,
  setting: Setting,
  pool: DatabasePool,
  traced: boolean,
  comparing: WorldParts["comparing"] = null,
): World {
  const timeline = createTimeline(START_MS);
  const randomOf = (purpose: string) => createRandom(`${seed}/${purpose}`);
  const trace: string[] = [];
  const errors: string[] = [];
  const tell = (actor: string, what: () => string): void => {
    if (traced) trace.push(`${timeText(timeline.nowMs())}  ${actor.padEnd(15)} ${what()}`);
  };
  const network = createNetwork({ timeline, random: randomOf("network"), tell });
  const taken: [DatabaseKind, Database][] = [];
  const hosts = new Map<string, { process: Process; link: string; serve: Server }>();
  const offered = new Map<string, Set<string>>();
  const refusedElsewhere = new Set<string>();
  usePlatform({
    after: (delayMs, task) => timeline.after(delayMs, task),
    async fetch(url, init) {
      const host = hosts.get(url.hostname);
      if (!host) throw new Error("nobody has this address");
      const { process, link, serve } = host;
      const request = requestOf(url, init);
      return responseOf(await network.request(process, link, request, serve, init.signal));
    },
  });

  const parts: WorldParts = {
    timeline,
    processes: createProcessTable(timeline),
    network,
    randomOf,
    diskOf(kind, name, writeMs) {
      const database = pool.take(kind);
      taken.push([kind, database]);
      return createDisk({ database, timeline, random: randomOf(`disk/${name}`), writeMs });
    },
    tell,
    onError(actor, error) {
      tell(actor, () => `fails: ${messageOf(error)}`);
      if (!isLivedWith(error)) errors.push(`${actor}: ${messageOf(error)}`);
    },
    addressOf(process, link, serve) {
      hosts.set(process.id, { process, link, serve });
      return `http://${process.id}/`;
    },
    alarmsAreSure: setting.alarmsAreSure,
    innerPauseMs: setting.innerPauseMs,
    comparing,
    onPublish(decisions) {
      for (const decision of decisions) {
        if (decision.kind !== "mark") continue;
        const { source, epoch, golden } = decision;
        const [[early] = []] = centre.disk.database.read([
          { sql: EARLY, args: [source, epoch, golden] },
        ]);
        // What a centre has said is still on its way when it comes back with less.
        if (early && !centre.wasRestored())
          errors.push(`golden is said of ${source}/${epoch}, row ${String(early["seq"])}`);
      }
    },
    onPush(push, outcome) {
      tell(`inbox/${push.store}`, () => `is pushed ${pushText(push)}: ${outcome}`);
      if (outcome === "fenced") refusedElsewhere.add(`${push.source}/${push.epoch}`);
      for (const item of push.items) {
        const key = `${push.source}/${push.epoch}/${item.seq}`;
        offered.set(key, (offered.get(key) ?? new Set()).add(item.hash));
      }
    },
  };

  const tills: SimulatedTill[] = [];
  const edge = createEdge({
    ...parts,
    stores: setting.stores,
    centre: (request) => centre.serve(request),
    poke: (store) => {
      for (const till of tills) if (till.store === store) till.poke();
    },
  });
  const centre = createCentre(parts, edge.serve);
  const machines = (): Machine[] => [
    centre,
    ...edge.inboxes.values(),
    ...edge.profiles,
    ...edge.directories,
    ...tills,
  ];
  const world: World = {
    timeline,
    network,
    edge,
    centre,
    tills,
    addTill: (options) =>
      void tills.push(createSimulatedTill(parts, { ...options, edge: edge.serve })),
    till: (name) => find(tills, name),
    machine: (name) => find(machines(), name),
    machines,
    tell,
    errors,
    offered,
    refusedElsewhere,
    trace,
    end() {
      usePlatform(null);
      for (const [kind, database] of taken) pool.giveBack(kind, database);
    },
  };
  centre.start();
  for (const till of setting.tills) world.addTill(till);
  return world;
}

/** An event up to a mark of which no golden record has heard. */
const EARLY = `select e.seq from event e
  left join source_record r on r.id = e.source || '/' || e.epoch || '/' || e.key
  where e.source = ? and e.epoch = ? and e.seq <= ? and e.key is not null and e.quarantined is null
    and (r.seq is null or r.seq < e.seq) limit 1`;

/** Failures of a world like this one. Everything else that a machine throws is its own. */
const isLivedWith = (error: unknown): boolean =>
  error instanceof DiskFull ||
  error instanceof ObjectReset ||
  error instanceof Unreachable ||
  (error instanceof Error && LIVED_WITH.test(error.message));

const LIVED_WITH = /^the (edge|centre) answered \d+|is not what the (edge|centre) sent$/;

const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

const timeText = (ms: number): string => new Date(ms).toISOString().slice(0, -1).replace("T", " ");

const pushText = ({ source, epoch, items, closed }: Push): string => {
  const rows = items.length === 0 ? "nothing" : `rows ${items[0]?.seq}..${items.at(-1)?.seq}`;
  return `${rows} of ${source}/${epoch}${closed ? " (closed)" : ""}`;
};
