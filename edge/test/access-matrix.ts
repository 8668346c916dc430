/** Who may do what, and is shown what, written out by hand: what is not here is denied. */
import type { Action, FieldGroup } from "@regulars/shared/access/actions";
import { INTAKE_ROUTES } from "./intake/doors.ts";

export const CALLERS = [
  "till",
  "customer",
  "associate",
  "desk",
  "centre",
  "segment",
  "webhooks",
  "events",
  "profiles",
  "profiles:write",
  "intake",
  "admin",
] as const;
export type CallerName = (typeof CALLERS)[number];

/** Who may do what. `OPEN` routes have no caller. */
export const EXPECTED: Readonly<Record<Action, readonly CallerName[]>> = {
  "till.push": ["till"],
  "till.pull": ["till"],
  "till.poke": ["till"],
  "profile.lookup": ["till", "associate", "desk", "centre", "profiles"],
  "profile.read": ["customer", "associate", "desk", "centre", "profiles"],
  "profile.timeline": ["customer", "associate", "desk", "centre", "profiles"],
  "profile.live": ["customer", "associate", "desk", "centre", "profiles"],
  "profile.stored": ["centre"],
  "profile.write": ["customer", "desk", "centre", "profiles:write"],
  "ingest.segment": ["segment"],
  "ingest.webhook": ["webhooks"],
  "ingest.events": ["events"],
  "intake.read": ["centre", "intake"],
  "intake.replay": ["centre", "intake"],
  "accounts.read": ["centre", "events", "admin"],
  "accounts.manage": ["centre", "admin"],
  "tills.manage": ["centre", "admin"],
  publish: ["centre"],
  compare: ["centre"],
  sweep: ["centre"],
  watch: ["centre"],
};

/** What whoever reads a profile is shown of it. */
export const SHOWN: Readonly<Partial<Record<CallerName, readonly FieldGroup[]>>> = {
  till: [
    "identity", "contact", "birth", "consents", "purchases", "notes", "traits", "behaviour",
    "loyalty", "keys", "lineage", "freshness",
  ],
  customer: [
    "identity", "contact", "birth", "consents", "purchases", "traits", "behaviour", "loyalty",
    "freshness",
  ],
  associate: [
    "identity", "contactMasked", "consents", "purchases", "notes", "traits", "loyalty",
    "freshness",
  ],
  desk: [
    "identity", "contact", "birth", "consents", "purchases", "notes", "traits", "behaviour",
    "loyalty", "freshness",
  ],
  centre: [
    "identity", "contact", "birth", "consents", "purchases", "notes", "traits", "behaviour",
    "loyalty", "keys", "lineage", "freshness",
  ],
  profiles: [
    "identity", "contact", "birth", "consents", "purchases", "traits", "behaviour", "loyalty",
    "lineage", "freshness",
  ],
}; // prettier-ignore

/** What stands before each route; null: open to all. A route that is not here has no place in the edge. */
export const ROUTES: Readonly<Record<string, Action | null>> = {
  "GET /health": null,
  "POST /v1/customers/lookup": "profile.lookup",
  "GET /v1/customers/:customer": "profile.read",
  "GET /openapi.json": null,
  "GET /": null,
  "GET /reference": null,
  "GET /reference/style.css": null,
  "OPTIONS /v1/customers/*": null,
  "GET /v1/customers/:customer/stored": "profile.stored",
  "GET /v1/customers/:customer/timeline": "profile.timeline",
  "GET /v1/customers/:customer/purchases": "profile.read",
  "GET /v1/customers/:customer/loyalty": "profile.read",
  "GET /v1/customers/:customer/preferences": "profile.read",
  "GET /v1/customers/:customer/consents": "profile.read",
  "POST /v1/customers/:customer/claims": "profile.write",
  "POST /v1/customers/:customer/consents": "profile.write",
  "GET /v1/customers/:customer/live": "profile.live",
  "GET /v1/accounts": "accounts.manage",
  "GET /v1/accounts/:id": "accounts.read",
  "PUT /v1/accounts/:id": "accounts.manage",
  "POST /v1/accounts/:id/keys": "accounts.manage",
  "DELETE /v1/accounts/:id/keys/:key": "accounts.manage",
  "GET /v1/tills": "tills.manage",
  "POST /v1/tills/enrolments": "tills.manage",
  "DELETE /v1/tills/:source": "tills.manage",
  "POST /v1/tills/enrol": null,
  "POST /v1/tills/challenge": null,
  "POST /v1/tills/token": null,
  "POST /v1/publish": "publish",
  "POST /v1/compare/profiles": "compare",
  "POST /v1/compare/mend": "compare",
  "POST /v1/compare/journal": "compare",
  "POST /v1/sweep": "sweep",
  "GET /v1/status": "watch",
  "GET /v1/quarantine": "watch",
  "POST /v1/quarantine/replay": "watch",
  "GET /metrics": "watch",
  ...INTAKE_ROUTES,
  "POST /v1/push": "till.push",
  "POST /v1/pull": "till.pull",
  "GET /v1/poke": "till.poke",
};
