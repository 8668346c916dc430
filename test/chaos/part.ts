/** One process of the system, which may be killed at any moment and started again on the files that it left. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { Program } from "../../local/system/supervise.ts";

export interface Part {
  readonly name: string;
  /** Resolves when it serves; tries again for as long as it cannot. */
  start(extra?: {
    readonly env?: Record<string, string>;
    readonly args?: readonly string[];
  }): Promise<void>;
  /** SIGKILL to all of it; resolves when it is gone. */
  kill(): Promise<void>;
  /** As a machine that swaps, or a laptop whose lid is shut. */
  freeze(): void;
  thaw(): void;
}

const READY_WITHIN_MS = 60_000;
const AGAIN_MS = 250;

export function createPart({ name, args, env, logBase, nice: _nice }: Program): Part {
  let child: ChildProcess | null = null;

  async function startOnce(extra: Parameters<Part["start"]>[0]): Promise<boolean> {
    const out = openSync(`${logBase}.log`, "a");
    const started = spawn(process.execPath, [...(extra?.args ?? []), ...args], {
      detached: true,
      stdio: ["ignore", out, out, "ipc"],
      env: { ...process.env, ...env, ...extra?.env },
    });
    closeSync(out);
    child = started;
    const isReady = Promise.race([
      once(started, "message").then(() => true),
      once(started, "exit").then(() => false),
      wait(READY_WITHIN_MS, false, { ref: false }),
    ]);
    if (await isReady) return true;
    await kill();
    return false;
  }

  function signal(which: NodeJS.Signals): void {
    if (child?.pid === undefined) return;
    try {
      process.kill(-child.pid, which);
    } catch {
      // it is gone already
    }
  }

  async function kill(): Promise<void> {
    if (!child) return;
    const exited =
      child.exitCode !== null || child.signalCode !== null ? null : once(child, "exit");
    signal("SIGKILL");
    await exited;
    child = null;
  }

  return {
    name,
    kill,
    freeze: () => signal("SIGSTOP"),
    thaw: () => signal("SIGCONT"),
    async start(extra) {
      while (!(await startOnce(extra))) await wait(AGAIN_MS);
    },
  };
}
