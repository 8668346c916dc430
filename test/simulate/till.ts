/** A till: its folder, the agent on it, and the POS in front that asks again until its capture is answered. */
import type { HighWater } from "../../store-agent/src/db/high-water.ts";
import { openWriter } from "../../store-agent/src/journal/open-writer.ts";
import { loadOffset } from "../../store-agent/src/sync/clock-offset.ts";
import { createEdgeClient } from "../../store-agent/src/sync/edge-client.ts";
import { fixedCredentials } from "../../store-agent/testing/credentials.ts";
import { createTill, type TillMachine } from "../../store-agent/src/till.ts";
import { LIMITS } from "@regulars/shared/limits";
import type { Image } from "./database.ts";
import type { Server } from "./network.ts";
import { type Crash, IDENTITY, type Machine, PLACE, TOKEN, type WorldParts } from "./parts.ts";
import type { Process } from "./process.ts";
import { fetchOfProtocol1 } from "./protocol-1.ts";

/** What the POS wants captured, and what became of it. */
export interface Order {
  readonly tag: string;
  readonly input: object;
  /** `refused`: the agent said no, in time and for good. `abandoned`: nobody knows, and nobody asks again. */
  state: "waiting" | "begun" | "acknowledged" | "refused" | "abandoned";
  /** Its only durable copy went with a disk. */
  mayBeLost: boolean;
  /** As it was printed; null before that, and for what has none. */
  receipt: string | null;
}

export interface Backup {
  readonly image: Image;
  /** Archive files; a disk that comes back has those that were written since as well. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly highWater: HighWater | null;
  readonly acknowledged: ReadonlySet<Order>;
}

export interface SimulatedTill extends Machine {
  readonly source: string;
  readonly store: string;
  readonly protocol: 1 | 2;
  readonly orders: readonly Order[];
  /** Without its high-water mark it knows no better than to print a number again. */
  hasForgotten(): boolean;
  order(tag: string, input: object): void;
  lookup(query: string): Promise<void>;
  poke(): void;
  jumpClock(byMs: number): void;
  backup(): Backup;
  /** The disk as it was then; `highWater`: what a mark outside the folder says after that. */
  restore(backup: Backup, highWater: "kept" | "restored" | "lost"): void;
  machine(): TillMachine | null;
}

export interface TillOptions {
  readonly name: string;
  readonly source: string;
  readonly store: string;
  readonly protocol: 1 | 2;
  readonly edge: Server;
  /** Of a clone: what it starts with. */
  readonly from?: Backup;
}

/** So small that a few sales reach them. */
const ARCHIVE_SIZES = { keptRows: 1, segmentRows: 2, blockRows: 1 };
const WRITE_MS = 6;
const ASK_AGAIN_MS = 700;

