/** The working set comes as it does from the edge: by pulls of the real till, only that these are large and without a network. */
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { fail, ok } from "@regulars/shared/result";
import { setTimeout as wait } from "node:timers/promises";
import type { EdgePort } from "../../store-agent/src/sync/edge-port.ts";
import { profileSchema, type Profile } from "@regulars/shared/survivorship/profile";
import { openFilling } from "../archive/filling-till.ts";

/** In one answer, and so in one transaction. */
const PAGE = 10_000;
const MARKS = { accepted: 0, merged: 0, golden: 0 };

/** An edge with so many profiles to tell. */
function tellingEdge(count: number, next: () => Profile): EdgePort & { left(): number } {
  let left = count;
  let cursor = 0;
  return {
    left: () => left,
    // What was sold meanwhile stays where it is.
    push: async () => fail({ code: "overloaded", retryAfterMs: 3_600_000 }),
    async pull() {
      const page = Math.min(PAGE, left);
      const changes = Array.from({ length: page }, () => ({ profile: next() }));
      left -= page;
      cursor += 1;
      return ok({
        ...THIS_VERSION,
        changes,
        cursor: `g1/${cursor}`,
        resync: false,
        more: left > 0,
        marks: MARKS,
        serverTimeMs: Date.now(),
      });
    },
    lookup: async () => ok(null),
  };
}

/** So many more than there are. */
export async function fillWorkingSet(
  dataDir: string,
  count: number,
  next: () => Profile,
): Promise<void> {
  let checked = false;
  const edge = tellingEdge(count, () => {
    const profile = next();
    if (checked) return profile;
    checked = true;
    return profileSchema.parse(profile);
  });
  const filling = await openFilling(dataDir, edge);
  try {
    while (edge.left() > 0) await wait(20);
  } finally {
    await filling.close();
  }
}
