import { createServer, type IncomingMessage, type Server } from "node:http";
import { z } from "zod";
import { connectCaptureSchema } from "@regulars/shared/connect/captures";

export const KEY = "rk_test_secret";
export const account = {
  id: "old-tills",
  kind: "file",
  shop: "town",
  realm: "tills",
  channel: "import",
  zone: "Europe/London",
  country: "GB",
  currency: "GBP",
  trust: 5,
  rules: {},
  retry: { attempts: 5, firstMs: 1_000 },
};

const lineSchema = z.looseObject({ key: z.string(), failed: z.unknown().optional() });

/** What the edge promises an importer, and no more: each key has one effect. */
export interface Edge {
  readonly url: string;
  readonly keys: Set<string>;
  readonly desk: string[];
  /** What these stand in it has reasons of its own not to take. */
  readonly unusable: Set<string>;
  /** Statuses that are answered before anything is taken. */
  readonly refusals: number[];
  maxLines: number;
  /** Then it is away. */
  postsUntilAway: number;
  server: Server;
}

export async function startEdge(): Promise<Edge> {
  const server = createServer((request, response) => {
    void (async () => {
      const { status, json, headers = {} } = await answer(request);
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(json));
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  const { port } = address;
  const edge: Edge = { url: `http://127.0.0.1:${port}`, keys: new Set(), desk: [], unusable: new Set(), refusals: [], maxLines: 5_000, postsUntilAway: Infinity, server }; // prettier-ignore

  async function answer(request: IncomingMessage) {
    if (request.headers.authorization !== `Bearer ${KEY}`) return { status: 401, json: {} };
    if (request.method === "GET") {
      // A key reads its own account, and is not told which others there are.
      const isKnown = request.url === `/v1/accounts/${account.id}`;
      return isKnown ? { status: 200, json: account } : { status: 403, json: {} };
    }
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const status = edge.postsUntilAway-- > 0 ? edge.refusals.shift() : 503;
    if (status !== undefined) return { status, json: {}, headers: { "retry-after": "0" } };
    if (request.headers["content-type"] !== "application/x-ndjson")
      return { status: 415, json: {} };
    const lines = body.split("\n").filter((line) => line !== "");
    return lines.length > edge.maxLines
      ? { status: 413, json: {} }
      : { status: 200, json: take(lines) };
  }

  function take(lines: readonly string[]) {
    let accepted = 0;
    let duplicates = 0;
    const failed: { line: number; code: string; words: string }[] = [];
    for (const [at, line] of lines.entries()) {
      const json = lineSchema.parse(JSON.parse(line));
      const isRefused = [...edge.unusable].some((text) => line.includes(text));
      const isGood = connectCaptureSchema.safeParse(json).success && !isRefused;
      if (json.failed === undefined && !isGood) {
        failed.push({ line: at + 1, code: "bad_field", words: "It is no capture" });
      } else if (edge.keys.has(json.key)) duplicates++;
      else {
        edge.keys.add(json.key);
        accepted++;
        if (json.failed !== undefined) edge.desk.push(line);
      }
    }
    return { accepted, duplicates, failed };
  }
  return edge;
}
