/**
 * Segment's HTTP API as its libraries speak it: at the root, by write key, from servers, apps and browsers. What is answered
 * with 200 is durable; 429 and 503 make a library send again; on 401 and 400 it gives up, so they say only what is for good.
 */
import { type Context, Hono } from "hono";
import { contentKey } from "@regulars/shared/connect/delivery-key";
import { type Failure, wordsOf } from "@regulars/shared/connect/failure";
import {
  type SegmentMessage,
  type SegmentType,
  SEGMENT_TYPES,
  splitBatch,
} from "@regulars/shared/connect/segment/split";
import { LIMITS } from "@regulars/shared/limits";
import { problemOf } from "@regulars/shared/problem";
import { tokenIn } from "../../access/credentials.ts";
import { open, permitsItself, permitToken } from "../../access/permit.ts";
import type { Env } from "../../environment.ts";
import type { ReceivedItem } from "../../intake/port.ts";
import { problemResponse } from "../../problem-response.ts";
import { readBytes } from "../read-bytes.ts";
import { accountOfCaller, receiveItems } from "../receive-items.ts";

type SegmentContext = Context<{ Bindings: Env }>;

const door = permitsItself("ingest.segment");
const toBatch = (context: SegmentContext): Promise<Response> => answer(context, {});
const toType =
  (type: SegmentType) =>
  (context: SegmentContext): Promise<Response> =>
    answer(context, { type });

const PATHS = ["/batch", "/import", ...SEGMENT_TYPES.map((type) => `/${type}`)];

export const segmentRoutes = SEGMENT_TYPES.reduce(
  (routes, type) => routes.post(`/${type}`, door, toType(type)),
  new Hono<{ Bindings: Env }>().post("/batch", door, toBatch).post("/import", door, toBatch),
);
/** Browsers ask before they send from another origin: a write key is public, and nothing is read with it. */
for (const path of PATHS) {
  segmentRoutes.options(path, open(), () => withCors(new Response(null, { status: 204 })));
}

async function answer(
  context: SegmentContext,
  { type }: { readonly type?: SegmentType },
): Promise<Response> {
  return withCors(await receiveBatch(context, type));
}

async function receiveBatch({ req, env }: SegmentContext, type?: SegmentType): Promise<Response> {
  const body = await readBytes(req.raw, LIMITS.segmentBatchBytes);
  if (!body.ok) return problemResponse(body.reason);
  const batch = splitBatch(body.value, type === undefined ? {} : { type });
  const token = tokenIn(req.raw.headers) ?? (batch.ok ? (batch.value.writeKey ?? null) : null);
  const permitted = await permitToken(env, token, "ingest.segment");
  if (!permitted.ok) return permitted.reason;
  const account = accountOfCaller(permitted.value.caller);
  if (!account) return problemResponse(problemOf("forbidden"));
  const receivedAtMs = Date.now();
  if (!batch.ok) {
    const kept = unreadable(body.value, batch.reason, receivedAtMs);
    const received = await receiveItems(env, account, { items: [kept] });
    return received.ok ? refused(batch.reason) : received;
  }
  const items = batch.value.messages.map((message) => itemOf(message, receivedAtMs));
  return receiveItems(env, account, { items, more: { success: true } });
}

const itemOf = (message: SegmentMessage, receivedAtMs: number): ReceivedItem => ({
  format: "segment",
  topic: message.topic,
  key: message.key,
  headers: {},
  body: message.body,
  receivedAtMs,
  ...(message.failed === undefined ? {} : { failed: message.failed }),
});

/** It was cut off on its way, or is something else: kept for a person, and said to be of no use. */
const unreadable = (body: Uint8Array, failed: Failure, receivedAtMs: number): ReceivedItem => ({
  format: "segment",
  topic: "batch",
  key: contentKey("batch", body),
  headers: {},
  body: body.slice(0, LIMITS.intakeBodyBytes),
  receivedAtMs,
  failed,
});

function refused(failure: Failure): Response {
  const reason = failure.code === "too_large" ? "too_large" : "malformed_json";
  return problemResponse(problemOf(reason, { detail: wordsOf(failure) }));
}

function withCors(response: Response): Response {
  const answered = new Response(response.body, response);
  answered.headers.set("access-control-allow-origin", "*");
  answered.headers.set("access-control-allow-methods", "POST, OPTIONS");
  answered.headers.set(
    "access-control-allow-headers",
    "authorization, content-type, content-encoding",
  );
  answered.headers.set("access-control-expose-headers", "retry-after");
  answered.headers.set("access-control-max-age", "86400");
  return answered;
}
