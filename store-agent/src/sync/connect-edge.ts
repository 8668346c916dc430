/** The till's link to the edge over HTTP: the calls, and the socket on which it is poked. */
import { LIMITS } from "@regulars/shared/limits";
import { openTillKey, type TillKey } from "../db/till-key.ts";
import { createCredentials } from "./credentials.ts";
import { createEdgeClient } from "./edge-client.ts";
import type { EdgePort } from "./edge-port.ts";
import { createPacking } from "./packing.ts";
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
  /** Lets the till in, once. */
  readonly enrolmentCode: string | undefined;
  /** Where the till's key is. */
  readonly keyFile: string;
  /** What the file is encrypted with; null where it is not. */
  readonly sealedWith: Uint8Array | null;
  readonly source: string;
  readonly store: string;
  readonly random: () => number;
  readonly fetch: typeof globalThis.fetch;
}

export function connectEdge(options: ConnectOptions): EdgeLink {
  const edgeUrl = options.edgeUrl.endsWith("/") ? options.edgeUrl : `${options.edgeUrl}/`;
  const closing = new AbortController();
  const calls = {
    ...options,
    edgeUrl,
    timeoutMs: LIMITS.requestTimeoutMs,
    closing: closing.signal,
  };
  const packing = createPacking();
  let key: Promise<TillKey> | null = null;
  const credentials = createCredentials({
    ...calls,
    onAnswer: (response) => packing.heard(response),
    code: options.enrolmentCode,
    // Asked for anew when it could not be read or written: a disk may be full for a while.
    key: () =>
      (key ??= openTillKey(options.keyFile, options.sealedWith).catch((error: unknown) => {
        key = null;
        throw error;
      })),
    elapsedMs: () => performance.now(),
  });
  const edge = createEdgeClient({ ...calls, credentials, packing });
  let pokes: ReturnType<typeof openPokeSocket> | null = null;
  return {
    edge,
    listen(onPoke) {
      pokes = openPokeSocket({ ...options, edgeUrl, credentials, onPoke });
    },
    close() {
      pokes?.close();
      closing.abort();
    },
  };
}
