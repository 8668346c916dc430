/** Captures at an agent that may die at any moment and is started again: the idempotency key makes a repeat harmless. */
import { CommandFailure } from "../command.ts";
import type { CaptureAnswer, CaptureRequest } from "./agent-client.ts";
import { Refused } from "./request.ts";
import type { Agent } from "./system.ts";
import { untilAvailable } from "./until-available.ts";

export async function captureSurely(
  { client, source }: Agent,
  input: CaptureRequest,
  signal: AbortSignal,
): Promise<CaptureAnswer> {
  try {
    return await untilAvailable(() => client.capture(input), signal);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new CommandFailure(`${source} refused a capture: ${error.message}.`, { cause: error });
  }
}
