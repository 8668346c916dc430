/** Asks again while the other side is being started again. */
import { setTimeout as wait } from "node:timers/promises";
import { CommandFailure } from "../command.ts";
import { Unavailable } from "./request.ts";

const backWithinMs = 60_000;
const againAfterMs = 100;

export async function untilAvailable<Value>(
  ask: () => Promise<Value>,
  signal: AbortSignal,
): Promise<Value> {
  const deadline = Date.now() + backWithinMs;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      if (Date.now() > deadline) {
        throw new CommandFailure(`After ${backWithinMs / 1000} s still: ${error.message}.`, {
          cause: error,
        });
      }
      await wait(againAfterMs);
    }
  }
}
