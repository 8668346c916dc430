/**
 * The one place that decides access: caller × action → groups of fields that may be shown. What is not in the table is
 * denied (SEC4). A connector is as many rows as its key has scopes, a person at the console as many as they have roles.
 */
import type { Action, ConsoleAction, FieldGroup } from "./actions.ts";
import type { Role } from "./roles.ts";
import type { Scope } from "./scopes.ts";

export type Row = "till" | "customer" | "associate" | "desk" | "centre" | `connector:${Scope}`;

/** Of actions that show no profile. */
const PLAIN: readonly FieldGroup[] = [];

const WHOLE: readonly FieldGroup[] = [
  "identity",
  "contact",
  "birth",
  "consents",
  "purchases",
  "notes",
  "traits",
  "behaviour",
  "loyalty",
  "keys",
  "lineage",
  "freshness",
];

const without = (...hidden: readonly FieldGroup[]): readonly FieldGroup[] =>
  WHOLE.filter((group) => !hidden.includes(group));

/** What is known about oneself; what staff wrote about one is the retailer's. */
const OWN = without("notes", "keys", "lineage");
/** In front of the customer: enough to serve and to recognise, nothing to carry away. */
const IN_STORE: readonly FieldGroup[] = [
  "identity",
  "contactMasked",
  "consents",
  "purchases",
  "notes",
  "traits",
  "loyalty",
  "freshness",
];
const DESK = without("keys", "lineage");
const SYSTEM = without("notes", "keys");

const MANAGE = { "accounts.read": PLAIN, "accounts.manage": PLAIN, "tills.manage": PLAIN } as const;

export const TABLE: Readonly<Record<Row, Partial<Record<Action, readonly FieldGroup[]>>>> = {
  // A till holds its store's working set whole: it must show it without a network, to whoever stands at it. Beyond that it
  // finds who stands there, by what they say of themselves; an id alone opens nothing.
  till: {
    "till.push": PLAIN,
    "till.pull": PLAIN,
    "till.poke": PLAIN,
    "profile.lookup": WHOLE,
  },
  customer: {
    "profile.read": OWN,
    "profile.timeline": OWN,
    "profile.live": OWN,
    "profile.write": OWN,
  },
  associate: {
    "profile.lookup": IN_STORE,
    "profile.read": IN_STORE,
    "profile.timeline": IN_STORE,
    "profile.live": IN_STORE,
  },
  desk: {
    "profile.lookup": DESK,
    "profile.read": DESK,
    "profile.timeline": DESK,
    "profile.live": DESK,
    "profile.write": DESK,
  },
  centre: {
    "profile.lookup": WHOLE,
    "profile.read": WHOLE,
    "profile.timeline": WHOLE,
    "profile.live": WHOLE,
    "profile.stored": WHOLE,
    "profile.write": WHOLE,
    "intake.read": PLAIN,
    "intake.replay": PLAIN,
    ...MANAGE,
    publish: PLAIN,
    compare: PLAIN,
    sweep: PLAIN,
    watch: PLAIN,
  },
  "connector:segment": { "ingest.segment": PLAIN },
  "connector:webhooks": { "ingest.webhook": PLAIN },
  // An import has to know what its files are read by; keys of the other two may be public, or in a shop's settings.
  "connector:events": { "ingest.events": PLAIN, "accounts.read": PLAIN },
  "connector:profiles": {
    "profile.lookup": SYSTEM,
    "profile.read": SYSTEM,
    "profile.timeline": SYSTEM,
    "profile.live": SYSTEM,
  },
  "connector:profiles:write": { "profile.write": PLAIN },
  "connector:intake": { "intake.read": PLAIN, "intake.replay": PLAIN },
  "connector:admin": MANAGE,
};

/** What everybody at head office may look at: figures of stores, and nobody's person. */
const LOOK = {
  "days.read": PLAIN,
  "exceptions.read": PLAIN,
  "settlement.read": PLAIN,
  "sources.read": PLAIN,
  "quality.read": PLAIN,
  "policy.read": PLAIN,
} as const;

/** To recognise a customer in a list, and to see why two are one: e-mail and phone with stars. */
const MASKED: readonly FieldGroup[] = [
  ...WHOLE.filter((group) => group !== "contact" && group !== "birth"),
  "contactMasked",
];

/** People at the console: what each role may do there, and which parts of a customer it is shown by it. */
export const CONSOLE_TABLE: Readonly<
  Record<Role, Partial<Record<ConsoleAction, readonly FieldGroup[]>>>
> = {
  read_only: LOOK,
  operations: {
    ...LOOK,
    "exceptions.work": PLAIN,
    "exceptions.approve": PLAIN,
    "settlement.import": PLAIN,
    "intake.read": PLAIN,
    "intake.replay": PLAIN,
    "tills.manage": PLAIN,
    "quality.manage": PLAIN,
    export: PLAIN,
  },
  steward: {
    ...LOOK,
    "customers.find": MASKED,
    "customers.read": MASKED,
    "customers.reveal": WHOLE,
    "matches.read": MASKED,
    "matches.decide": MASKED,
    "intake.read": PLAIN,
    "intake.replay": PLAIN,
    "policy.try": PLAIN,
    export: PLAIN,
  },
  privacy: {
    ...LOOK,
    "customers.find": MASKED,
    "customers.read": MASKED,
    "customers.reveal": WHOLE,
    "audit.read": PLAIN,
    export: PLAIN,
  },
  admin: {
    ...LOOK,
    "exceptions.work": PLAIN,
    "exceptions.approve": PLAIN,
    "settlement.import": PLAIN,
    "customers.find": MASKED,
    "customers.read": MASKED,
    "customers.reveal": WHOLE,
    "matches.read": MASKED,
    "matches.decide": MASKED,
    "intake.read": PLAIN,
    "intake.replay": PLAIN,
    "tills.manage": PLAIN,
    "quality.manage": PLAIN,
    "policy.try": PLAIN,
    "policy.publish": PLAIN,
    "audit.read": PLAIN,
    "people.manage": PLAIN,
    "alerts.manage": PLAIN,
    export: PLAIN,
  },
};
