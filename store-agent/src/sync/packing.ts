/**
 * Packs what is said to an edge that takes it packed, which it says with each of its answers (RFC 7694): of a journal's rows an
 * eighth is left. An edge of an older build is told the same in plain JSON.
 */
import { promisify } from "node:util";
import { gzip } from "node:zlib";

export interface Packed {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Packing {
  pack(json: string): Promise<Packed>;
  /** Of every answer: the edge may be another one since the last. */
  heard(response: Pick<Response, "headers" | "ok" | "status">): void;
}

/** Shorter ones fit a packet or two as they are. */
const PACKED_FROM_CHARS = 2_048;
/** A tenth larger than the smallest, in a third of the time: sales are captured meanwhile. */
const LEVEL = 3;
const BAD_REQUEST = 400;

// In a thread of its own: what is captured meanwhile does not wait.
const pack = promisify(gzip);

export function createPacking(): Packing {
  let isTaken = false;
  return {
    async pack(json) {
      if (!isTaken || json.length < PACKED_FROM_CHARS) return { body: json, headers: {} };
      const body = new Uint8Array(await pack(json, { level: LEVEL }));
      return { body, headers: { "content-encoding": "gzip" } };
    },
    heard({ headers, ok, status }) {
      if (ok) isTaken = (headers.get("accept-encoding") ?? "").includes("gzip");
      // An edge of an older build takes it for no JSON; this one refuses what was bent on its way, and is told plainly once.
      else if (status === BAD_REQUEST) isTaken = false;
    },
  };
}
