/** A profile as it changes, over whatever gets through. */
import { RegularsError } from "./error.ts";
import { type ClientOptions, type Http, isPassing, pause, waitMs } from "./http.ts";
import {
  type Listening,
  type OpenSocket,
  type Transport,
  TransportMissing,
  transportOf,
  TRANSPORTS,
} from "./transports.ts";
import type { Customer, FieldName, LiveEvent } from "./types.ts";

export interface LiveOptions {
  readonly fields?: readonly FieldName[];
  /** The version that is known: nothing comes until there is another. */
  readonly after?: number;
  /** One, and no other. Where nothing is said: the first of `sse`, `websocket`, `polling` that can be had. */
  readonly transport?: Transport;
  /** How often is asked where nothing but polling gets through (ms); 5000 where nothing is said. */
  readonly pollMs?: number;
  /** Ends the stream. */
  readonly signal?: AbortSignal;
}

const POLL_MS = 5_000;
const ANSWER_WITHIN_MS = 10_000;

/** Goes on for ever, over every loss of the network, until it is aborted or refused. */
export async function* liveEvents(
  http: Http,
  client: Pick<ClientOptions, "wait" | "random" | "openSocket" | "answerWithinMs">,
  first: string,
  options: LiveOptions,
): AsyncGenerator<LiveEvent> {
  const { wait = pause, random = Math.random, answerWithinMs = ANSWER_WITHIN_MS } = client;
  const { signal, fields = [], pollMs = POLL_MS } = options;
  const ways = options.transport ? [options.transport] : [...TRANSPORTS];
  const rest = restUntil(signal, wait);
  const sockets = socketsOf(client);
  const fixed = {
    http,
    signal,
    pollMs,
    rest,
    answerWithinMs,
    fields: fields.join(","),
    ...sockets,
  };
  let customer = first;
  let after = options.after ?? null;
  let failures = 0;
  const isOver = (): boolean => signal?.aborted === true;
  while (!isOver()) {
    let error: RegularsError | null = null;
    try {
      const listening: Listening = { ...fixed, customer, after };
      for await (const { event, id, data } of transportOf(ways[0] ?? "polling", listening)) {
        failures = 0;
        if (event === "redirect") {
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the edge says then
          customer = (data as { customer: string }).customer;
          after = null;
          yield { event, customer };
        } else if (event === "profile") {
          after = id;
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the edge says then
          yield { event, customer: data as Customer };
        }
      }
    } catch (thrown) {
      if (thrown instanceof TransportMissing && ways.length > 1) {
        ways.shift();
        continue;
      }
      error = passing(thrown);
      if (error.reason === "aborted") return;
    }
    if (isOver()) return;
    await rest(waitMs(failures, error, random));
    failures += 1;
  }
}

/** What the next try may get over; all else is for the caller. */
function passing(thrown: unknown): RegularsError {
  if (thrown instanceof TransportMissing) throw new RegularsError("not_an_answer");
  if (!(thrown instanceof RegularsError)) throw thrown;
  if (thrown.reason !== "aborted" && !isPassing(thrown)) throw thrown;
  return thrown;
}

function socketsOf({ openSocket }: Pick<ClientOptions, "openSocket">): {
  readonly openSocket: OpenSocket | null;
} {
  if (openSocket) return { openSocket };
  if (typeof WebSocket === "undefined") return { openSocket: null };
  return { openSocket: (url, protocols) => new WebSocket(url, protocols) };
}

/** Nobody waits for a wait that is of no more use. */
function restUntil(
  signal: AbortSignal | undefined,
  wait: (ms: number) => Promise<void>,
): (ms: number) => Promise<void> {
  return async (ms) => {
    if (!signal) return wait(ms);
    let end = (): void => undefined;
    const aborted = new Promise<void>((done) => (end = done));
    signal.addEventListener("abort", end);
    await Promise.race([wait(ms), aborted]);
    signal.removeEventListener("abort", end);
  };
}
