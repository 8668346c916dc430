/** The centre's libSQL server as a process of its own, where npm has its binary; else the centre keeps a file. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as wait } from "node:timers/promises";
import { findSqld } from "../storage/sqld.ts";
import type { Part } from "./part.ts";

export interface CentreDatabase {
  readonly url: string;
  /** Null where there is no server. */
  readonly part: Part | null;
}

const READY_AGAIN_MS = 50;

export function createCentreDatabase(folder: string, port: number): CentreDatabase {
  const binary = findSqld();
  if (binary === null) {
    return { url: pathToFileURL(join(folder, "centre.db")).href, part: null };
  }
  const address = `127.0.0.1:${port}`;
  const url = `http://${address}`;
  let server: ChildProcess | null = null;

  async function start(): Promise<void> {
    const args = ["--db-path", join(folder, "sqld"), "--http-listen-addr", address, "--no-welcome"];
    server = spawn(binary ?? "", args, { stdio: "ignore" });
    for (;;) {
      const health = await fetch(`${url}/health`).catch(() => null);
      if (health?.ok) return;
      if (server.exitCode !== null) return start();
      await wait(READY_AGAIN_MS);
    }
  }
  const part: Part = {
    name: "the database",
    start,
    async kill() {
      if (!server || server.exitCode !== null) return;
      const exited = once(server, "exit");
      server.kill("SIGKILL");
      await exited;
    },
    freeze: () => void server?.kill("SIGSTOP"),
    thaw: () => void server?.kill("SIGCONT"),
  };
  return { url, part };
}
