import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { fixedCredentials } from "../../testing/credentials.ts";
import { SOURCE, STORE } from "../../testing/settings.ts";
import { openPokeSocket } from "./poke-socket.ts";

test("SEC4: brings its token in a header, hears pokes, and comes back when the connection is lost", async () => {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let pokes = 0;
  let heard = Promise.withResolvers<void>();
  const poke = () => (heard = Promise.withResolvers<void>()).promise;
  const opened = poke();
  const socket = openPokeSocket({
    edgeUrl: `http://127.0.0.1:${port}/`,
    credentials: fixedCredentials("secret-token"),
    store: STORE,
    source: SOURCE,
    random: () => 0,
    onPoke: () => ((pokes += 1), heard.resolve()),
  });
  onTestFinished(() => {
    socket.close();
    sockets.close();
    server.close();
  });
  const [first, request] = (await once(sockets, "connection")) as [
    WebSocket,
    { url: string; headers: object },
  ];
  expect(request.url).toBe("/v1/poke?store=store-1&source=till-1");
  expect(request.headers).toMatchObject({ authorization: "Bearer secret-token" });
  await opened;

  const poked = poke();
  first.send("new");
  await poked;
  expect(pokes).toBe(2);

  const reopened = poke();
  first.terminate();
  await once(sockets, "connection");
  await reopened;
  expect(pokes).toBe(3);
});