export function createSimulatedTill(parts: WorldParts, options: TillOptions): SimulatedTill {
  const { timeline, processes, randomOf, diskOf, tell, onError, addressOf } = parts;
  const { name, source, store } = options;
  const disk = diskOf("till", name, WRITE_MS);
  const random = randomOf(name);
  const orders: Order[] = [];
  let skewMs = 0;
  let forgotten = options.from !== undefined;
  /** Since its disk came back, what its journal had been is known to the mark alone. */
  let cameBack = false;
  /** Newest last: a power cut may leave an older one, or none. */
  let highWater: HighWater[] = [];
  /** A power cut has taken the newest one, and no capture has said it again since. */
  let isMarkShort = false;
  let running: { process: Process; till: TillMachine | null } | null = null;
  if (options.from) load(options.from, "restored");

  function load(
    { image, files, highWater: mark }: Backup,
    then: "kept" | "restored" | "lost",
  ): void {
    disk.database.restore(image);
    for (const [file, bytes] of files) disk.files.set(file, bytes);
    if (then === "restored") highWater = mark ? [mark] : [];
    if (then === "lost") highWater = [];
  }

  function start(): void {
    if (running) return;
    tell(name, () => "starts");
    const process = processes.start(name, () => {
      running = null;
    });
    running = { process, till: null };
    open(process).catch((error: unknown) => {
      onError(name, error);
      process.after(ASK_AGAIN_MS, () => {
        process.kill();
        start();
      });
    });
  }

  async function open(process: Process): Promise<void> {
    const { storage, relaxed, files } = disk.open(process);
    const marks = {
      read: () => highWater.at(-1) ?? null,
      raise: (mark: HighWater) => {
        if (!process.isAlive()) return;
        highWater = [...highWater.slice(-3), mark];
        isMarkShort = false;
      },
    };
    const nonce = Array.from({ length: 32 }, () => random.int(0, 15).toString(16)).join("");
    const life = await openWriter({ storage, source, store, highWater: marks, nonce });
    const offsetMs = await loadOffset(storage);
    if (running?.process !== process) return;
    running.till = createTill({
      storage,
      relaxed,
      archiveFolder: files,
      sizes: ARCHIVE_SIZES,
      flush: () => Promise.resolve(),
      shrink: () => Promise.resolve(false),
      highWater: marks,
      life,
      offsetMs,
      edge: createEdgeClient({
        edgeUrl: addressOf(process, name, options.edge),
        credentials: fixedCredentials(TOKEN),
        timeoutMs: LIMITS.requestTimeoutMs,
        closing: new AbortController().signal,
        fetch: options.protocol === 1 ? fetchOfProtocol1 : globalThis.fetch,
      }),
      place: { source, store, zone: PLACE.zone },
      currency: PLACE.currency,
      blindCount: true,
      identity: IDENTITY,
      nowMs: () => timeline.nowMs() + skewMs,
      random,
      gather: () => process.wait(0),
      wait: (ms, signal) => process.wait(ms, signal),
      onLink: () => undefined,
      onError: (error) => onError(name, error),
    });
    for (const order of orders) ask(order);
  }

  function ask(order: Order): void {
    const process = running?.process;
    const till = running?.till;
    if (!process || !till || (order.state !== "waiting" && order.state !== "begun")) return;
    order.state = "begun";
    void capture(process, till, order);
  }

  async function capture(process: Process, till: TillMachine, order: Order): Promise<void> {
    try {
      const answer = await till.capture({ ...order.input, idempotencyKey: order.tag });
      if (!process.isAlive() || order.state !== "begun") return;
      order.state = answer.ok ? "acknowledged" : "refused";
      if (answer.ok) order.receipt = answer.value.receipt;
      tell(name, () => `${order.tag}: ${answerText(answer)}`);
    } catch (error) {
      onError(name, error);
      process.after(ASK_AGAIN_MS, () => ask(order));
    }
  }

  function crash({ downMs, power }: Crash): void {
    tell(name, () => (power ? "loses power" : "crashes"));
    running?.process.kill();
    if (power) {
      disk.powerCut();
      // Written without a sync: the last ones may be gone, and one that was being written is torn.
      const kept = random.int(-1, highWater.length);
      isMarkShort ||= kept < highWater.length;
      if (cameBack && isMarkShort) forgotten = true;
      highWater = kept < 0 ? [] : highWater.slice(0, kept);
    }
    timeline.after(downMs, start);
  }

  start();
  return {
    name,
    source,
    store,
    protocol: options.protocol,
    disk,
    orders,
    isUp: () => running?.till !== null && running !== null,
    machine: () => running?.till ?? null,
    order(tag, input) {
      const order: Order = { tag, input, state: "waiting", mayBeLost: false, receipt: null };
      orders.push(order);
      ask(order);
    },
    async lookup(query) {
      await running?.till
        ?.lookup(query, { remote: true })
        .catch((error: unknown) => onError(name, error));
    },
    hasForgotten: () => forgotten,
    poke() {
      if (random.chance(0.1)) return;
      const { process } = running ?? {};
      process?.after(random.int(1, 40), () => running?.till?.pullSoon());
    },
    jumpClock(byMs) {
      skewMs += byMs;
    },
    backup: () => ({
      image: disk.database.image(),
      files: new Map(disk.files),
      highWater: highWater.at(-1) ?? null,
      acknowledged: new Set(orders.filter(({ state }) => state === "acknowledged")),
    }),
    restore(backup, then) {
      tell(name, () => `comes back from a backup, its high-water mark ${then}`);
      running?.process.kill();
      for (const order of orders) {
        if (order.state === "begun") order.state = "abandoned";
        if (!backup.acknowledged.has(order)) order.mayBeLost = true;
      }
      load(backup, then);
      cameBack = true;
      if (then !== "kept" || isMarkShort) forgotten = true;
      timeline.after(500, start);
    },
    crash,
    planCrash: (write, when, how) => disk.planCrash({ write, when, strike: () => crash(how) }),
    heal() {
      disk.setFull(false);
      disk.planCrash({ write: Infinity, when: "before", strike: () => undefined });
      start();
    },
  };
}

const answerText = (
  answer:
    | { ok: true; value: { epoch: number; seq: number; receipt: string | null } }
    | { ok: false },
): string => {
  if (!answer.ok) return "is refused";
  const { epoch, seq, receipt } = answer.value;
  return `is captured as row ${epoch}/${seq}${receipt === null ? "" : `, receipt ${receipt}`}`;
};
