/** In the place of Square's API: answers by path, after it has been broken and busy once for each. Keeps what it was asked. */
import { once } from "node:events";
import { createServer } from "node:http";

export interface SquareApi {
  readonly url: string;
  /** Answers by path; others are 404. */
  readonly answers: Map<string, unknown>;
  /** `method path authorization`, in the order of their arrival. */
  readonly asked: string[];
  close(): void;
}

const TROUBLES = [500, 429];

export async function openSquareApi(token: string): Promise<SquareApi> {
  const answers = new Map<string, unknown>();
  const asked: string[] = [];
  const tries = new Map<string, number>();
  const server = createServer(({ url = "", headers, method = "" }, response) => {
    asked.push(`${method} ${url}`);
    const tried = tries.get(url) ?? 0;
    tries.set(url, tried + 1);
    const isTheirs = headers.authorization === `Bearer ${token}`;
    const found = answers.get(url);
    const ready = found === undefined ? 404 : 200;
    const status = isTheirs ? (TROUBLES[tried] ?? ready) : 401;
    response.writeHead(status, { "content-type": "application/json", "retry-after": "0" });
    const errors = [{ category: "INVALID_REQUEST_ERROR", code: "NOT_FOUND" }];
    response.end(JSON.stringify(status === 200 ? found : { errors }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    answers,
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
