/** The wire between an agent and the edge, which can be cut: outages as a till meets them, not simulated in it. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface Uplink {
  readonly port: number;
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>;
  restore(): Promise<void>;
  isCut(): boolean;
}

export async function openUplink(port: number, targetPort: number): Promise<Uplink> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ port: targetPort, host: "127.0.0.1" });
    join(near, far);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    }
  });

  async function restore(): Promise<void> {
    if (server.listening) return;
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  }

  async function cut(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  await restore();
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  port = address.port; // 0 lets the system choose; a restored wire must be found where it was
  return { port, cut, restore, isCut: () => !server.listening };
}

function join(near: Socket, far: Socket): void {
  near.setNoDelay(true);
  far.setNoDelay(true);
  near.pipe(far).pipe(near);
  const end = (): void => {
    near.destroy();
    far.destroy();
  };
  // A socket that fails closes as well, and the other side learns it by being closed: what a broken wire does.
  for (const socket of [near, far]) socket.on("error", end).on("close", end);
}
