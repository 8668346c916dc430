/**
 * The edge's pokes: a WebSocket that says "there is something new" and nothing else. Losing one costs time, not
 * truth, because the till pulls now and then anyway.
 */
import { LIMITS } from "@regulars/shared/limits";
import { WebSocket } from "ws";
import { backoffMs } from "./backoff.ts";
import type { Credentials } from "./credentials.ts";

export interface PokeSocketDeps {
  /** Ends in a slash. */
  readonly edgeUrl: string;
  readonly credentials: Credentials;
  readonly store: string;
  readonly source: string;
  readonly random: () => number;
  /** Also when the socket opens: pokes may have been missed before. */
  readonly onPoke: () => void;
}

export interface PokeSocket {
  close(): void;
}

export function openPokeSocket(deps: PokeSocketDeps): PokeSocket {
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let socket: WebSocket | undefined;
  let closed = false;

  function later(): void {
    if (closed) return;
    const failure = { code: "unreachable", retryAfterMs: 0 } as const;
    timer = setTimeout(() => void connect(), backoffMs(failure, failures++, deps.random));
  }

  async function connect(): Promise<void> {
    // A key that cannot be read is told by the calls; here it is one more reason to try later.
    const token = await deps.credentials.tokenFor().catch(() => null);
    if (closed) return;
    if (token?.ok) open(token.value);
    else later();
  }

  function open(token: string): void {
    const opened = new WebSocket(pokeUrl(deps), {
      headers: { authorization: `Bearer ${token}` },
      handshakeTimeout: LIMITS.requestTimeoutMs,
    });
    socket = opened;
    const stopPinging = keepAlive(opened);
    opened.on("open", () => {
      failures = 0;
      deps.onPoke();
    });
    opened.on("message", () => deps.onPoke());
    opened.on("unexpected-response", (_request, { statusCode }) => {
      if (statusCode === 401) deps.credentials.forget(token);
      opened.terminate();
    });
    opened.on("error", () => opened.terminate()); // "close" follows and reconnects
    opened.on("close", () => {
      stopPinging();
      later();
    });
  }

  void connect();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      socket?.terminate();
    },
  };
}

/** A router that forgot the connection tells nobody; a ping without an answer does. */
function keepAlive(socket: WebSocket): () => void {
  let answered = true;
  socket.on("pong", () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, LIMITS.pullEveryMs);
  return () => clearInterval(timer);
}

function pokeUrl({ edgeUrl, store, source }: PokeSocketDeps): URL {
  const url = new URL("v1/poke", edgeUrl);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.searchParams.set("store", store);
  url.searchParams.set("source", source);
  return url;
}
