/**
 * Packs what is said to an edge that takes it packed, which it says with each of its answers (RFC 7694): of a journal's rows an
 * eighth is left. An edge of an older build is told the same in plain JSON.
 */
import { buffer } from "node:stream/consumers";
import { createGzip, gzipSync } from "node:zlib";

export interface Packed {
  readonly json: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

/** JSON of which the beginning is known. */
export interface Begun {
  end(rest: string): Promise<Packed>;
}

export interface Packing {
  /** What is long, in a thread of its own: what is captured meanwhile does not wait. */
  begin(json: string): Begun;
  /** Of every answer: the edge may be another one since the last. */
  heard(response: Pick<Response, "headers" | "ok" | "status">): void;
}

/** Shorter ones fit a packet or two as they are. */
const PACKED_FROM_CHARS = 2_048;
/** To hand a shorter one to another thread, and to hear from it, takes longer than to pack it. */
const HANDED_FROM_CHARS = 16_384;
/** A tenth larger than the smallest, in a third of the time: sales are captured meanwhile. */
const LEVEL = 3;
const BAD_REQUEST = 400;

export function createPacking(): Packing {
  let isTaken = false;
  return {
    begin(first) {
      const packer = isTaken && first.length >= HANDED_FROM_CHARS ? createPacker(first) : null;
      return {
        async end(rest) {
          const json = first + rest;
          // What it takes may have changed since.
          if (!isTaken || json.length < PACKED_FROM_CHARS) return { json, body: json, headers: {} };
          const isHanded = json.length >= HANDED_FROM_CHARS;
          const body = isHanded ? await (packer ?? createPacker(first)).end(rest) : packNow(json);
          return { json, body, headers: { "content-encoding": "gzip" } };
        },
      };
    },
    heard({ headers, ok, status }) {
      if (ok) isTaken = (headers.get("accept-encoding") ?? "").includes("gzip");
      // An edge of an older build takes it for no JSON; this one refuses what was bent on its way, and is told plainly once.
      else if (status === BAD_REQUEST) isTaken = false;
    },
  };
}

const packNow = (json: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(gzipSync(json, { level: LEVEL }));

function createPacker(first: string) {
  const gzip = createGzip({ level: LEVEL });
  const packed = buffer(gzip);
  gzip.write(first);
  return {
    async end(rest: string): Promise<Uint8Array<ArrayBuffer>> {
      gzip.end(rest);
      return new Uint8Array(await packed);
    },
  };
}
