/** What the audit tells, in words. */
import { CONSOLE_ACTIONS } from "@regulars/shared/access/actions";
import { roleSchema } from "@regulars/shared/access/roles";
import type { Json } from "@regulars/shared/digest";
import { z } from "zod";
import type { AuditEntry } from "../../access/audit.ts";
import { rolesInWords } from "../people/role-words.ts";

type AuditAction = AuditEntry["action"];

const WORDS: Readonly<Record<AuditAction, string>> = {
  sign_in: "Signed in",
  sign_in_refused: "Was refused at signing in",
  sign_out: "Signed out",
  "days.read": "Looked at days",
  "exceptions.read": "Looked at exceptions",
  "exceptions.work": "Worked on an exception",
  "exceptions.approve": "Approved an exception",
  "settlement.read": "Looked at settlement",
  "settlement.import": "Imported settlement",
  "customers.find": "Looked for a customer",
  "customers.read": "Looked at a customer",
  "customers.reveal": "Saw a customer's contact data in full",
  "matches.read": "Looked at potential matches",
  "matches.decide": "Decided who is who",
  "intake.read": "Looked at the intake",
  "intake.replay": "Replayed intake",
  "sources.read": "Looked at sources",
  "tills.manage": "Let a till in or out",
  "quality.read": "Looked at data quality",
  "quality.manage": "Changed thresholds of quality",
  "policy.read": "Looked at a policy",
  "policy.try": "Tried a policy",
  "policy.publish": "Published a policy",
  "audit.read": "Looked at the audit",
  "people.manage": "Changed a person",
  "alerts.manage": "Changed alerts",
  export: "Took a table as a file",
};

/** In the order of a choice: signing in first, then as the table of actions has them. */
export const AUDIT_ACTIONS: readonly AuditAction[] = [
  "sign_in",
  "sign_in_refused",
  "sign_out",
  ...CONSOLE_ACTIONS,
];

const isKnown = (action: string): action is AuditAction => Object.hasOwn(WORDS, action);

/** An action of another build is shown as it is written. */
export const actionInWords = (action: string): string => (isKnown(action) ? WORDS[action] : action);

const CHANGES: Readonly<Record<string, string>> = {
  add: "added",
  roles: "other roles",
  disable: "disabled",
  enable: "enabled",
  sign_out: "signed out everywhere",
  password: "another password",
};
const REASONS: Readonly<Record<string, string>> = {
  wrong: "name and password did not fit together",
  limited: "too many tries",
  disabled: "the account is disabled",
  no_role: "the provider gives no role",
  away: "the provider was away",
  denied: "the provider said no",
  stale: "the sign-in was too old or used before",
  untrusted: "the provider's answer could not be verified",
};

const changeSchema = z.object({
  change: z.string(),
  before: z.array(roleSchema).optional(),
  roles: z.array(roleSchema).optional(),
});
const reasonSchema = z.object({ reason: z.string() });
const withSchema = z.object({ with: z.enum(["password", "provider"]) });

/** What of an entry's detail has words; the rest is in the file as it is written. */
export function detailInWords(action: string, detail: Json): string | null {
  if (action === "people.manage") {
    const told = changeSchema.safeParse(detail);
    if (!told.success) return null;
    const { change, before, roles } = told.data;
    const words = CHANGES[change] ?? change;
    if (!roles) return words;
    return before
      ? `${words}: ${rolesInWords(before)} → ${rolesInWords(roles)}`
      : `${words}: ${rolesInWords(roles)}`;
  }
  const refused = reasonSchema.safeParse(detail);
  if (action === "sign_in_refused" && refused.success) {
    return REASONS[refused.data.reason] ?? refused.data.reason;
  }
  const signedIn = withSchema.safeParse(detail);
  if (signedIn.success) {
    return signedIn.data.with === "password" ? "with a password" : "by the identity provider";
  }
  return plainInWords(detail);
}

/** Names and values of other places, as they wrote them: ids and words of closed lists. */
function plainInWords(detail: Json): string | null {
  if (detail === null) return null;
  if (typeof detail !== "object" || Array.isArray(detail)) return JSON.stringify(detail);
  return Object.entries(detail)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}
