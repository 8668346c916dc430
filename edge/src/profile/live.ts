/**
 * Live profiles: who listens to which customer. Sockets hibernate: a shard that nothing happens to leaves memory, and its
 * listeners stay (an attachment says what each may see, and for how long).
 */
import type { CustomerId } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { problemOf } from "@regulars/shared/problem";
import { z } from "zod";
import { FIELD_GROUPS } from "@regulars/shared/access/actions";
import { nameOf, type Proof, proofSchema, type Standing } from "../access/proof.ts";
import { createShutOut } from "../access/shut-out.ts";
import { problemResponse } from "../problem-response.ts";
import { customerJson } from "../serve/answer.ts";
import { CLOSED } from "../socket-codes.ts";
import type { ViewAnswer } from "./read.ts";

/** What the Worker says of a listener that it has let in. */
export const listenerSchema = z.object({
  customer: z.string(),
  groups: z.array(z.enum(FIELD_GROUPS)),
  /** When its token is over; null where that never is. */
  untilMs: z.number().nullable(),
  /** The version that it has seen: its own word first, and then what it was sent last. */
  after: z.int().nullable(),
  /** By which it is asked again whether its caller is still let in; null where nobody but time ends that. */
  proof: proofSchema.nullable(),
});
export type Listener = z.infer<typeof listenerSchema>;

/** The header by which the Worker tells. */
export const LISTENER_HEADER = "x-regulars-listener";

export interface Live {
  open(request: Request): Promise<Response>;
  tell(customers: readonly CustomerId[]): void;
  /** Ends what is over; answers when the next one is. */
  expire(nowMs: number): number | null;
  /** Ends the listeners of a caller that was shut out, by its name (`access/proof.ts`). */
  shutOut(name: string): void;
}

export interface LiveDeps {
  readonly ctx: Pick<DurableObjectState, "acceptWebSocket" | "getWebSockets">;
  readonly read: (customer: CustomerId) => Promise<ViewAnswer>;
  /** Whether whoever has shown this is still let in. */
  readonly standing: (proof: Proof | null) => Promise<Standing>;
  readonly onError: (error: unknown) => void;
}

export function createLive({ ctx, read, standing, onError }: LiveDeps): Live {
  const shutOut = createShutOut();
  /** Nobody is told anything before it is asked once more whether they are let in (SEC1). */
  async function tellAll(sockets: readonly WebSocket[], customer: CustomerId): Promise<void> {
    if (sockets.length === 0) return;
    const standings = await Promise.all(
      sockets.map((socket) => standing(listenerOf(socket).proof)),
    );
    // Read after that: of two changes in flight, neither sends an older profile than was sent before.
    const view = await read(customer);
    for (const [at, socket] of sockets.entries()) {
      if (standings[at] === "granted") sendView(socket, customer, view);
      else if (standings[at] === "denied") end(socket, "end", REVOKED, CLOSED.revoked);
      else end(socket, "end", { reason: "unreachable" }, CLOSED.away);
    }
  }
  const tell = (sockets: readonly WebSocket[], customer: CustomerId): void => {
    tellAll(sockets, customer).catch(onError);
  };
  return {
    async open(request) {
      const header = request.headers.get(LISTENER_HEADER) ?? "";
      const listener = listenerSchema.parse(JSON.parse(header));
      const { customer, after, proof } = listener;
      const names = proof === null ? [] : [nameOf(proof)];
      const view = await read(customer);
      const isShutOut = names.some((name) => shutOut.has(name, Date.now()));
      // The door will know in a moment: whoever comes back then is told why.
      if (isShutOut || ctx.getWebSockets(customer).length >= LIMITS.listenersPerCustomer) {
        return problemResponse(problemOf("overloaded"));
      }
      const [client, server] = socketPair();
      ctx.acceptWebSocket(server, [customer, ...names]);
      server.serializeAttachment(listener);
      const isSeen = view !== null && "version" in view && view.version === after;
      // Not before the answer: what is sent while nobody holds the other end may be lost.
      if (!isSeen) setTimeout(() => tell([server], customer), 0);
      return new Response(null, { status: 101, webSocket: client });
    },
    tell(customers) {
      for (const customer of customers) tell(ctx.getWebSockets(customer), customer);
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
    shutOut(name) {
      shutOut.add(name, Date.now());
      for (const socket of ctx.getWebSockets(name)) end(socket, "end", REVOKED, CLOSED.revoked);
    },
  };
}

const REVOKED = { reason: "revoked" } as const;

function socketPair(): [WebSocket, WebSocket] {
  const pair = new WebSocketPair();
  return [pair[0], pair[1]];
}

const listenerOf = (socket: WebSocket): Listener =>
  listenerSchema.parse(socket.deserializeAttachment());

function sendView(socket: WebSocket, customer: CustomerId, view: ViewAnswer): void {
  const listener = listenerOf(socket);
  const { groups, untilMs, after } = listener;
  if (untilMs !== null && untilMs <= Date.now()) {
    return end(socket, "end", { reason: "token_expired" }, CLOSED.expired);
  }
  if (view === null) return;
  if ("redirect" in view) {
    return end(socket, "redirect", { customer: view.redirect }, CLOSED.redirected);
  }
  // Told twice of one version: two changes were read at once, or what was written is of no concern to whoever listens.
  if (view.version === after) return;
  socket.serializeAttachment({ ...listener, after: view.version } satisfies Listener);
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
