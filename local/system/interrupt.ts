/** Ctrl-C and its relatives, as a signal that work can listen to. A second one ends the process at once. */
import { constants } from "node:os";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Thrown through whatever was under way; the exit code is the shell's usual one. */
export class Interrupted extends Error {
  readonly exitCode: number;
  constructor(signal: (typeof signals)[number]) {
    super(`ended by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Aborted by a signal (reason: `Interrupted`), or by the caller for reasons of its own. */
export function createInterrupt(): AbortController {
  const controller = new AbortController();
  for (const signal of signals) {
    process.once(signal, () => controller.abort(new Interrupted(signal)));
  }
  return controller;
}

/** Rejects with the reason as soon as the signal is aborted. */
export function orAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    const reason: unknown = signal.reason;
    reject(reason instanceof Error ? reason : new Error("aborted", { cause: reason }));
  };
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener("abort", abort));
}
