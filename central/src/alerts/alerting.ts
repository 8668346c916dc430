/** Alerts, in the background of the process: looked for, and told. */
import { LIMITS } from "@regulars/shared/limits";
import { createPaced, type Paced, type PacedDeps } from "../paced.ts";
import { type ConditionDeps, readConditions } from "./conditions.ts";
import { deliverDue, type DeliverDeps } from "./deliver.ts";
import { readRules } from "./rules.ts";
import { changesOf } from "./standing.ts";

export type AlertingDeps = ConditionDeps & DeliverDeps & Pick<PacedDeps, "later">;

/** One look at everything that an alert may be about. */
export async function lookOnce(deps: Omit<AlertingDeps, "later">): Promise<void> {
  const { storage, nowMs, ways } = deps;
  const { rules } = await readRules(storage);
  const conditions = await readConditions(deps, rules);
  const names = ways.map(({ name }) => name);
  await storage.write(await changesOf(storage, conditions, { rules, ways: names, nowMs: nowMs() }));
}

export function startAlerting(deps: AlertingDeps): Paced {
  const looking = createPaced({
    ...deps,
    retryMs: LIMITS.alertLookMs,
    step: async () => {
      await lookOnce(deps);
      return LIMITS.alertLookMs;
    },
  });
  const sending = createPaced({
    ...deps,
    retryMs: LIMITS.alertSendMs,
    step: async () => {
      await deliverDue(deps);
      return LIMITS.alertSendMs;
    },
  });
  return { close: async () => void (await Promise.all([looking.close(), sending.close()])) };
}
