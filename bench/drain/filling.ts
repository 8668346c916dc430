/** A till that has sold for days without a network. */
import type { CaptureRequest } from "../../local/system/agent-client.ts";
import { openStoreAgent } from "../../store-agent/src/open-store-agent.ts";

export const PLACE = { zone: "Europe/London", country: "GB", currency: "GBP" };

const PEOPLE = 4_000;
/** Callers that arrive together. */
const GROUP = 50;

/** Every third sale is somebody's; the same sale at the same place in each run. */
export function saleAt(till: number, nth: number): CaptureRequest {
  const person = (till * 7_919 + nth * 104_729) % PEOPLE;
  const known = { loyaltyNumber: `98${String(person).padStart(8, "0")}`, givenName: `P${person}` };
  return {
    kind: "sale",
    externalId: `${till}/${nth}`,
    lines: [
      { sku: "tea", quantity: "2", unitPrice: "1.25" },
      { sku: "jam", quantity: "1", unitPrice: `${(nth % 9) + 1}.10` },
    ],
    ...(nth % 3 === 0 ? { customer: known } : {}),
  };
}

interface Filling extends Omit<Parameters<typeof openStoreAgent>[0], "nowMs"> {
  readonly till: number;
  readonly sales: number;
  /** Over which they are made; the last one is of now. */
  readonly hours: number;
}

export async function fillTill({ till, sales, hours, ...options }: Filling): Promise<void> {
  const spanMs = hours * 3_600_000;
  let nowMs = Date.now() - spanMs;
  const agent = await openStoreAgent({ ...options, nowMs: () => nowMs });
  for (let from = 0; from < sales; from += GROUP) {
    const group = Array.from({ length: Math.min(GROUP, sales - from) }, (_, at) =>
      agent.capture(saleAt(till, from + at)),
    );
    for (const answer of await Promise.all(group)) if (!answer.ok) throw new Error("refused");
    nowMs += (spanMs * group.length) / sales;
  }
  await agent.close();
}
