/** What is sold at the till of the bench: the same sale at the same place in each run, every third of them somebody's. */
import type { CaptureRequest } from "../../local/system/agent-client.ts";

/** As many sales for each regular as a town's shop has in a year. */
const SALES_PER_REGULAR = 8;
const KNOWN_EVERY = 3;

export const regularsOf = (sales: number): number => Math.ceil(sales / SALES_PER_REGULAR);

/** Which regular buys; null for whoever shows no card. */
export function regularAt(nth: number, regulars: number): number | null {
  return nth % KNOWN_EVERY === 0 ? (nth * 104_729 + 7_919) % regulars : null;
}

/** Sales that say something about a regular: each is one update of a profile. */
export const updatesOf = (sales: number): number => Math.ceil(sales / KNOWN_EVERY);

export function saleAt(nth: number, regulars: number): CaptureRequest {
  const regular = regularAt(nth, regulars);
  return {
    kind: "sale",
    externalId: `bench/${nth}`,
    lines: [
      {
        sku: "TEA-1",
        description: "Earl Grey, loose leaf, 100 g",
        quantity: "2",
        unitPrice: "3.95",
      },
      { sku: "JAM-4", description: "Damson jam", quantity: "1", unitPrice: `${(nth % 9) + 1}.10` },
    ],
    ...(regular === null ? {} : { customer: regularOf(regular) }),
  };
}

export const regularOf = (regular: number) => ({
  loyaltyNumber: `98${String(regular).padStart(8, "0")}`,
  givenName: "Ada",
  familyName: `Regular ${regular}`,
});
