/** One client of Segment's kind: sends a batch as soon as the last one is answered, and waits where it is told to. */
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { basic, type Connections } from "../http.ts";

export interface Sent {
  /** Messages that were answered 2xx. */
  accepted: number;
  /** Of each answer (ms). */
  readonly latencies: number[];
  /** Answers that said: later. */
  refused: number;
  /** Of these, without saying when. */
  unsaid: number;
  /** Any other answer, and broken connections. */
  readonly errors: Map<string, number>;
  /** By user: the word of the newest message that was accepted. */
  readonly newest: Map<string, string>;
}

export const nothingSent = (): Sent => ({
  accepted: 0,
  latencies: [],
  refused: 0,
  unsaid: 0,
  errors: new Map(),
  newest: new Map(),
});

export interface SenderPlan {
  readonly key: string;
  readonly users: readonly string[];
  readonly batch: number;
  /** Of its words and message ids. */
  readonly name: string;
  readonly isOver: () => boolean;
  /** One that does not is there to be refused. */
  readonly isPatient: boolean;
}

const acceptedSchema = z.object({ accepted: z.int() });

export async function send(connections: Connections, plan: SenderPlan, sent: Sent): Promise<void> {
  const { users, batch, name } = plan;
  let next = 0;
  for (let at = 0; !plan.isOver(); at++) {
    const messages = Array.from({ length: batch }, (_, of) =>
      messageOf(users[next++ % users.length] ?? "", `${name}-${at}-${of}`),
    );
    const retryMs = await sendBatch(connections, plan, messages, sent);
    if (retryMs > 0 && plan.isPatient) await wait(retryMs);
  }
}

/** Whatever was said later bears a later time, also within a batch: an hour ago, so that none lies ahead. */
const startMs = Date.now() - 3_600_000;
let said = 0;
const nextTime = (): string => new Date(startMs + said++).toISOString();

interface Message {
  readonly type: "identify" | "track";
  readonly userId: string;
  readonly messageId: string;
  readonly timestamp: string;
  readonly event?: string;
  readonly traits?: object;
  readonly properties?: object;
}

/** Most say what somebody did. */
const messageOf = (userId: string, word: string): Message =>
  word.endsWith("0")
    ? {
        type: "identify",
        userId,
        messageId: word,
        timestamp: nextTime(),
        traits: { lastWord: word },
      }
    : {
        type: "track",
        userId,
        messageId: word,
        timestamp: nextTime(),
        event: "Product Viewed",
        properties: { product_id: word, name: "Earl Grey", price: 3.95, currency: "GBP" },
      };

/** Answers how long to wait (ms). */
async function sendBatch(
  connections: Connections,
  { key }: SenderPlan,
  messages: readonly Message[],
  sent: Sent,
): Promise<number> {
  const fromMs = performance.now();
  const body = JSON.stringify({ batch: messages });
  const ask = { method: "POST", path: "/v1/batch", headers: basic(key), body } as const;
  const answer = await connections.ask(ask).catch(() => null);
  if (answer?.status === 200) {
    sent.latencies.push(performance.now() - fromMs);
    sent.accepted += acceptedSchema.parse(JSON.parse(answer.body)).accepted;
    for (const { userId, messageId } of messages) sent.newest.set(userId, messageId);
    return 0;
  }
  if (answer?.status === 429) {
    sent.refused += 1;
    const retryS = Number(answer.headers["retry-after"]);
    if (!(retryS > 0)) sent.unsaid += 1;
    return 1_000 * (retryS || 1);
  }
  const what = answer ? `answered ${answer.status}` : "a connection broke";
  sent.errors.set(what, (sent.errors.get(what) ?? 0) + 1);
  return 0;
}
