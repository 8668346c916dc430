/** Everything that anybody can ask of the edge or do at the console, and all parts of a profile: closed lists. */
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
  /** Digests of what the edge holds, and the mending of what differs (GLD2). */
  "compare",
  "sweep",
  "watch",
] as const;
export type Action = (typeof ACTIONS)[number];

export const CONSOLE_ACTIONS = [
  /** Today and store-days: ladder, Z and X, journal without persons. */
  "days.read",
  "exceptions.read",
  /** Assign, explain, reopen. */
  "exceptions.work",
  /** What somebody else has explained. */
  "exceptions.approve",
  "settlement.read",
  "settlement.import",
  "customers.find",
  "customers.read",
  /** Contact data and birth date in full: each time in the audit (SEC3). */
  "customers.reveal",
  "matches.read",
  /** Same, different, pin, ignore, and their undoing. */
  "matches.decide",
  "intake.read",
  "intake.replay",
  "sources.read",
  "tills.manage",
  "quality.read",
  /** Thresholds of alerts. */
  "quality.manage",
  "policy.read",
  /** Dry runs. */
  "policy.try",
  "policy.publish",
  "audit.read",
  "people.manage",
  "alerts.manage",
  /** Any table that one may see, as a file. */
  "export",
] as const;
export type ConsoleAction = (typeof CONSOLE_ACTIONS)[number];

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
