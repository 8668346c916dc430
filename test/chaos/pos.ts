/** A POS in front of a till: it sells, asks again under the same key until it is answered, and prints. */
import { setTimeout as wait } from "node:timers/promises";
import { type AgentClient, createAgentClient } from "../../local/system/agent-client.ts";
import { Refused, Unavailable } from "../../local/system/request.ts";
import type { Random } from "../simulate/random.ts";
import type { Receipts } from "./receipts.ts";

export interface Pos {
  readonly client: AgentClient;
  /** Begins nothing new until it is let; resolves when what was begun is printed. */
  pause(): Promise<void>;
  resume(): void;
  /** Resolves when the last receipt is printed. */
  stop(): Promise<void>;
}

export interface PosDeps {
  readonly till: string;
  readonly url: string;
  readonly token: string;
  readonly receipts: Receipts;
  readonly random: Random;
  readonly everyMs: number;
}

const PEOPLE = 12;
const AGAIN_MS = 60;

export function openPos({ till, url, token, receipts, random, everyMs }: PosDeps): Pos {
  const client = createAgentClient(url, token);
  const stopping = new AbortController();
  let paused: PromiseWithResolvers<void> | null = null;
  let busy: Promise<void> = Promise.resolve();
  let count = 0;

  async function sell(): Promise<void> {
    const key = `${till}-${count++}`;
    const totalMinor = random.int(50, 9_000);
    const customer = random.chance(0.6)
      ? `98${String(random.int(1, PEOPLE)).padStart(6, "0")}`
      : null;
    const input = {
      kind: "sale" as const,
      idempotencyKey: key,
      externalId: key,
      lines: [{ sku: "tea", quantity: "1", unitPrice: (totalMinor / 100).toFixed(2) }],
      ...(customer === null ? {} : { customer: { loyaltyNumber: customer } }),
    };
    for (;;) {
      try {
        const { epoch, seq, receipt } = await client.capture(input);
        receipts.print({ key, till, epoch, seq, receipt, customer, totalMinor });
        return;
      } catch (error) {
        if (!(error instanceof Unavailable) && !(error instanceof SyntaxError)) {
          if (error instanceof Refused)
            throw new Error(`${till}: ${error.message}`, { cause: error });
          throw error;
        }
        await wait(AGAIN_MS);
      }
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await paused?.promise;
      busy = sell();
      await busy;
      await wait(random.int(0, 2 * everyMs));
    }
  }
  const ended = run();
  return {
    client,
    async pause() {
      paused ??= Promise.withResolvers();
      await busy;
    },
    resume() {
      paused?.resolve();
      paused = null;
    },
    async stop() {
      stopping.abort();
      paused?.resolve();
      await ended;
    },
  };
}
