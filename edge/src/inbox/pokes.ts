/** The sockets on which tills are told to pull. They sleep with their object, and say nothing but that there is something. */
import { problemOf } from "@regulars/shared/problem";
import { nameOf, type Proof, proofSchema, type Standing, tillName } from "../access/proof.ts";
import { createShutOut } from "../access/shut-out.ts";
import { problemResponse } from "../problem-response.ts";
import { CLOSED } from "../socket-codes.ts";

/** The header by which the Worker says whom it has let in. */
export const PROOF_HEADER = "x-regulars-proof";
const POKE = "poke";

export interface Pokes {
  open(request: Request): Response;
  /** Something is new. */
  poke(): void;
  /** The source has pulled: the next news is worth another poke. */
  pulled(source: string): void;
  /** Ends the sockets of a till that was shut out, and those that an old answer still lets through (SEC1). */
  shutOut(source: string): void;
}

export interface PokesDeps {
  readonly ctx: Pick<DurableObjectState, "acceptWebSocket" | "getWebSockets" | "getTags">;
  readonly standing: (proof: Proof) => Promise<Standing>;
  readonly onError: (error: unknown) => void;
}

export function createPokes({ ctx, standing, onError }: PokesDeps): Pokes {
  /** Sources that were poked and have not pulled since: one poke is enough. */
  const poked = new Set<string>();
  const shutOut = createShutOut();

  async function pokeOne(socket: WebSocket): Promise<void> {
    const proof = proofSchema.parse(socket.deserializeAttachment());
    const name = nameOf(proof);
    if (poked.has(name)) return;
    poked.add(name);
    const is = await standing(proof);
    if (is === "granted") send(socket);
    else {
      poked.delete(name);
      // Where it cannot be asked nothing is said, and nothing is lost: a till pulls now and then by itself.
      if (is === "denied") socket.close(CLOSED.revoked, "no longer enrolled");
    }
  }
  return {
    open(request) {
      const proof = proofSchema.parse(JSON.parse(request.headers.get(PROOF_HEADER) ?? "null"));
      if (shutOut.has(nameOf(proof), Date.now())) return problemResponse(problemOf("revoked"));
      const { 0: client, 1: server } = new WebSocketPair();
      ctx.acceptWebSocket(server, [nameOf(proof)]);
      server.serializeAttachment(proof);
      // Whatever happened before the socket was there is learned by one pull.
      send(server);
      return new Response(null, { status: 101, webSocket: client });
    },
    poke() {
      for (const socket of ctx.getWebSockets()) pokeOne(socket).catch(onError);
    },
    pulled: (source) => void poked.delete(tillName(source)),
    shutOut(source) {
      const name = tillName(source);
      shutOut.add(name, Date.now());
      for (const socket of ctx.getWebSockets(name)) {
        socket.close(CLOSED.revoked, "no longer enrolled");
      }
    },
  };
}

/** Whoever has gone is told nothing: its close is on its way. */
function send(socket: WebSocket): void {
  try {
    socket.send(POKE);
  } catch {
    // closed a moment ago
  }
}
