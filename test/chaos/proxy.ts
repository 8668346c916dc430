/** A link between two processes with troubles of its own: an HTTP proxy that loses, doubles, delays, bends and breaks off. */
import { once } from "node:events";
import {
  createServer,
  request as send,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Random } from "../simulate/random.ts";

export const TROUBLES = [
  /** Connections are refused, those that are open are reset. */
  "cut",
  /** Requests arrive nowhere, nobody says so. */
  "silent",
  /** The request takes effect, the connection breaks before its answer. */
  "lose_answer",
  /** Only half of the answer comes, then the connection ends. */
  "half_closed",
  "duplicate",
  "delay",
  /** A bit of the request or of the answer is another one. */
  "flip",
] as const;
export type Trouble = (typeof TROUBLES)[number];

export interface Proxy {
  readonly url: string;
  /** Strikes that share of what passes; null ends it. */
  setTrouble(trouble: Trouble | null, share?: number): void;
  close(): Promise<void>;
}

export async function openProxy(targetPort: number, random: Random): Promise<Proxy> {
  let trouble: Trouble | null = null;
  let share = 1;
  const sockets = new Set<Socket>();
  const strikes = (asked: Trouble): boolean => trouble === asked && random.chance(share);
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    let body = await bodyOf(incoming);
    if (strikes("silent")) return;
    if (strikes("delay")) await wait(random.int(200, 4_000));
    if (strikes("flip")) body = bent(body, random);
    if (strikes("duplicate")) await forward(targetPort, incoming, body);
    const answer = await forward(targetPort, incoming, body);
    if (strikes("lose_answer")) return void outgoing.destroy();
    const { status, headers } = answer;
    if (strikes("half_closed")) {
      outgoing.writeHead(status, headers);
      outgoing.write(answer.body.subarray(0, answer.body.length >> 1));
      return void outgoing.destroy();
    }
    outgoing.writeHead(status, headers);
    outgoing.end(strikes("flip") ? bent(answer.body, random) : answer.body);
  }

  server.on("connection", (socket) => {
    if (strikes("cut")) return void socket.destroy();
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
  });
  // The poke socket: bytes both ways, as long as there is a connection at all.
  server.on("upgrade", (incoming: IncomingMessage, near: Socket, head: Buffer) => {
    const far = connect({ port: targetPort, host: "127.0.0.1" }, () => {
      const lines = incoming.rawHeaders.flatMap((name, at) =>
        at % 2 === 0 ? [`${name}: ${incoming.rawHeaders[at + 1]}`] : [],
      );
      far.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      far.write(head);
      far.pipe(near).pipe(far);
    });
    for (const socket of [near, far]) {
      socket.on("error", () => socket.destroy());
      socket.on("close", () => [near, far].forEach((each) => each.destroy()));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    setTrouble(next, ofShare = 1) {
      trouble = next;
      share = ofShare;
      if (next === "cut") for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

async function forward(port: number, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  const { method = "GET", url = "/", headers } = incoming;
  const outgoing = send({ port, host: "127.0.0.1", method, path: url, headers });
  outgoing.end(body);
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  const { "transfer-encoding": _chunked, ...kept } = answer.headers;
  const read = await bodyOf(answer);
  return {
    status: answer.statusCode ?? 502,
    headers: { ...kept, "content-length": String(read.length) },
    body: read,
  };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function bent(body: Buffer, random: Random): Buffer {
  if (body.length === 0) return body;
  const copy = Buffer.from(body);
  const at = random.int(0, copy.length - 1);
  copy[at] = copy[at]! ^ (1 << random.int(0, 6));
  return copy;
}
