/** Calls over connections that are kept: node:http without what fetch puts on top of it, so that little of a core goes here. */
import { Agent, type IncomingHttpHeaders, request } from "node:http";

export interface Ask {
  readonly method?: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Connections {
  /** Rejects when the connection breaks; whatever status is answered. */
  ask(ask: Ask): Promise<Answer>;
  close(): void;
}

export function openConnections(port: number, connectionsMax: number): Connections {
  const agent = new Agent({ keepAlive: true, maxSockets: connectionsMax, scheduling: "fifo" });
  return {
    ask: ({ method = "GET", path, headers = {}, body }) =>
      new Promise((done, fail) => {
        const sized = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
        const options = { agent, port, method, path, host: "127.0.0.1" };
        const call = request({ ...options, headers: { ...headers, ...sized } }, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", fail);
          response.on("end", () =>
            done({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          );
        });
        call.on("error", fail);
        call.end(body);
      }),
    close: () => agent.destroy(),
  };
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** As Segment's libraries show their write key. */
export const basic = (key: string) => ({ authorization: `Basic ${btoa(`${key}:`)}` });
