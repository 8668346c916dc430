/** A body as it came: bytes, at most so many, unpacked where its sender packs them. */
import type { Problem } from "@regulars/shared/problem";
import { problemOf } from "@regulars/shared/problem";
import { fail, ok, type Result } from "@regulars/shared/result";
import { gather } from "../gather.ts";

export async function readBytes(
  request: Request,
  bytesMax: number,
): Promise<Result<Uint8Array, Problem>> {
  const tooLarge = fail(problemOf("too_large", { detail: `The limit is ${bytesMax} bytes.` }));
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax) return tooLarge;
  const encoding = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  const body: ReadableStream<Uint8Array> | null = request.body;
  if (!body) return ok(new Uint8Array());
  if (encoding !== "identity" && encoding !== "gzip") {
    return fail(problemOf("damaged_body", { detail: "Its encoding is none that is taken." }));
  }
  try {
    const plain = encoding === "gzip" ? body.pipeThrough(unzip()) : body;
    const bytes = await gather(plain, bytesMax);
    return bytes ? ok(bytes) : tooLarge;
  } catch {
    return fail(problemOf("damaged_body")); // cut off, or not packed as it says
  }
}

/** What is written to it is of any kind of buffer; the types of the platform are narrower. */
const unzip = (): ReadableWritablePair<Uint8Array, Uint8Array> => new DecompressionStream("gzip");

/** Of these names, those that are there, in lower case. */
export function headersOf(request: Request, names: readonly string[]): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of names) {
    const value = request.headers.get(name);
    if (value !== null) kept[name] = value;
  }
  return kept;
}
