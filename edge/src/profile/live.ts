/**
 * Live profiles: who listens to which customer. Sockets hibernate: a shard that nothing happens to leaves memory, and its
 * listeners stay (an attachment says what each may see, and for how long).
 */
import type { CustomerId } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { problemOf } from "@regulars/shared/problem";
import { z } from "zod";
import { FIELD_GROUPS } from "../access/actions.ts";
import { problemResponse } from "../problem-response.ts";
import { customerJson } from "../serve/answer.ts";
import type { ViewAnswer } from "./read.ts";

/** What the Worker says of a listener that it has let in. */
export const listenerSchema = z.object({
  customer: z.string(),
  groups: z.array(z.enum(FIELD_GROUPS)),
  /** When its token is over; null where that never is. */
  untilMs: z.number().nullable(),
  /** The version that it has seen. */
  after: z.int().nullable(),
});
export type Listener = z.infer<typeof listenerSchema>;

/** The header by which the Worker tells. */
export const LISTENER_HEADER = "x-regulars-listener";

/** The first is not among the codes of the protocol, which leaves 4000 and up to applications. */
export const CLOSED = { expired: 4401, redirected: 4301 } as const;

export interface Live {
  open(request: Request): Promise<Response>;
  tell(customers: readonly CustomerId[]): void;
  /** Ends what is over; answers when the next one is. */
  expire(nowMs: number): number | null;
}

export function createLive(
  ctx: Pick<DurableObjectState, "acceptWebSocket" | "getWebSockets">,
  read: (customer: CustomerId) => Promise<ViewAnswer>,
  onError: (error: unknown) => void,
): Live {
  async function tellOne(customer: CustomerId): Promise<void> {
    if (ctx.getWebSockets(customer).length === 0) return;
    const view = await read(customer);
    for (const socket of ctx.getWebSockets(customer)) sendView(socket, customer, view);
  }
  /** With the profile as it is by then. */
  async function greet(socket: WebSocket, customer: CustomerId): Promise<void> {
    try {
      sendView(socket, customer, await read(customer));
    } catch (error) {
      onError(error);
    }
  }
  return {
    async open(request) {
      const header = request.headers.get(LISTENER_HEADER) ?? "";
      const listener = listenerSchema.parse(JSON.parse(header));
      const { customer, after } = listener;
      const view = await read(customer);
      if (ctx.getWebSockets(customer).length >= LIMITS.listenersPerCustomer) {
        return problemResponse(problemOf("overloaded"));
      }
      const [client, server] = socketPair();
      ctx.acceptWebSocket(server, [customer]);
      server.serializeAttachment(listener);
      const isSeen = view !== null && "version" in view && view.version === after;
      // Not before the answer: what is sent while nobody holds the other end may be lost.
      if (!isSeen) setTimeout(() => void greet(server, customer), 0);
      return new Response(null, { status: 101, webSocket: client });
    },
    tell(customers) {
      for (const customer of customers) tellOne(customer).catch(onError);
    },
    expire(nowMs) {
      let next: number | null = null;
      for (const socket of ctx.getWebSockets()) {
        const { untilMs } = listenerOf(socket);
        if (untilMs === null) continue;
        if (untilMs <= nowMs) end(socket, "end", { reason: "token_expired" }, CLOSED.expired);
        else next = Math.min(next ?? untilMs, untilMs);
      }
      return next;
    },
  };
}

function socketPair(): [WebSocket, WebSocket] {
  const pair = new WebSocketPair();
  return [pair[0], pair[1]];
}

const listenerOf = (socket: WebSocket): Listener =>
  listenerSchema.parse(socket.deserializeAttachment());

function sendView(socket: WebSocket, customer: CustomerId, view: ViewAnswer): void {
  const { groups, untilMs } = listenerOf(socket);
  if (untilMs !== null && untilMs <= Date.now()) {
    return end(socket, "end", { reason: "token_expired" }, CLOSED.expired);
  }
  if (view === null) return;
  if ("redirect" in view) {
    return end(socket, "redirect", { customer: view.redirect }, CLOSED.redirected);
  }
  const data = customerJson({ customer, view, groups: new Set(groups) });
  send(socket, `{"event":"profile","id":${view.version},"data":${data}}`);
}

function end(socket: WebSocket, event: string, data: object, code: number): void {
  send(socket, JSON.stringify({ event, data }));
  socket.close(code, event);
}

/** Whoever has gone is told nothing: its close is on its way. */
function send(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // closed a moment ago
  }
}
