/** A profile as it changes: over `fetch` where bodies are streams, over a WebSocket elsewhere (React Native). */
import { RegularsError } from "./error.ts";
import { type ClientOptions, type Http, isPassing, pause, waitMs } from "./http.ts";
import { eventsIn, type StreamEvent } from "./sse.ts";
import type { Customer, FieldName, LiveEvent } from "./types.ts";

export interface LiveOptions {
  readonly fields?: readonly FieldName[];
  /** The version that is known: nothing comes until there is another. */
  readonly after?: number;
  /** `sse` where nothing is said. */
  readonly transport?: "sse" | "websocket";
  /** Ends the stream. */
  readonly signal?: AbortSignal;
}

/** Goes on for ever, over every loss of the network, until it is aborted or refused. */
export async function* liveEvents(
  http: Http,
  { wait = pause, random = Math.random }: Pick<ClientOptions, "wait" | "random">,
  first: string,
  options: LiveOptions,
): AsyncGenerator<LiveEvent> {
  const { signal, transport = "sse" } = options;
  let customer = first;
  let seen = options.after ?? null;
  let failures = 0;
  const isOver = (): boolean => signal?.aborted === true;
  while (!isOver()) {
    let error: RegularsError | null = null;
    try {
      const path = pathOf(customer, options, seen);
      const events =
        transport === "sse" ? overFetch(http, path, signal) : overSocket(http, path, signal);
      for await (const { event, id, data } of events) {
        failures = 0;
        if (event === "redirect") {
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the edge says then
          customer = (data as { customer: string }).customer;
          seen = null;
          yield { event, customer };
        } else if (event === "profile") {
          seen = id;
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the edge says then
          yield { event, customer: data as Customer };
        }
      }
    } catch (thrown) {
      if (!(thrown instanceof RegularsError)) throw thrown;
      if (thrown.reason === "aborted") return;
      if (!isPassing(thrown)) throw thrown;
      error = thrown;
    }
    if (isOver()) return;
    await wait(waitMs(failures, error, random));
    failures += 1;
  }
}

function pathOf(customer: string, { fields }: LiveOptions, after: number | null): string {
  const query = new URLSearchParams();
  if (fields) query.set("fields", fields.join(","));
  if (after !== null) query.set("after", String(after));
  return `v1/customers/${encodeURIComponent(customer)}/live?${query.toString()}`;
}

async function* overFetch(
  http: Http,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamEvent> {
  const response = await http.once({ path, headers: { accept: "text/event-stream" }, signal });
  if (!response.body) throw new RegularsError("not_an_answer");
  yield* eventsIn(response.body, signal);
}

const nothing = (): void => undefined;

/** The token goes along as a sub-protocol: a socket has no headers, and a URL is no place for one. */
async function* overSocket(
  http: Http,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamEvent> {
  const url = new URL(path, http.base);
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  const socket = new WebSocket(url.href, ["bearer", await http.tokenNow()]);
  const waiting: StreamEvent[] = [];
  let isOver = false;
  let wake = nothing;
  socket.addEventListener("message", ({ data }) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the edge sends
    waiting.push(JSON.parse(String(data)) as StreamEvent);
    wake();
  });
  const end = (): void => {
    isOver = true;
    wake();
  };
  socket.addEventListener("close", end);
  socket.addEventListener("error", end);
  signal?.addEventListener("abort", () => socket.close());
  try {
    for (;;) {
      const next = waiting.shift();
      if (next) yield next;
      else if (isOver) return;
      else await new Promise<void>((go) => (wake = go));
    }
  } finally {
    socket.close();
  }
}
