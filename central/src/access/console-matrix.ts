/** Who may do what at the console, and is shown what, written out by hand for tests: what is not here is denied. */
import type { ConsoleAction, FieldGroup } from "@regulars/shared/access/actions";
import type { Role } from "@regulars/shared/access/roles";

const ALL: readonly Role[] = ["read_only", "operations", "steward", "privacy", "admin"];

export const EXPECTED: Readonly<Record<ConsoleAction, readonly Role[]>> = {
  "days.read": ALL,
  "exceptions.read": ALL,
  "exceptions.work": ["operations", "admin"],
  "exceptions.approve": ["operations", "admin"],
  "settlement.read": ALL,
  "settlement.import": ["operations", "admin"],
  "customers.find": ["steward", "privacy", "admin"],
  "customers.read": ["steward", "privacy", "admin"],
  "customers.reveal": ["steward", "privacy", "admin"],
  "matches.read": ["steward", "admin"],
  "matches.decide": ["steward", "admin"],
  "intake.read": ["operations", "steward", "admin"],
  "intake.replay": ["operations", "steward", "admin"],
  "sources.read": ALL,
  "tills.manage": ["operations", "admin"],
  "quality.read": ALL,
  "quality.manage": ["operations", "admin"],
  "policy.read": ALL,
  "policy.try": ["steward", "admin"],
  "policy.publish": ["admin"],
  "audit.read": ["privacy", "admin"],
  "people.manage": ["admin"],
  "alerts.manage": ["admin"],
  export: ["operations", "steward", "privacy", "admin"],
};

const MASKED: readonly FieldGroup[] = [
  "identity", "contactMasked", "consents", "purchases", "notes", "traits", "behaviour", "loyalty", "keys", "lineage",
  "freshness",
]; // prettier-ignore

/** Of a customer, by whatever action shows one; every other action shows nobody's person. */
export const SHOWN: Readonly<Partial<Record<ConsoleAction, readonly FieldGroup[]>>> = {
  "customers.find": MASKED,
  "customers.read": MASKED,
  "customers.reveal": [
    "identity", "contact", "birth", "consents", "purchases", "notes", "traits", "behaviour", "loyalty", "keys", "lineage",
    "freshness",
  ],
  "matches.read": MASKED,
  "matches.decide": MASKED,
}; // prettier-ignore

/** What is answered without a session: the door itself, and the files that it is drawn with. */
export const OPEN: readonly string[] = [
  "GET /console/style.css",
  "GET /console/icon.svg",
  "GET /console/keys.js",
  "GET /console/htmx.js",
  "GET /console/ahead.js",
  "GET /sign-in",
  "POST /sign-in",
  "GET /sign-in/provider",
  "GET /sign-in/return",
];
