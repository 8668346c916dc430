/**
 * The one place that decides access: caller × action → groups of fields that may be shown. What is not in the table is
 * denied (SEC4). A connector is as many rows as its key has scopes.
 */
import type { Action, FieldGroup } from "./actions.ts";
import type { Caller } from "./caller.ts";
import type { Scope } from "./scopes.ts";

export type Row = Exclude<Caller["kind"], "connector"> | `connector:${Scope}`;

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

export function rowsOf(caller: Caller): readonly Row[] {
  if (caller.kind !== "connector") return [caller.kind];
  return caller.scopes.map((scope) => `connector:${scope}` as const);
}

/** By action and rows: there are few of both. */
const answers = new Map<string, ReadonlySet<FieldGroup> | null>();

/**
 * The groups of fields that the caller may be shown by the action, the same set for whoever may be shown the same; null where
 * it is denied.
 */
export function fieldsFor(caller: Caller, action: Action): ReadonlySet<FieldGroup> | null {
  const rows = rowsOf(caller);
  const name = `${action} ${rows.join(" ")}`;
  const known = answers.get(name);
  if (known !== undefined) return known;
  const granted = rows.flatMap((row) => {
    const fields = TABLE[row][action];
    return fields ? [fields] : [];
  });
  const fields = granted.length > 0 ? new Set(granted.flat()) : null;
  answers.set(name, fields);
  return fields;
}
