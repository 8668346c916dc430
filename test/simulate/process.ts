/**
 * The process table: each run of a machine is a process of its own. One that has ended is fenced: what its promises
 * would still do reaches neither disk nor network nor clock.
 */
import type { Timeline } from "./timeline.ts";

export interface Process {
  readonly name: string;
  /** Unlike every other of this run. */
  readonly id: string;
  isAlive(): boolean;
  /** Says nothing more to anybody: it is about to end, and what it has not sent yet never leaves it. */
  isHeard(): boolean;
  after(delayMs: number, task: () => void): () => void;
  /** Resolves after the time or when the signal says so; never, once the process has ended. */
  wait(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** Ends it now. */
  kill(): void;
  /** Ends it when what runs at this moment has come to a wait; nothing of that leaves it (output gate). */
  killAtTurnEnd(): void;
}

export interface ProcessTable {
  start(name: string, onEnd: () => void): Process;
}

export function createProcessTable(timeline: Timeline): ProcessTable {
  let count = 0;
  return {
    start(name, onEnd) {
      let alive = true;
      let heard = true;
      const id = `${name.replaceAll("/", "-")}-${count++}`;
      const after = (delayMs: number, task: () => void): (() => void) =>
        timeline.after(delayMs, () => {
          if (alive) task();
        });
      function kill(): void {
        if (!alive) return;
        alive = false;
        heard = false;
        onEnd();
      }
      return {
        name,
        id,
        isAlive: () => alive,
        isHeard: () => heard,
        after,
        wait: (delayMs, signal) =>
          new Promise((done) => {
            if (signal?.aborted) return done();
            const callOff = after(delayMs, done);
            signal?.addEventListener("abort", () => {
              callOff();
              if (alive) done();
            });
          }),
        kill,
        killAtTurnEnd() {
          heard = false;
          timeline.atTurnEnd(kill);
        },
      };
    },
  };
}
