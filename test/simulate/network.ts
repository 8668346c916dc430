/**
 * The network: requests and answers as text with their digest, each link with its own troubles. Latency alone reorders;
 * everything worse is switched on by a fault and off again at its end.
 */
import { CONTENT_DIGEST } from "@regulars/shared/content-digest";
import type { Process } from "./process.ts";
import type { Random } from "./random.ts";
import type { Timeline } from "./timeline.ts";

export interface Request {
  readonly path: string;
  readonly body: string;
  readonly digest: string | null;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly digest: string | null;
  readonly retryAfterS?: number;
}

/** Null when nobody listens there. */
export type Server = (request: Request) => Promise<Answer | null>;

export const TROUBLES = [
  /** The request gets lost; the caller waits until it gives up. */
  "drop",
  /** The request takes effect, its answer gets lost. */
  "lose_answer",
  "duplicate",
  "delay",
  /** A bit of the request or of the answer is another one. */
  "flip",
  /** Refused at once, as by a router without uplink. */
  "refuse",
  /** A gateway in between says 429 or 503. */
  "overload",
] as const;
export type Trouble = (typeof TROUBLES)[number];

export interface Network {
  request(
    from: Process,
    link: string,
    request: Request,
    serve: Server,
    signal?: AbortSignal | null,
  ): Promise<Answer>;
  /** That share of what goes over the link has the trouble, until the returned function is called. */
  trouble(link: string, trouble: Trouble, share: number): () => void;
  /** All troubles are over. */
  heal(): void;
}

export class Unreachable extends TypeError {}

export interface NetworkDeps {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly tell: (actor: string, what: () => string) => void;
}

const LATENCY_MS = [2, 60] as const;
const DELAY_MS = [1_000, 25_000] as const;
/** What somebody on the way sends again, because he heard no answer. */
const AGAIN_MS = [0, 3_000] as const;

export function createNetwork({ timeline, random, tell }: NetworkDeps): Network {
  const troublesByLink = new Map<string, Set<{ trouble: Trouble; share: number }>>();

  function strikes(link: string, trouble: Trouble): boolean {
    for (const each of troublesByLink.get(link) ?? []) {
      if (each.trouble === trouble && random.chance(each.share)) {
        tell(link, () => `network: ${trouble}`);
        return true;
      }
    }
    return false;
  }

  const latencyMs = (link: string): number =>
    random.int(...LATENCY_MS) + (strikes(link, "delay") ? random.int(...DELAY_MS) : 0);

  function bent<Message extends Request | Answer>(link: string, message: Message): Message {
    if (message.body === "" || !strikes(link, "flip")) return message;
    const { body } = message;
    const at = random.int(0, body.length - 1);
    const other = String.fromCharCode(body.charCodeAt(at) ^ (1 << random.int(0, 6)));
    return { ...message, body: body.slice(0, at) + other + body.slice(at + 1) };
  }

  return {
    request: (from, link, request, serve, signal) =>
      new Promise((answered, failed) => {
        if (!from.isHeard()) return;
        const fail = (why: string): void => {
          if (from.isAlive()) failed(new Unreachable(why));
        };
        const answer = (given: Answer): void =>
          void from.after(latencyMs(link), () => answered(given));
        if (signal?.aborted) return fail("called off");
        signal?.addEventListener("abort", () => fail("called off"));
        if (strikes(link, "refuse")) {
          from.after(latencyMs(link), () => fail("connection refused"));
          return;
        }
        if (strikes(link, "overload")) return answer(overload(random));
        if (strikes(link, "drop")) return;
        const copies = strikes(link, "duplicate") ? 2 : 1;
        for (let copy = 0; copy < copies; copy++) {
          const againMs = copy === 0 ? 0 : random.int(...AGAIN_MS);
          timeline.after(latencyMs(link) + againMs, () => {
            void arrive(bent(link, request));
          });
        }
        async function arrive(arrived: Request): Promise<void> {
          const given = await serve(arrived);
          if (!given) return void from.after(latencyMs(link), () => fail("connection refused"));
          tell(link, () => `${request.path} is answered ${given.status}`);
          if (!strikes(link, "lose_answer")) answer(bent(link, given));
        }
      }),
    trouble(link, trouble, share) {
      const troubles = troublesByLink.get(link) ?? new Set();
      troublesByLink.set(link, troubles);
      const each = { trouble, share };
      troubles.add(each);
      return () => void troubles.delete(each);
    },
    heal: () => troublesByLink.clear(),
  };
}

const overload = (random: Random): Answer => ({
  status: random.pick([429, 503]),
  body: "",
  digest: null,
  retryAfterS: random.int(0, 5),
});

/** What `fetch` sends, and gives back: no more of both than the machines use. */
export function requestOf(url: URL, init: RequestInit): Request {
  const headers = new Map(Object.entries(init.headers ?? {}) as [string, string][]);
  const body = typeof init.body === "string" ? init.body : "";
  return { path: url.pathname, body, digest: headers.get(CONTENT_DIGEST) ?? null };
}

export function responseOf(answer: Answer): Response {
  const response = {
    ok: answer.status < 300,
    status: answer.status,
    body: null,
    headers: {
      get: (name: string) =>
        name === CONTENT_DIGEST
          ? answer.digest
          : name === "retry-after" && answer.retryAfterS !== undefined
            ? String(answer.retryAfterS)
            : null,
    },
    text: async () => answer.body,
  };
  return response as unknown as Response;
}

/** The same for whoever reads requests. */
export function arrivedRequest({ body, digest }: Request): globalThis.Request {
  const headers: Record<string, string | null> = {
    "content-length": String(body.length),
    [CONTENT_DIGEST]: digest,
  };
  const request = {
    headers: { get: (name: string) => headers[name] ?? null },
    text: async () => body,
  };
  return request as unknown as globalThis.Request;
}
