/**
 * `GET /v1/customers/:id/live`: a profile as it changes, by WebSocket or by Server-Sent Events. Both are one socket to the
 * shard, which sleeps between two changes; a stream of events is a socket that the Worker holds and writes out.
 */
import { LIMITS } from "@regulars/shared/limits";
import { problemOf, zodErrorToProblem } from "@regulars/shared/problem";
import { decodeJwt } from "jose";
import type { Context } from "hono";
import { z } from "zod";
import { tokenIn } from "../access/credentials.ts";
import { proofOf } from "../access/proof.ts";
import type { PermittedEnv } from "../access/permit.ts";
import { settingsOf } from "../environment.ts";
import { problemResponse } from "../problem-response.ts";
import { type Listener, LISTENER_HEADER } from "../profile/live.ts";
import { CLOSED } from "../socket-codes.ts";
import { profileStubOf } from "../stubs.ts";
import { createEventWriter } from "./event-writer.ts";
import { findCustomer } from "./find.ts";
import { readQuerySchema, selectGroups } from "./select.ts";
import { BEARER_PROTOCOL, isUpgrade } from "./socket-token.ts";

export const liveQuerySchema = readQuerySchema.pick({ fields: true }).extend({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe("The version that the caller has: nothing is sent until there is another one."),
});

export async function listen(context: Context<PermittedEnv>, asked: string): Promise<Response> {
  const query = liveQuerySchema.safeParse(context.req.query());
  if (!query.success) return problemResponse(zodErrorToProblem(query.error));
  const selection = selectGroups(context.get("fields"), query.data);
  if (!selection.ok) return problemResponse(selection.reason);
  const found = await findCustomer(context.env, context.get("caller"), asked);
  if (!found) return problemResponse(problemOf("unknown_customer"));
  const token = tokenIn(context.req.raw.headers) ?? "";
  const listener: Listener = {
    customer: found.customer,
    groups: [...selection.value.groups],
    untilMs: endOf(token, Date.now()),
    proof: await proofOf(context.env, token),
    after: query.data.after ?? lastEventId(context.req.header("last-event-id")),
  };
  const opened = await profileStubOf(context.env, found.customer).fetch("https://shard/live", {
    headers: { upgrade: "websocket", [LISTENER_HEADER]: JSON.stringify(listener) },
  });
  const socket = opened.webSocket;
  if (!socket) return refused(opened);
  return isUpgrade(context.req.raw)
    ? socketResponse(socket, context.req.raw.headers)
    : streamResponse(socket, settingsOf(context.env).LIVE_BEAT_MS);
}

/** Whoever listens longer shows a token again. */
function endOf(token: string, nowMs: number): number {
  const latest = nowMs + LIMITS.liveMaxMs;
  return Math.min(latest, expiryOf(token) ?? latest);
}

/** Of a token that was found to be valid; keys of connectors do not say when they end. */
function expiryOf(token: string): number | null {
  try {
    const { exp } = decodeJwt(token);
    return exp === undefined ? null : exp * 1_000;
  } catch {
    return null; // not a JWT
  }
}

function lastEventId(header: string | undefined): number | null {
  const version = z.coerce.number().int().min(0).safeParse(header);
  return version.success ? version.data : null;
}

/** There are too many already, or the caller was shut out a moment ago. */
async function refused(opened: Response): Promise<Response> {
  await opened.body?.cancel();
  const response = problemResponse(problemOf("overloaded"));
  response.headers.set("retry-after", String(Math.ceil(LIMITS.liveRetryMs / 1_000)));
  return response;
}

function socketResponse(socket: WebSocket, headers: Headers): Response {
  // A browser closes a socket whose answer names none of the protocols that it has offered.
  const isOffered = headers.has("sec-websocket-protocol");
  return new Response(null, {
    status: 101,
    webSocket: socket,
    headers: isOffered ? { "sec-websocket-protocol": BEARER_PROTOCOL } : {},
  });
}

const messageSchema = z.object({
  event: z.string(),
  id: z.number().optional(),
  data: z.unknown(),
});

const ENDS: readonly number[] = [CLOSED.expired, CLOSED.redirected, CLOSED.away];

function streamResponse(socket: WebSocket, beatMs: number): Response {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = createEventWriter(writable.getWriter(), {
    beatMs,
    onGone: () => socket.close(),
  });
  writer.push(`retry: ${LIMITS.liveRetryMs}\n\n`, false);
  socket.addEventListener("message", ({ data }) => {
    if (typeof data === "string")
      writer.push(eventText(data), data.startsWith('{"event":"profile"'));
  });
  socket.addEventListener("close", ({ code }) => {
    if (ENDS.includes(code)) writer.end();
    else writer.abort();
  });
  socket.addEventListener("error", () => writer.abort());
  socket.accept();
  return new Response(readable, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
  });
}

function eventText(message: string): string {
  const { event, id, data } = messageSchema.parse(JSON.parse(message));
  const idLine = id === undefined ? "" : `id: ${id}\n`;
  return `event: ${event}\n${idLine}data: ${JSON.stringify(data)}\n\n`;
}
