/** Survivorship policy: which claim of a field becomes the profile's value. Rules are data, versioned, published. */
import { z } from "zod";
import { claimFieldSchema, type ClaimField } from "../events/claim.ts";

/** Each strategy is a total order over claims, so the winner does not depend on the order of arrival (IDN2). */
export const strategySchema = z.enum(["most_recent", "oldest", "longest", "source_priority"]);
export type Strategy = z.infer<typeof strategySchema>;

export const ruleSchema = z.object({
  strategy: strategySchema,
  /** For `source_priority`: prefixes of source ids, best first; sources that match none come last. */
  priority: z.array(z.string()).optional(),
});
export type Rule = z.infer<typeof ruleSchema>;

export const policySchema = z.object({
  version: z.int().min(1),
  fallback: ruleSchema,
  fields: z.partialRecord(claimFieldSchema, ruleSchema),
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
};

export function ruleOf(policy: Policy, field: ClaimField): Rule {
  return policy.fields[field] ?? policy.fallback;
}
