/** Survivorship policy: which claim of a field becomes the profile's value. Rules are data, versioned, published. */
import { z } from "zod";
import { claimFieldSchema, type ClaimField } from "../events/claim.ts";
import { LIMITS } from "../limits.ts";

/** Each strategy is a total order over claims, so the winner does not depend on the order of arrival (IDN2). */
export const strategySchema = z.enum([
  "most_recent",
  "oldest",
  "longest",
  "source_priority",
  /** The value that most source records say. */
  "most_frequent",
  /** What somebody has checked goes before what nobody has. */
  "verified_first",
  /** All values stand, the newest one in front. */
  "aggregate",
  /** By text, which for dates is by time. */
  "minimum",
  "maximum",
]);
export type Strategy = z.infer<typeof strategySchema>;

/** Beginnings of source ids. */
const prefixesSchema = z
  .array(z.string().min(1).max(LIMITS.sourceIdChars))
  .max(LIMITS.rulePrefixes);

export const ruleSchema = z.object({
  strategy: strategySchema,
  /** For `source_priority`: prefixes of source ids, best first; sources that match none come last. */
  priority: prefixesSchema.optional(),
  /** Decides where the strategy finds two claims equal; where this does as well, the newest wins. */
  then: strategySchema.exclude(["aggregate"]).optional(),
  /** Prefixes of sources that never win. */
  skip: prefixesSchema.optional(),
});
export type Rule = z.infer<typeof ruleSchema>;

const groupNameSchema = z.string().regex(/^[a-z][A-Za-z]{0,31}$/, "is not the name of a group");
const groupsSchema = z
  .record(groupNameSchema, z.array(claimFieldSchema).min(1).max(LIMITS.groupFields))
  .refine((groups) => {
    const fields = Object.values(groups).flat();
    return new Set(fields).size === fields.length;
  }, "may name each field once");

export const policySchema = z.object({
  version: z.int().min(1),
  fallback: ruleSchema,
  fields: z.partialRecord(claimFieldSchema, ruleSchema),
  /** Fields that win together: all values of a group are of one source record, by the rule of its first field. */
  groups: groupsSchema.default({}),
});
export type Policy = z.infer<typeof policySchema>;

/** Recency for what changes in a life; the first word for what does not. */
export const DEFAULT_POLICY: Policy = {
  version: 1,
  fallback: { strategy: "most_recent" },
  fields: {
    birthDate: { strategy: "oldest" },
    givenName: { strategy: "most_recent" },
    address: { strategy: "most_recent" },
  },
  groups: {},
};

export function ruleOf(policy: Policy, field: ClaimField): Rule {
  return policy.fields[field] ?? policy.fallback;
}

/** Fields that are decided together, by one rule; `group` is null where a field stands alone. */
export interface Unit {
  readonly group: string | null;
  readonly fields: readonly ClaimField[];
  readonly rule: Rule;
}

export function unitOf(policy: Policy, field: ClaimField): Unit {
  for (const [group, fields] of Object.entries(policy.groups)) {
    const [first] = fields;
    if (first !== undefined && fields.includes(field)) {
      return { group, fields, rule: ruleOf(policy, first) };
    }
  }
  return { group: null, fields: [field], rule: ruleOf(policy, field) };
}
