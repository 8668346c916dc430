/** Captures as a shop says them. */
export const AT = "2026-03-01T10:00:00.000Z";
export const ada = { email: "ada@example.org", givenName: "Ada" };

export const order = (no: string, revision: number, minor: number, more: object = {}) => ({
  kind: "order",
  key: `order:${no}@${revision}`,
  at: AT,
  ids: [no],
  revision,
  state: "paid",
  currency: "GBP",
  lines: [{ sku: "A", quantity: "1", amountMinor: minor }],
  customer: ada,
  ...more,
});
export const refund = (no: string, name: string, minor: number, more: object = {}) => ({
  kind: "refund",
  key: `refund:${name}`,
  at: AT,
  refund: name,
  order: no,
  currency: "GBP",
  lines: [{ sku: "A", quantity: "1", amountMinor: -minor }],
  ...more,
});
