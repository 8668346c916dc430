/** A program beside this one that talks with it. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { z } from "zod";

export interface Program {
  /** The next thing that it says; rejects when it ends before. */
  hear<Schema extends z.ZodType>(schema: Schema): Promise<z.infer<Schema>>;
  tell(): void;
  /** Until it has ended by itself; rejects when it has failed. */
  readonly ended: Promise<void>;
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

export interface ProgramPlan {
  readonly file: string;
  readonly plan: object;
  readonly execPath?: string;
  readonly execArgv?: readonly string[];
}

export function startProgram({ file, plan, execPath, execArgv = [] }: ProgramPlan): Program {
  const child = fork(file, [JSON.stringify(plan)], {
    execArgv: [...execArgv],
    // What peers print on their standard output is none of the bench's.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    ...(execPath === undefined ? {} : { execPath }),
  });
  const heard: unknown[] = [];
  child.on("message", (said) => heard.push(said));
  const ended = endOf(child);
  // Whoever waits for it hears of it; nobody may be waiting.
  ended.catch(() => undefined);
  return {
    ended,
    pid: child.pid,
    tell: () => void child.send({}),
    async hear(schema) {
      while (heard.length === 0) {
        await Promise.race([nextMessage(child), ended]);
        if (heard.length === 0 && child.exitCode !== null) {
          throw new Error("a program of the bench has ended too early");
        }
      }
      return schema.parse(heard.shift());
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    },
  };
}

async function nextMessage(child: ChildProcess): Promise<void> {
  await once(child, "message");
}

async function endOf(child: ChildProcess): Promise<void> {
  await once(child, "exit");
  const { exitCode } = child;
  if (exitCode !== 0) {
    throw new Error(`a program of the bench has failed (${exitCode ?? "killed"})`);
  }
}
