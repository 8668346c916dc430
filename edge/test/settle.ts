/** Drives the objects of the edge until nothing is waiting, by their alarms: no test waits for time to pass. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Pull } from "@regulars/shared/protocol/pull";
import { THIS_VERSION } from "@regulars/shared/protocol/version";

export const inbox = (store: string) => env.INBOX.get(env.INBOX.idFromName(store));

export async function settleInbox(store: string): Promise<void> {
  while (await runDurableObjectAlarm(inbox(store))) {
    const { marks } = await pullAll(store, "none");
    if (marks.merged >= marks.accepted) break;
  }
}

export function pullAll(store: string, source: string, cursor: string | null = null, epoch = 1) {
  const pull: Pull = { ...THIS_VERSION, store, source, epoch, cursor };
  return inbox(store).pull(pull);
}

/** Asks until the answer fits. Bounded by the test's own time limit; each try lets the objects run. */
export async function until<Value>(
  ask: () => Promise<Value>,
  fits: (value: Value) => boolean,
): Promise<Value> {
  for (;;) {
    const value = await ask();
    if (fits(value)) return value;
    await new Promise((next) => setTimeout(next, 0));
  }
}
