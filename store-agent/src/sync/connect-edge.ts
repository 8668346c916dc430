/** The till's link to the edge over HTTP: the calls, and the socket on which it is poked. */
import { LIMITS } from "@regulars/shared/limits";
import { createEdgeClient } from "./edge-client.ts";
import type { EdgePort } from "./edge-port.ts";
import { openPokeSocket } from "./poke-socket.ts";

export interface EdgeLink {
  readonly edge: EdgePort;
  /** Begins to listen for pokes. */
  listen(onPoke: () => void): void;
  /** Breaks off the calls that are under way. */
  close(): void;
}

export interface ConnectOptions {
  readonly edgeUrl: string;
  readonly token: string;
  readonly source: string;
  readonly store: string;
  readonly random: () => number;
  readonly fetch: typeof globalThis.fetch;
}

export function connectEdge(options: ConnectOptions): EdgeLink {
  const edgeUrl = options.edgeUrl.endsWith("/") ? options.edgeUrl : `${options.edgeUrl}/`;
  const closing = new AbortController();
  const edge = createEdgeClient({
    ...options,
    edgeUrl,
    timeoutMs: LIMITS.requestTimeoutMs,
    closing: closing.signal,
  });
  let pokes: ReturnType<typeof openPokeSocket> | null = null;
  return {
    edge,
    listen(onPoke) {
      pokes = openPokeSocket({ ...options, edgeUrl, onPoke });
    },
    close() {
      pokes?.close();
      closing.abort();
    },
  };
}
