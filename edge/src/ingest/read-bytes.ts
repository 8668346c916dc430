/** A body as it came: bytes, at most so many, unpacked where its sender packs them. */
import { gunzipSync } from "node:zlib";
import type { Problem } from "@regulars/shared/problem";
import { problemOf } from "@regulars/shared/problem";
import { fail, ok, type Result } from "@regulars/shared/result";
import { gather } from "../gather.ts";

export async function readBytes(
  request: Request,
  bytesMax: number,
): Promise<Result<Uint8Array, Problem>> {
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax) return tooLarge(bytesMax);
  const encoding = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  const body: ReadableStream<Uint8Array> | null = request.body;
  if (!body) return ok(new Uint8Array());
  if (encoding !== "identity" && encoding !== "gzip") {
    return fail(problemOf("damaged_body", { detail: "Its encoding is none that is taken." }));
  }
  const bytes = await bytesIn(request, body, bytesMax).catch(() => undefined);
  if (bytes === undefined) return fail(problemOf("damaged_body")); // cut off
  if (bytes === null) return tooLarge(bytesMax);
  return encoding === "gzip" ? unzipped(bytes, bytesMax) : ok(bytes);
}

/** Null when there are more. In one piece where their number was announced, which the runtime holds its sender to. */
async function bytesIn(
  request: Request,
  body: ReadableStream<Uint8Array>,
  bytesMax: number,
): Promise<Uint8Array | null> {
  if (request.headers.get("content-length") === null) return gather(body, bytesMax);
  return new Uint8Array(await request.arrayBuffer());
}

const tooLarge = (bytesMax: number): Result<never, Problem> =>
  fail(problemOf("too_large", { detail: `The limit is ${bytesMax} bytes.` }));

/** Where output ends with its room, the runtime asks for another 16 kB of it to see that there is no more. */
const ROOM_BYTES = 32 * 1024;

/** In one piece: as a stream, each few kilobytes would wait for their turn of the event loop. */
function unzipped(bytes: Uint8Array, bytesMax: number): Result<Uint8Array, Problem> {
  try {
    const plain = gunzipSync(bytes, { maxOutputLength: bytesMax + ROOM_BYTES });
    return plain.length > bytesMax ? tooLarge(bytesMax) : ok(plain);
  } catch (error) {
    if (error instanceof RangeError) return tooLarge(bytesMax);
    return fail(problemOf("damaged_body")); // cut off, or not packed as it says
  }
}

/** Of these names, those that are there, in lower case. */
export function headersOf(request: Request, names: readonly string[]): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of names) {
    const value = request.headers.get(name);
    if (value !== null) kept[name] = value;
  }
  return kept;
}
