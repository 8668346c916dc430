/** Asks the objects of the edge until they have come as far as a test wants: no test waits for time to pass. */
import { env } from "cloudflare:workers";
import { type Pull, pullAnswerSchema } from "@regulars/shared/protocol/pull";
import type { Storage } from "@regulars/shared/storage/port";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { createMarks } from "../src/inbox/marks.ts";

export const inbox = (store: string) => env.INBOX.get(env.INBOX.idFromName(store));

export function pullAll(
  store: string,
  source: string,
  cursor: string | null = null,
  epoch = 1,
  living: Pick<Pull, "life" | "head"> = {},
) {
  const pull: Pull = { ...THIS_VERSION, store, source, epoch, cursor, ...living };
  return inbox(store)
    .pull(pull)
    .then((json) => pullAnswerSchema.parse(JSON.parse(json)));
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

/** Marks as an inbox has them that has just been opened. */
export async function marksIn(storage: Storage) {
  const marks = createMarks(storage, Date.now);
  await marks.open();
  return marks;
}
