/** Somebody who does not exist, for the description. A test holds each of these to its schema. */
const customer = "cK3x0l2Vb8q1Zt7RmY5sPwA";

export const LOOKUP = { email: "ada@example.com", fields: ["identity", "loyalty"] };
export const CLAIMS = {
  id: "form-1",
  claims: { givenName: "Ada", phone: "+442079460018" },
  traits: { shoeSize: 39 },
};
export const CONSENT = {
  id: "switch-1",
  purpose: "marketing",
  channel: "email",
  state: "granted",
  evidence: { text: "Send me the tea letter", version: "2026-01" },
};
export const TAKEN = { item: "app-2f1c9b7d40e6a85334d1c0b29e8f7a61", accepted: true };

const sale = {
  kind: "sale",
  event: "till-1/1/42",
  at: "2026-01-05T09:12:00.000Z",
  store: "store-1",
  receipt: "till-1-42",
  currency: "GBP",
  totalMinor: 790,
  lines: 1,
  items: ["TEA-1"],
};

export const CUSTOMER = {
  customer,
  version: 7,
  golden: 3,
  freshness: { asOf: "2026-01-05T09:12:00.000Z", pending: ["golden"] },
  profile: {
    identity: { givenName: "Ada", familyName: "Byron", language: "en", country: "GB" },
    contact: { email: "ada@example.com", phone: "+442079460018" },
    consents: { "marketing/email": { state: "granted", at: "2026-01-04T18:00:00.000Z" } },
    purchases: {
      totals: { GBP: { sales: 12, returns: 1, minor: 18430 } },
      recent: [sale],
      orders: [],
      carts: [],
    },
    traits: { shoeSize: 39 },
    loyalty: {
      number: "4711",
      programs: { "tea-club": { balancePoints: 120, at: "2026-01-05T09:00:00.000Z" } },
    },
  },
};

export const TIMELINE = { customer, version: 7, entries: [sale], next: null, complete: true };
