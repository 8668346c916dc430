/** Which TCP ports of this machine are free. */
import { createServer } from "node:net";

export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      probe.close(() => resolve(true));
    });
  });
}

/** First of `count` free ports in a row, from `from` on. */
export async function findPorts(count: number, from: number): Promise<number> {
  for (let first = from; first + count <= 65_536; first++) {
    const busy = await lastBusy(first, count);
    if (busy === null) return first;
    first = busy;
  }
  throw new Error(`no ${count} free ports in a row from ${from} on`);
}

async function lastBusy(first: number, count: number): Promise<number | null> {
  for (let port = first + count - 1; port >= first; port--) {
    if (!(await isPortFree(port))) return port;
  }
  return null;
}
