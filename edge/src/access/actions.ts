/** Everything that anybody can ask of the edge, and all parts of a profile: two closed lists. */
export const ACTIONS = [
  "till.push",
  "till.pull",
  "till.poke",
  "profile.lookup",
  "profile.read",
  "profile.timeline",
  "profile.live",
  /** As edge and tills hold it, with all that makes it: for whoever compares the two sides (GLD2). */
  "profile.stored",
  /** Claims and consents. */
  "profile.write",
  "ingest.segment",
  "ingest.webhook",
  "ingest.events",
  "intake.read",
  "intake.replay",
  /** Of a connector, its own. */
  "accounts.read",
  "accounts.manage",
  "tills.manage",
  "publish",
  "sweep",
  "watch",
] as const;
export type Action = (typeof ACTIONS)[number];

export const FIELD_GROUPS = [
  /** Customer id, names, language, country. */
  "identity",
  /** E-mail, phone, address. */
  "contact",
  /** The same, so that a customer recognises it and nobody else learns it. */
  "contactMasked",
  "birth",
  "consents",
  /** Totals, recent sales, orders, carts. */
  "purchases",
  "notes",
  "traits",
  "behaviour",
  /** Card numbers and memberships. */
  "loyalty",
  /** Identity keys. */
  "keys",
  /** Where each value is from, what else was said, stewards' decisions. */
  "lineage",
  /** Versions and the newest stamp. */
  "freshness",
] as const;
export type FieldGroup = (typeof FIELD_GROUPS)[number];
