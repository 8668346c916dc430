/** The golden record: what the centre holds to be true of a customer, and from where it has it (GLD1, GLD2). */
import { canonicalJson, sha256Hex } from "@regulars/shared/digest";
import type { Contribution } from "@regulars/shared/fragment/contribution";
import { activityIn } from "@regulars/shared/survivorship/activity";
import type { Override } from "@regulars/shared/survivorship/override";
import type { Policy } from "@regulars/shared/survivorship/policy";
import { buildProfile, profileContentSchema } from "@regulars/shared/survivorship/profile";
import type { z } from "zod";

export const goldenSchema = profileContentSchema.pick({ fields: true, keys: true, consents: true });
export type Golden = z.infer<typeof goldenSchema>;

/** What a customer does: changes with every sale, so it makes no version of what a customer is. */
export const activitySchema = profileContentSchema.pick({
  asOf: true,
  totals: true,
  recent: true,
  notes: true,
  traits: true,
  behaviours: true,
  carts: true,
  closedCarts: true,
  orders: true,
  loyalty: true,
});
export type Activity = z.infer<typeof activitySchema>;

export interface GoldenState {
  readonly golden: Golden;
  readonly digest: string;
  readonly activity: Activity;
}

/** Decisions on records that are not among these have no effect. */
export function goldenOf(
  contributions: readonly Contribution[],
  policy: Policy,
  overrides: readonly Override[] = [],
): GoldenState {
  const profile = buildProfile(contributions, policy, overrides);
  const { fields, keys, consents, asOf, totals, recent, notes } = profile;
  const golden: Golden = { fields, keys, consents };
  return {
    golden,
    digest: sha256Hex(canonicalJson(golden)),
    activity: { asOf, totals, recent, notes, ...activityIn(profile) },
  };
}
