/** Our own doors: CloudEvents and lines of captures, and the lines that an import of files brings. */
import { Hono } from "hono";
import { splitCloudEvents } from "@regulars/shared/connect/cloudevents/split";
import { contentKey, namedKey } from "@regulars/shared/connect/delivery-key";
import { FAILURE_CODES, type Failure, failureOf, wordsOf } from "@regulars/shared/connect/failure";
import { splitNdjson } from "@regulars/shared/connect/ndjson/ndjson";
import { base64ToBytes } from "@regulars/shared/digest";
import { LIMITS } from "@regulars/shared/limits";
import { problemOf } from "@regulars/shared/problem";
import { base64Schema } from "@regulars/shared/protocol/item";
import type { Result } from "@regulars/shared/result";
import { z } from "zod";
import { permit, type PermittedEnv } from "../../access/permit.ts";
import { type ReceivedItem, SET_ASIDE } from "../../intake/port.ts";
import { problemResponse } from "../../problem-response.ts";
import { headersOf, readBytes } from "../read-bytes.ts";
import { accountOfCaller, receiveItems } from "../receive-items.ts";

type SplitItem = Pick<ReceivedItem, "key" | "topic" | "body"> & { readonly failed?: Failure };

const CE_HEADERS = ["specversion", "id", "source", "type", "time", "subject"].map(
  (name) => `ce-${name}`,
);

export const formatSchema = z.string().regex(/^[a-z0-9-]{1,40}$/, "is not a name of a format");

export const eventRoutes = new Hono<PermittedEnv>()
  .post("/events", permit("ingest.events"), async ({ req, env, var: { caller } }) => {
    const account = accountOfCaller(caller);
    if (!account) return problemResponse(problemOf("forbidden"));
    const body = await readBytes(req.raw, LIMITS.messagesBytes);
    if (!body.ok) return problemResponse(body.reason);
    const receivedAtMs = Date.now();
    const isLines = (req.header("content-type") ?? "").includes("ndjson");
    const split: Result<readonly SplitItem[], Failure> = isLines
      ? splitNdjson(body.value, receivedAtMs)
      : splitCloudEvents(body.value, headersOf(req.raw, CE_HEADERS));
    if (!split.ok) return unreadable(split.reason);
    const format = isLines ? "ndjson" : "cloudevents";
    const items = split.value.map((item) => ({ ...item, format, headers: {}, receivedAtMs }));
    return receiveItems(env, account, { items });
  })
  /** Lines of an import: captures, and what its reader could not use, with the bytes of it. */
  .post("/import/:format", permit("ingest.events"), async ({ req, env, var: { caller } }) => {
    const account = accountOfCaller(caller);
    if (!account) return problemResponse(problemOf("forbidden"));
    const format = formatSchema.safeParse(req.param("format"));
    if (!format.success) return problemResponse(problemOf("not_found"));
    const body = await readBytes(req.raw, LIMITS.messagesBytes);
    if (!body.ok) return problemResponse(body.reason);
    const receivedAtMs = Date.now();
    const split = splitNdjson(body.value, receivedAtMs);
    if (!split.ok) return unreadable(split.reason);
    const items = split.value.map((line): ReceivedItem => ({
      ...asSetAside(line),
      format: "file",
      topic: format.data,
      headers: {},
      receivedAtMs,
    }));
    return receiveItems(env, account, { items });
  });

/** Steps of names and numbers. What else stands there may be a value, and lists show it (SEC2). */
const FIELD_PATH = /^(?:[A-Za-z_]{1,32}|\d{1,4})(?:\.(?:[A-Za-z_]{1,32}|\d{1,4})){0,7}$/;

const setAsideSchema = z.object({
  key: z.string().min(1).max(LIMITS.fieldChars),
  failed: z.object({
    code: z.enum(FAILURE_CODES),
    field: z.string().regex(FIELD_PATH).optional().catch(undefined),
    // Of its own words the line is taken over: nobody here knows what else stands in them.
    detail: z
      .string()
      .transform((text) => /^Line \d{1,9}\b/.exec(text)?.[0])
      .optional()
      .catch(undefined),
  }),
  raw: base64Schema,
});

/** A line that says of itself that it is of no use becomes what it holds; every other stays what it is. */
function asSetAside(line: SplitItem): SplitItem {
  if (!line.failed) return line;
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(line.body));
  } catch {
    return line;
  }
  const { data } = setAsideSchema.safeParse(json);
  if (!data) return line;
  const { code, field, detail } = data.failed;
  const body = base64ToBytes(data.raw);
  // What is in a file is not known by its key alone: mended, it comes under the same one.
  const key = contentKey(namedKey(SET_ASIDE, data.key), body).slice(0, 200);
  return { ...line, key, body, failed: failureOf(code, field, detail && `${detail}.`) };
}

/** Nothing of it can be told apart, so nothing of it is kept: its sender has it, and hears why. */
function unreadable(failure: Failure): Response {
  const reason = failure.code === "too_large" ? "too_large" : "malformed_json";
  return problemResponse(problemOf(reason, { detail: wordsOf(failure) }));
}
