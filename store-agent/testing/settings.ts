/** A till of the tests, and a sale of it. */
export const NOON = Date.parse("2026-06-01T11:00:00.000Z");
export const SOURCE = "till-1";
export const STORE = "store-1";
export const IDENTITY = { pepper: "pepper-of-the-tests", country: "GB" };
export const SETTINGS = {
  source: SOURCE,
  store: STORE,
  zone: "Europe/London",
  currency: "GBP",
  ...IDENTITY,
};
export function sale(more: object = {}): object {
  return { kind: "sale", lines: [{ sku: "mug", quantity: "1", unitPrice: "2.50" }], ...more };
}
