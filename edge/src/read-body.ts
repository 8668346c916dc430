/** A request's body at the border: size, JSON, version, digest, schema, in this order, each with its own answer. */
import { CONTENT_DIGEST, isAsSent } from "@regulars/shared/content-digest";
import { LIMITS } from "@regulars/shared/limits";
import { type Problem, problemOf, zodErrorToProblem } from "@regulars/shared/problem";
import { isSupported, PROTOCOL, PROTOCOL_MIN } from "@regulars/shared/protocol/version";
import { fail, ok, type Result } from "@regulars/shared/result";
import { z } from "zod";

/** A push of the largest size in JSON: base64 and escapes take their share. */
const BODY_BYTES = LIMITS.pushBytes * 4;

const versionSchema = z.object({ protocol: z.int(), minReader: z.int() });

export async function readBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  bytesMax = BODY_BYTES,
): Promise<Result<z.infer<Schema>, Problem>> {
  const text = await readText(request, bytesMax);
  if (text === null) {
    return fail(problemOf("too_large", { detail: `The limit is ${bytesMax} bytes.` }));
  }
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
  if (!(await isAsSent(text, request.headers.get(CONTENT_DIGEST), json))) {
    return fail(problemOf("damaged_body"));
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? ok(parsed.data) : fail(zodErrorToProblem(parsed.error));
}

/** Null when the body is too large; it is read no further than that. */
async function readText(request: Request, bytesMax: number): Promise<string | null> {
  const announced = request.headers.get("content-length");
  if (announced !== null) {
    // Read by the runtime in one piece: a loop over chunks costs a turn of the event loop for every eight kilobytes.
    return Number(announced) > bytesMax ? null : request.text();
  }
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  const body: ReadableStream<Uint8Array> | null = request.body;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
