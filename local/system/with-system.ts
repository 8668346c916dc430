/** A piece of work with the whole system under it: started before, stopped after, however the work ends. */
import { orAborted } from "./interrupt.ts";
import type { Claim } from "./claim.ts";
import type { Secrets } from "./secrets.ts";
import { startSystem, type System, type SystemPlan } from "./system.ts";

export interface Surroundings {
  readonly claim: Claim;
  /** Aborted by Ctrl-C, or by a program that does not come back. */
  readonly interrupt: AbortController;
  readonly say: (line: string) => void;
  readonly onRestart: (kind: string) => void;
}

export async function withSystem<Value>(
  plan: SystemPlan,
  secrets: Secrets,
  { claim, interrupt, say, onRestart }: Surroundings,
  work: (system: System) => Promise<Value>,
): Promise<Value> {
  const system = await startSystem(plan, secrets, {
    signal: interrupt.signal,
    onStart: (group) => claim.add(group),
    onDeath: ({ kind }, sentence) => {
      onRestart(kind);
      say(sentence);
    },
    onGone: (failure) => interrupt.abort(failure),
  });
  try {
    return await orAborted(work(system), interrupt.signal);
  } finally {
    interrupt.abort(new Error("the work is over")); // parts of failed work may still be waiting
    await system.stop();
  }
}
