/** A bench in a process of its own: what it allocates, breaks or leaves behind is gone before the next one begins. */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { QUICK_START } from "../../local/system/programs.ts";
import type { Measured } from "../measured.ts";
import { failedRow, measuredSchema } from "./result.ts";

export interface Apart {
  readonly rows: readonly Measured[];
  readonly seconds: number;
}

export interface ApartOptions {
  readonly isQuick: boolean;
  /** Ends the bench. */
  readonly signal: AbortSignal;
  /** Of the process, if not bench/frame/one.ts: gets the name of the bench, and "quick" or "full". */
  readonly program?: string;
  readonly quickMaxMs?: number;
  /** For what it has left running, to end by itself. */
  readonly graceMs?: number;
}

/** What hangs is ended; a full one may have to fill a large database first. */
const QUICK_MAX_MS = 5 * 60_000;
const FULL_MAX_MS = 60 * 60_000;
const GRACE_MS = 3_000;
const LOOK_EVERY_MS = 50;

const saidSchema = z.union([
  z.strictObject({ rows: z.array(measuredSchema).min(1) }),
  z.strictObject({ failed: z.string() }),
]);

/** Never fails because of the bench: one that does becomes a row that says so. */
export async function runApart(name: string, options: ApartOptions): Promise<Apart> {
  const { isQuick, signal, program = join(import.meta.dirname, "one.ts") } = options;
  const folder = mkdtempSync(join(tmpdir(), "regulars-bench-"));
  const startedMs = performance.now();
  const child = fork(program, [name, isQuick ? "quick" : "full"], {
    detached: true,
    env: { ...QUICK_START, ...process.env, TMPDIR: folder },
    // What a bench prints is no measurement: standard output is for those.
    stdio: ["ignore", 2, 2, "ipc"],
  });
  const stop = (): void => endGroup(child);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const maxMs = isQuick ? (options.quickMaxMs ?? QUICK_MAX_MS) : FULL_MAX_MS;
    const rows = await rowsOf(name, child, maxMs);
    signal.throwIfAborted();
    return { rows, seconds: Math.round((performance.now() - startedMs) / 100) / 10 };
  } finally {
    signal.removeEventListener("abort", stop);
    await clear(child, folder, options.graceMs ?? GRACE_MS);
  }
}

function rowsOf(name: string, child: ChildProcess, maxMs: number): Promise<Measured[]> {
  return new Promise((done) => {
    let rows: Measured[] | null = null;
    const fail = (why: string): void => void (rows ??= [failedRow(name, why)]);
    const timer = setTimeout(() => {
      fail(`it was not over after ${maxMs / 1_000} seconds`);
      endGroup(child);
    }, maxMs);
    child.on("message", (message) => {
      const said = saidSchema.safeParse(message);
      if (!said.success) return fail(`it handed over no measurement: ${problemOf(said.error)}`);
      if ("failed" in said.data) return fail(said.data.failed);
      rows = said.data.rows;
    });
    child.once("error", (error) => fail(error.message));
    child.once("close", (code, ended) => {
      clearTimeout(timer);
      fail(ended ? `its process was ended by ${ended}` : `its process ended with code ${code}`);
      done(rows ?? []);
    });
  });
}

const problemOf = (error: z.ZodError): string =>
  z.prettifyError(error).replaceAll(/\s+/g, " ").trim();

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // ended by itself
  }
}

/** Its parts notice that it is gone and end; what does not, and what it has written, goes now. */
async function clear(child: ChildProcess, folder: string, graceMs: number): Promise<void> {
  endGroup(child);
  const deadline = performance.now() + graceMs;
  for (;;) {
    const left = processesOf(folder);
    if (left.length === 0) break;
    if (performance.now() > deadline) for (const pid of left) kill(pid);
    await wait(LOOK_EVERY_MS);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // ended meanwhile
  }
}

/** Those whose command or environment names the folder, where the system tells (Linux). */
function processesOf(folder: string): number[] {
  try {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    return pids.filter((pid) => Number(pid) !== process.pid && names(pid, folder)).map(Number);
  } catch {
    return []; // another system
  }
}

function names(pid: string, folder: string): boolean {
  try {
    return ["cmdline", "environ"].some((file) =>
      readFileSync(join("/proc", pid, file), "utf8").includes(folder),
    );
  } catch {
    return false; // ended meanwhile, or somebody else's
  }
}
