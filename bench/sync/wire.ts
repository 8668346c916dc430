/** The wire between a till and the other side, which counts what goes over it, both ways. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface Wire {
  readonly port: number;
  /** So far, both ways. */
  bytes(): number;
  /** When the till said its first word (ms since 1970); 0 before. */
  firstMs(): number;
  close(): Promise<void>;
}

export async function openWire(port: number, targetPort: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  let bytes = 0;
  let firstMs = 0;
  const server = createServer((near) => {
    const far = connect({ port: targetPort, host: "127.0.0.1" });
    const end = (): void => {
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on("data", (chunk: Buffer) => {
        if (firstMs === 0) firstMs = performance.timeOrigin + performance.now();
        bytes += chunk.length;
      });
      from.pipe(to);
      from.on("error", end).on("close", () => {
        sockets.delete(from);
        end();
      });
    }
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port,
    bytes: () => bytes,
    firstMs: () => firstMs,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
