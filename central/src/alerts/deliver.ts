/** Sending what is in the outbox, one message after the other. A message that fails waits with full jitter; others go on. */
import { LIMITS } from "@regulars/shared/limits";
import type { Storage } from "@regulars/shared/storage/port";
import { deliveredStatement, failedStatement, gather, nextMessage } from "./outbox.ts";
import { type FailureCode, type Way, WayFailed } from "./ways.ts";

export interface DeliverDeps {
  readonly storage: Storage;
  readonly ways: readonly Way[];
  readonly nowMs: () => number;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly newId: () => string;
  /** For the log. */
  readonly onFailure: (error: unknown) => void;
}

/** Of attempts that failed. */
export const waitMs = (attempts: number, random: () => number): number =>
  random() * Math.min(LIMITS.alertRetryMaxMs, LIMITS.alertRetryMinMs * 2 ** Math.min(attempts, 20));

/** Everything that is due; each message is tried once. */
export async function deliverDue(deps: DeliverDeps): Promise<void> {
  const { storage, ways, nowMs, newId } = deps;
  for (const way of ways) {
    while (await gather(storage, way.name, nowMs(), newId));
  }
  const startedMs = nowMs();
  for (;;) {
    const message = await nextMessage(storage, startedMs);
    if (!message) return;
    const way = ways.find(({ name }) => name === message.way);
    const failure = way ? await attempt(way, message, deps) : "other";
    if (failure === null) {
      await storage.write([deliveredStatement(message.n, nowMs())]);
      continue;
    }
    const attempts = message.attempts + 1;
    // A way that is no longer set up is told nothing, and a test is answered at once.
    const isOver = !way || message.content.isTest || attempts >= LIMITS.alertAttempts;
    // Not within this round, however short the jitter.
    const nextMs = Math.max(startedMs + 1, nowMs() + waitMs(attempts, deps.random));
    await storage.write([
      failedStatement(message.n, failure, isOver ? null : Math.ceil(nextMs), nowMs()),
    ]);
  }
}

async function attempt(
  way: Way,
  message: Parameters<Way["send"]>[0],
  { onFailure }: DeliverDeps,
): Promise<FailureCode | null> {
  try {
    await way.send(message);
    return null;
  } catch (error) {
    onFailure(error);
    return error instanceof WayFailed ? error.code : "other";
  }
}
