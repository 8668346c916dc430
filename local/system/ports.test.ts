import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { findPorts, isPortFree } from "./ports.ts";

test("a block of free ports leaves out what is in use", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  expect(await isPortFree(port)).toBe(false);
  expect(await findPorts(3, port - 2)).toBeGreaterThan(port);
  server.close();
  await once(server, "close");
  expect(await isPortFree(port)).toBe(true);
});
