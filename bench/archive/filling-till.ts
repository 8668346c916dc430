/** A till that is filled in this process: the machines of the real agent, its commits without a sync of their own. */
import { setImmediate, setTimeout } from "node:timers/promises";
import { ARCHIVE_SIZES } from "../../store-agent/src/archive/archived-row.ts";
import { openFolder } from "../../store-agent/src/db/open-folder.ts";
import { createTill, type TillMachine } from "../../store-agent/src/till.ts";
import type { EdgePort } from "../../store-agent/src/sync/edge-port.ts";

export const SOURCE = "till-1";
export const STORE = "store-1";
export const PLACE = {
  zone: "Europe/London",
  country: "GB",
  currency: "GBP",
  pepper: "pepper-of-the-bench",
};

const TIMER_MAX_MS = 2 ** 31 - 1;

export interface Filling {
  readonly till: TillMachine;
  close(): Promise<void>;
}

export async function openFilling(
  dataDir: string,
  edge: EdgePort,
  sync: "full" | "relaxed" = "relaxed",
): Promise<Filling> {
  const { country, currency, pepper, zone } = PLACE;
  const folder = await openFolder({ dataDir, source: SOURCE, store: STORE });
  const till = createTill({
    storage: sync === "full" ? folder.storage : folder.relaxed,
    relaxed: folder.relaxed,
    archiveFolder: folder.archive,
    sizes: ARCHIVE_SIZES,
    flush: () => folder.flush(),
    shrink: () => folder.shrink(),
    highWater: folder.highWater,
    life: folder.life,
    offsetMs: 0,
    blindCount: true,
    edge,
    place: { source: SOURCE, store: STORE, zone },
    currency,
    identity: { pepper, country },
    nowMs: Date.now,
    random: Math.random,
    gather: () => setImmediate(),
    wait: async (ms, signal) => {
      await setTimeout(Math.min(ms, TIMER_MAX_MS), undefined, { signal }).catch(() => undefined);
    },
    onLink: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  return {
    till,
    async close() {
      await till.stop();
      await folder.close();
    },
  };
}

/** Every third sale is somebody's; the same sale at the same place in each run. */
export function saleAt(nth: number, people: number) {
  const person = (nth * 104_729) % people;
  const known = { loyaltyNumber: `98${String(person).padStart(8, "0")}`, givenName: `P${person}` };
  return {
    kind: "sale",
    idempotencyKey: `basket-${nth}`,
    externalId: `pos/${nth}`,
    lines: [
      { sku: "tea", quantity: "2", unitPrice: "1.25" },
      { sku: "jam", quantity: "1", unitPrice: `${(nth % 9) + 1}.10` },
    ],
    ...(nth % 3 === 0 ? { customer: known } : {}),
  };
}
