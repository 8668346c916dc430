/** Notes what others are called with: in the place of somebody, or on the way to somebody who answers. */
import { once } from "node:events";
import { createServer, request } from "node:http";

export interface Listener {
  readonly url: string;
  /** Method, address and headers, and of calls that end here the body. */
  readonly heard: string[];
  close(): void;
}

export async function openListener(onwardUrl?: string): Promise<Listener> {
  const heard: string[] = [];
  const server = createServer((from, to) => {
    const { method = "GET", url = "/", headers } = from;
    if (onwardUrl === undefined) {
      let body = "";
      from.on("data", (chunk) => (body += String(chunk)));
      from.on("end", () => {
        heard.push(`${method} ${url} ${JSON.stringify(headers)} ${body}`);
        to.writeHead(204).end();
      });
      return;
    }
    // What is said to the centre is about people; where it is said is not.
    heard.push(`${method} ${url} ${JSON.stringify(headers)}`);
    const { hostname, port } = new URL(onwardUrl);
    const onward = request({ hostname, port, method, path: url, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    });
    onward.on("error", () => to.destroy());
    from.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    heard,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
