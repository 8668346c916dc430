/** Consent on merge: the newest word counts, and of words at the same time the withdrawal (CON1). */
import type { ConsentClaim } from "../fragment/contribution.ts";

export interface NamedConsent extends ConsentClaim {
  /** `purpose/channel`. */
  readonly name: string;
  /** The fragment that says so. */
  readonly fragment: string;
}

export function mergeConsents(
  claims: readonly NamedConsent[],
): Record<string, ConsentClaim & { fragment: string }> {
  const merged: Record<string, ConsentClaim & { fragment: string }> = {};
  for (const { name, ...claim } of claims) {
    const standing = merged[name];
    if (!standing || outranks(claim, standing)) merged[name] = claim;
  }
  return Object.fromEntries(Object.entries(merged).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

type Claim = ConsentClaim & { readonly fragment: string };

/**
 * Time is compared to the millisecond, not by whole stamp: counter and writer say nothing about what the customer
 * meant, and between equal times the withdrawal wins.
 */
function outranks(claim: Claim, standing: Claim): boolean {
  const time = claim.stamp.slice(0, 12);
  const standingTime = standing.stamp.slice(0, 12);
  if (time !== standingTime) return time > standingTime;
  if (claim.state !== standing.state) return claim.state === "withdrawn";
  return claim.stamp + claim.fragment > standing.stamp + standing.fragment;
}
