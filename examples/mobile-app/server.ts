/**
 * An app of a phone's size: my profile, live, and my consents as switches.
 *
 * npx node examples/mobile-app/server.ts --edge http://127.0.0.1:8787 --token TOKEN [--customer me] [--port 4400]
 *
 * A real app gets its customer's token from the retailer's identity provider and asks the edge itself. This page asks this
 * server, which keeps the token; everything else is what an app would do.
 */
import { createServer, type ServerResponse } from "node:http";
import { parseArgs } from "node:util";
import { type Consent, createClient, RegularsError } from "../../client/src/index.ts";
import { page } from "./page.ts";

const { values } = parseArgs({
  options: {
    edge: { type: "string", default: "http://127.0.0.1:8787" },
    token: { type: "string", default: process.env["REGULARS_CUSTOMER_TOKEN"] ?? "" },
    customer: { type: "string", default: "me" },
    port: { type: "string", default: "4400" },
  },
});
if (values.token === "") {
  console.error("Give a customer's token: --token, or REGULARS_CUSTOMER_TOKEN.");
  process.exit(1);
}
const port = Number(values.port);
if (!Number.isInteger(port) || port < 1 || port > 65_535) {
  console.error("Give a port from 1 to 65535: --port.");
  process.exit(1);
}

const client = createClient({ edgeUrl: values.edge, token: values.token });
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'";

const server = createServer((request, response) => {
  answer(`${request.method} ${request.url}`, request, response).catch((error: unknown) => {
    const reason = error instanceof RegularsError ? error.reason : "internal";
    response.writeHead(502, { "content-type": "application/json" });
    response.end(JSON.stringify({ reason }));
  });
});
server.on("error", (error) => {
  console.error(`The port ${port} cannot be opened: ${error.message}`);
  process.exit(1);
});
server.listen(port, "127.0.0.1", () => {
  console.log(`Open http://127.0.0.1:${port} (as wide as a phone)`);
});

async function answer(
  what: string,
  request: AsyncIterable<Buffer>,
  response: ServerResponse,
): Promise<void> {
  switch (what) {
    case "GET /":
      return send(response, "text/html; charset=utf-8", page.html);
    case "GET /app.js":
      return send(response, "text/javascript", page.script);
    case "GET /style.css":
      return send(response, "text/css", page.style);
    case "GET /live":
      return stream(response);
    case "POST /consent": {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the edge checks what it says
      const consent = JSON.parse(Buffer.concat(chunks).toString()) as Consent;
      return send(
        response,
        "application/json",
        JSON.stringify(await client.consent(values.customer, consent)),
      );
    }
    default:
      response.writeHead(404).end();
  }
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { "content-type": type, "content-security-policy": CSP }).end(body);
}

async function stream(response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  for await (const live of client.live(values.customer, { signal: gone.signal })) {
    if (live.event === "profile") response.write(`data: ${JSON.stringify(live.customer)}\n\n`);
  }
  response.end();
}
