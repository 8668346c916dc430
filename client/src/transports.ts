/** Ways on which a profile comes as it changes. Each ends when its line does; whoever listens opens the next one. */
import { RegularsError } from "./error.ts";
import type { Http } from "./http.ts";
import { eventsIn, type StreamEvent } from "./sse.ts";

/** `sse`: over `fetch`, where bodies are streams. `websocket`: elsewhere (React Native). `polling`: where nothing else gets through. */
export const TRANSPORTS = ["sse", "websocket", "polling"] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** It cannot be had here; another one may. */
export class TransportMissing extends Error {
  override readonly name = "TransportMissing";
}

/** What of a WebSocket is used. */
export interface Socket {
  addEventListener(type: "open" | "close" | "error", listen: () => void): void;
  addEventListener(type: "message", listen: (event: { readonly data: unknown }) => void): void;
  close(): void;
}
export type OpenSocket = (url: string, protocols: string[]) => Socket;

export interface Listening {
  readonly http: Http;
  readonly customer: string;
  /** As they stand in a query; empty for all. */
  readonly fields: string;
  /** The version that is known. */
  readonly after: number | null;
  readonly signal: AbortSignal | undefined;
  /** Null where there are no sockets. */
  readonly openSocket: OpenSocket | null;
  readonly pollMs: number;
  /** The edge answers a stream at once. Where bodies are no streams, `fetch` waits for its end, which never comes. */
  readonly answerWithinMs: number;
  /** Ends sooner when the signal does. */
  readonly rest: (ms: number) => Promise<void>;
}

export const transportOf = (
  transport: Transport,
  listening: Listening,
): AsyncGenerator<StreamEvent> => {
  switch (transport) {
    case "sse":
      return overFetch(listening);
    case "websocket":
      return overSocket(listening);
    case "polling":
      return overPolling(listening);
  }
};

function pathOf({ customer, fields, after }: Listening, part = ""): string {
  const query = new URLSearchParams();
  if (fields !== "") query.set("fields", fields);
  if (part !== "" && after !== null) query.set("after", String(after));
  const search = query.toString();
  return `v1/customers/${encodeURIComponent(customer)}${part}${search === "" ? "" : `?${search}`}`;
}

async function* overFetch(listening: Listening): AsyncGenerator<StreamEvent> {
  const { http, signal, answerWithinMs } = listening;
  const ending = new AbortController();
  const end = (): void => ending.abort();
  if (signal?.aborted === true) end();
  signal?.addEventListener("abort", end);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, answerWithinMs);
  try {
    const headers = { accept: "text/event-stream" };
    const path = pathOf(listening, "/live");
    const response = await http.once({ path, headers, signal: ending.signal });
    clearTimeout(timer);
    // React Native's fetch has no `body` at all, whatever its type says.
    const body: Partial<ReadableStream<Uint8Array>> | null | undefined = response.body;
    if (typeof body?.getReader !== "function") throw new TransportMissing("no streams");
    if (response.body) yield* eventsIn(response.body, signal);
  } catch (error) {
    throw isLate ? new TransportMissing("no answer but a whole one") : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
    end();
  }
}

const nothing = (): void => undefined;

/** The token goes along as a sub-protocol: a socket has no headers, and a URL is no place for one. */
async function* overSocket(listening: Listening): AsyncGenerator<StreamEvent> {
  const { http, signal, openSocket } = listening;
  if (!openSocket) throw new TransportMissing("no sockets");
  const url = new URL(pathOf(listening, "/live"), http.base);
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  const socket = openSocket(url.href, ["bearer", await http.tokenNow()]);
  const waiting: StreamEvent[] = [];
  let isOpen = false;
  let isOver = false;
  let wake = nothing;
  socket.addEventListener("open", () => (isOpen = true));
  socket.addEventListener("message", ({ data }) => {
    isOpen = true;
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
  const close = (): void => socket.close();
  signal?.addEventListener("abort", close);
  try {
    for (;;) {
      const next = waiting.shift();
      if (next) yield next;
      else if (isOver || signal?.aborted === true) break;
      else await new Promise<void>((go) => (wake = go));
    }
  } finally {
    signal?.removeEventListener("abort", close);
    socket.close();
  }
  if (isOpen || signal?.aborted === true) return;
  // A socket does not say why it was refused; a call does. If that is answered, it is sockets that do not get through.
  await http.once({ path: pathOf(listening), signal });
  throw new TransportMissing("sockets do not get through");
}

interface Read {
  readonly customer: string;
  readonly redirectedFrom?: string;
  readonly version: number;
}

/** Asks now and then; what has not changed is not sent again. */
async function* overPolling(listening: Listening): AsyncGenerator<StreamEvent> {
  const { http, signal, after, pollMs, rest } = listening;
  let etag: string | null = null;
  let customer: string | null = null;
  while (signal?.aborted !== true) {
    const headers = etag === null ? {} : { "if-none-match": etag };
    const response = await http.call({ path: pathOf(listening), headers, signal });
    if (response.status !== 304) {
      const isFirst = etag === null;
      etag = response.headers.get("etag");
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the edge answers there
      const read = (await response.json().catch(cutOff)) as Read;
      const { redirectedFrom, version } = read;
      if (redirectedFrom !== undefined && read.customer !== customer) {
        yield { event: "redirect", id: null, data: { customer: read.customer } };
        return;
      }
      customer = read.customer;
      if (!isFirst || version !== after) yield { event: "profile", id: version, data: read };
    }
    await rest(pollMs);
  }
}

function cutOff(): never {
  throw new RegularsError("unreachable");
}
