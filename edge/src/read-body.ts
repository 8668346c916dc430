/** A request's body at the border: size, JSON, version, digest, schema, in this order, each with its own answer. */
import { CONTENT_DIGEST, isAsSent } from "@regulars/shared/content-digest";
import { LIMITS } from "@regulars/shared/limits";
import { type Problem, problemOf, zodErrorToProblem } from "@regulars/shared/problem";
import { isSupported, PROTOCOL, PROTOCOL_MIN } from "@regulars/shared/protocol/version";
import { fail, ok, type Result } from "@regulars/shared/result";
import { z } from "zod";
import { gather } from "./gather.ts";
import { readBytes } from "./ingest/read-bytes.ts";

/** A push of the largest size in JSON: base64 and escapes take their share. */
const BODY_BYTES = LIMITS.pushBytes * 4;

const versionSchema = z.object({ protocol: z.int(), minReader: z.int() });

export async function readBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  bytesMax = BODY_BYTES,
): Promise<Result<z.infer<Schema>, Problem>> {
  const read = await readText(request, bytesMax);
  if (!read.ok) return read;
  const text = read.value;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail(problemOf("malformed_json")); // the parser's own text quotes the body
  }
  // Before the schema: a message of a newer protocol may look like nothing that this build knows.
  const version = versionSchema.safeParse(json);
  if (version.success && !isSupported(version.data)) {
    const detail = `This edge speaks protocol ${PROTOCOL_MIN} to ${PROTOCOL}.`;
    return fail(problemOf("unsupported_protocol", { detail }));
  }
  if (!isAsSent(text, request.headers.get(CONTENT_DIGEST), json)) {
    return fail(problemOf("damaged_body"));
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? ok(parsed.data) : fail(zodErrorToProblem(parsed.error));
}

type ReadText = Result<string, Problem>;

/** The body is read no further than so many bytes, and unpacked no further. */
async function readText(request: Request, bytesMax: number): Promise<ReadText> {
  const tooLarge = fail(problemOf("too_large", { detail: `The limit is ${bytesMax} bytes.` }));
  const announced = request.headers.get("content-length");
  if (announced !== null && Number(announced) > bytesMax) return tooLarge;
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null) {
    const bytes = await readBytes(request, bytesMax);
    return bytes.ok ? ok(new TextDecoder().decode(bytes.value)) : bytes;
  }
  // Read by the runtime in one piece: a loop over chunks costs a turn of the event loop for every eight kilobytes.
  if (announced !== null) return ok(await request.text());
  const body: ReadableStream<Uint8Array> | null = request.body;
  const bytes = body ? await gather(body, bytesMax) : new Uint8Array();
  return bytes ? ok(new TextDecoder().decode(bytes)) : tooLarge;
}
