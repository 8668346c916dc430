/** Keeps a program running: starts it, starts it again when it dies, and stops it. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { codeOf, CommandFailure, sentenceOf } from "../command.ts";

/** Run by this same Node; says `{ ready: true }` over its IPC channel when it serves. */
export interface Program {
  readonly name: string;
  readonly kind: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Niceness; 0 if left out. */
  readonly nice?: number;
  /** Where its output goes: with `.log` for stdout and `.stderr.log` for stderr. */
  readonly logBase: string;
}

export interface Watch {
  /** A process group came to life. */
  onStart(group: number): void;
  /** The program died without being told to, and is being started again. */
  onDeath(program: Program, sentence: string): void;
  /** It does not come back. */
  onGone(failure: CommandFailure): void;
}

export interface Supervised {
  readonly kind: string;
  /** Process group of the program and of what it starts itself. */
  group(): number;
  stop(): Promise<void>;
}

const readyWithinMs = 60_000;
const stopWithinMs = 10_000;
/** Starts that fail in a row before a program is given up. */
const failedStartsMax = 8;
/** Who dies sooner than this after a start waits longer before the next. */
const longLifeMs = 10_000;
const restartDelayMs = (attempt: number): number => Math.min(100 * 2 ** attempt, 5_000);

interface Running {
  readonly pid: number;
  readonly ended: Promise<string>;
}

export async function supervise(program: Program, watch: Watch): Promise<Supervised> {
  const stop = new AbortController();
  let running = await startOnce(program, watch);
  const kept = keep();

  async function keep(): Promise<void> {
    for (let shortLives = 0; ;) {
      const startedMs = Date.now();
      const end = await running.ended;
      endGroup(running.pid);
      if (stop.signal.aborted) return;
      watch.onDeath(program, `${program.name} ended (${end}) and is started again.`);
      shortLives = Date.now() - startedMs < longLifeMs ? shortLives + 1 : 0;
      const next = await startAgain(program, watch, { shortLives, stop: stop.signal });
      if (next === null) return;
      running = next;
    }
  }

  return {
    kind: program.kind,
    group: () => running.pid,
    async stop() {
      stop.abort();
      signalTo(running.pid, "SIGTERM");
      const force = setTimeout(() => endGroup(running.pid), stopWithinMs);
      await kept;
      clearTimeout(force);
    },
  };
}

async function startAgain(
  program: Program,
  watch: Watch,
  { shortLives, stop }: { readonly shortLives: number; readonly stop: AbortSignal },
): Promise<Running | null> {
  for (let failed = 0; ; failed++) {
    const delayMs = restartDelayMs(shortLives + failed);
    await wait(delayMs, null, { signal: stop }).catch(() => null);
    if (stop.aborted) return null;
    try {
      const running = await startOnce(program, watch);
      if (!stop.aborted) return running;
      endGroup(running.pid); // told to stop while it was starting
      await running.ended;
      return null;
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      if (failed < failedStartsMax) continue;
      watch.onGone(error);
      return null;
    }
  }
}

async function startOnce(program: Program, watch: Watch): Promise<Running> {
  const out = openSync(`${program.logBase}.log`, "a");
  const complaints = openSync(`${program.logBase}.stderr.log`, "a+");
  const { size } = fstatSync(complaints);
  try {
    const child = spawn(process.execPath, program.args, {
      // A group of its own: Ctrl-C at the terminal reaches this process alone, which then stops the programs in
      // order, and whatever a killed program leaves behind can be ended with the group.
      detached: true,
      stdio: ["ignore", out, complaints, "ipc"],
      env: { ...process.env, ...program.env },
    });
    const pid = await pidOf(child, program);
    if (program.nice !== undefined) yieldTo(pid, program.nice);
    watch.onStart(pid);
    const ended = endOf(child);
    const failure = await Promise.race([
      readyOf(child),
      ended.then((end) => `it ended (${end}).`),
      wait(readyWithinMs, `it was not ready within ${readyWithinMs / 1000} s.`, { ref: false }),
    ]);
    if (failure === null) return { pid, ended };
    endGroup(pid);
    await ended;
    const complaint = complaintIn(complaints, size) || failure;
    throw new CommandFailure(`${program.name} cannot start: ${complaint}`);
  } finally {
    closeSync(out);
    closeSync(complaints);
  }
}

async function pidOf(child: ChildProcess, { name }: Program): Promise<number> {
  if (child.pid !== undefined) return child.pid;
  const error = await new Promise<Error>((resolve) => child.once("error", resolve));
  throw new CommandFailure(`${name} cannot start (${codeOf(error)}).`, { cause: error });
}

function readyOf(child: ChildProcess): Promise<null> {
  return new Promise((resolve) => {
    child.on("message", (message) => {
      if (typeof message === "object" && "ready" in message) resolve(null);
    });
  });
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    // Not "close": what the program has started may hold its files open after its death.
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

/** Linux weighs sessions against each other, and nice values only within one; a detached child has its own. */
function yieldTo(pid: number, nice: number): void {
  try {
    setPriority(pid, nice);
    writeFileSync(`/proc/${pid}/autogroup`, String(nice));
  } catch (error) {
    // Other systems have no such file, some forbid it, and the child may be gone: it is a courtesy, not a need.
    if (!["ENOENT", "EACCES", "EPERM", "ESRCH", "ERR_SYSTEM_ERROR"].includes(codeOf(error) ?? ""))
      throw error;
  }
}

/** What the program said on stderr since it was started, as one sentence. */
function complaintIn(file: number, from: number): string {
  const text = Buffer.alloc(fstatSync(file).size - from);
  readSync(file, text, 0, text.length, from);
  const lines = text
    .toString()
    .split("\n")
    .filter((line) => line.trim() !== "");
  const error = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1);
  return error === undefined ? "" : sentenceOf(new CommandFailure(error.trim()));
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error; // it is gone already
  }
}

const endGroup = (group: number): void => signalTo(-group, "SIGKILL");
