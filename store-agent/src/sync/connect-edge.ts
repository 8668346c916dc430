/** The till's link to the edge: client, loops and pokes, put together. */
import { setTimeout } from "node:timers/promises";
import { LIMITS } from "@regulars/shared/limits";
import type { Lookup } from "@regulars/shared/protocol/lookup";
import type { Storage } from "@regulars/shared/storage/port";
import type { Profile } from "@regulars/shared/survivorship/profile";
import { createEdgeClient } from "./edge-client.ts";
import type { EdgeFailure } from "./edge-port.ts";
import { openPokeSocket } from "./poke-socket.ts";
import { createSync } from "./sync.ts";
import { startSyncLoop } from "./sync-loop.ts";

export interface EdgeLink {
  readonly isOnline: () => boolean;
  readonly pushSoon: () => void;
  /** Null when the edge knows nobody or cannot be asked. */
  readonly askFor: (identifiers: readonly Lookup[]) => Promise<Profile | null>;
  readonly close: () => Promise<void>;
}

/** An agent that was given no edge. */
export const NO_LINK: EdgeLink = {
  isOnline: () => false,
  pushSoon: () => undefined,
  askFor: () => Promise.resolve(null),
  close: () => Promise.resolve(),
};

export interface ConnectOptions {
  readonly storage: Storage;
  readonly edgeUrl: string;
  readonly token: string;
  readonly source: string;
  readonly store: string;
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly fetch: typeof globalThis.fetch;
  readonly onLink: (online: boolean, failure: EdgeFailure | null) => void;
  readonly onError: (error: unknown) => void;
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
  const sync = createSync({ ...options, edge });
  const loop = startSyncLoop({ ...options, sync, wait });
  const pokes = openPokeSocket({ ...options, edgeUrl, onPoke: loop.pullSoon });
  return {
    isOnline: loop.isOnline,
    pushSoon: loop.pushSoon,
    askFor: (identifiers) => (loop.isOnline() ? sync.askFor(identifiers) : Promise.resolve(null)),
    async close() {
      pokes.close();
      closing.abort();
      await loop.stop();
    },
  };
}

const TIMER_MAX_MS = 2 ** 31 - 1;

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(Math.min(ms, TIMER_MAX_MS), undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
