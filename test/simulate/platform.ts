/**
 * The runtime under the machines, where they take it from the air: `fetch`, timers and digests, in virtual time. Installed
 * once per thread; each run puts itself behind it.
 */
import { hash } from "node:crypto";

export interface Platform {
  fetch(url: URL, init: RequestInit): Promise<Response>;
  after(delayMs: number, task: () => void): () => void;
}

let current: Platform | null = null;

/** One for all: an error of its own costs its stack, and nobody looks at it. */
const TIMED_OUT = new Error("timed out");

export function usePlatform(platform: Platform | null): void {
  current = platform;
}

function platformOf(): Platform {
  if (!current) throw new Error("a machine runs outside of a run");
  return current;
}

export function installPlatform(): void {
  // The real one answers from another thread, whenever that has time.
  Object.defineProperty(crypto.subtle, "digest", {
    value: async (_algorithm: string, data: Uint8Array) => {
      const bytes = hash("sha256", data, "buffer");
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    },
  });
  AbortSignal.timeout = (ms) => {
    const abort = new AbortController();
    platformOf().after(ms, () => abort.abort(TIMED_OUT));
    return abort.signal;
  };
  const replaced = {
    fetch: (input: unknown, init: RequestInit = {}) =>
      platformOf().fetch(new URL(String(input)), init),
    setTimeout: (task: () => void, ms: number) => platformOf().after(ms, task),
    clearTimeout: (callOff: (() => void) | undefined) => callOff?.(),
  };
  Object.assign(globalThis, replaced);
}
