/** What is sold: three lines paid by card, every third time to somebody who shows a card. */
export const CUSTOMERS = 2_000;

/** The same sale at the same place in each run. */
export function saleAt(nth: number) {
  const customer = (nth * 7_919) % CUSTOMERS;
  return {
    kind: "sale",
    idempotencyKey: `basket-${nth}`,
    lines: [
      { sku: "4006381333931", description: "Highlighter", quantity: "2", unitPrice: "1.25" },
      { sku: "5000159484695", description: "Olive oil 1 l", quantity: "1", unitPrice: "7.95" },
      { sku: "0036000291452", quantity: "1", unitPrice: "0.99" },
    ],
    tenders: [{ type: "card", amountMinor: 1_144 }],
    ...(nth % 3 !== 0 ? {} : { customer: { loyaltyNumber: cardOf(customer) } }),
  };
}

const cardOf = (customer: number): string => `98${String(customer).padStart(8, "0")}`;
