import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openUplink, type Uplink } from "./uplink.ts";

describe("an uplink", () => {
  let echo: Server;
  let uplink: Uplink;
  beforeEach(async () => {
    echo = createServer((socket) => socket.pipe(socket)).listen(0, "127.0.0.1");
    await once(echo, "listening");
    uplink = await openUplink(0, (echo.address() as AddressInfo).port);
  });
  afterEach(async () => {
    await uplink.cut();
    echo.close();
  });

  async function dial() {
    const socket = connect({ port: uplink.port, host: "127.0.0.1" });
    await once(socket, "connect");
    return socket;
  }

  test("carries bytes both ways", async () => {
    const socket = await dial();
    socket.write("hello");
    expect(String((await once(socket, "data"))[0])).toBe("hello");
  });

  test("when cut, ends what is open and refuses what is new", async () => {
    const socket = await dial();
    socket.on("error", () => undefined);
    const ended = once(socket, "close");
    await uplink.cut();
    await ended;
    expect(uplink.isCut()).toBe(true);
    await expect(dial()).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("when restored, is found where it was", async () => {
    const { port } = uplink;
    await uplink.cut();
    await uplink.restore();
    await uplink.restore();
    expect(uplink.port).toBe(port);
    const socket = await dial();
    socket.write("again");
    expect(String((await once(socket, "data"))[0])).toBe("again");
  });

  test("to an edge that is down closes what dials it, and goes on", async () => {
    echo.close();
    await once(echo, "close");
    const socket = connect({ port: uplink.port, host: "127.0.0.1" });
    socket.on("error", () => undefined);
    await once(socket, "close");
    expect(uplink.isCut()).toBe(false);
  });
});
