/**
 * The smallest till: sells one basket, with or without a network, and greets whom it knows.
 *
 * npx node examples/node-pos.ts [folder]
 */
import { openStoreAgent } from "@regulars/store-agent";

const agent = await openStoreAgent({
  dataDir: process.argv[2] ?? ".regulars/node-pos",
  source: "till-1",
  store: "store-1",
  zone: "Europe/London",
  country: "GB",
  currency: "GBP",
  // A retailer's own secret, the same at all tills; with REGULARS_EDGE_URL it syncs, once it is let in.
  pepper: process.env["REGULARS_PEPPER"] ?? "only-for-trying-it-out",
  ...(process.env["REGULARS_EDGE_URL"] ? { edgeUrl: process.env["REGULARS_EDGE_URL"] } : {}),
  // A code from the office, for the first start.
  ...(process.env["REGULARS_ENROLMENT_CODE"]
    ? { enrolmentCode: process.env["REGULARS_ENROLMENT_CODE"] }
    : {}),
});

const sale = await agent.capture({
  kind: "sale",
  lines: [{ sku: "TEA-1", description: "Tea, 250 g", quantity: "2", unitPrice: "3.95" }],
  tenders: [{ type: "cash", amountMinor: 790 }],
  customer: { email: "ada@example.com", givenName: "Ada" },
});
if (!sale.ok) throw new Error(sale.reason.title);
console.log(`receipt ${sale.value.receipt}`);

for (const { profile } of await agent.lookup("ada@example.com")) {
  const totals = profile.totals["GBP"];
  console.log(
    `known as ${JSON.stringify(profile.fields.givenName?.value)}, ${totals?.sales} sales`,
  );
}
await agent.close();
