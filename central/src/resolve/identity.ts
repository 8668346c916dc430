/** What becomes of customer ids: who is active, who redirects, and what feed and edge are told (IDN7). */
import type { CustomerId } from "@regulars/shared/ids";
import type { Decision } from "@regulars/shared/protocol/publish";
import type { ArrivedRecord } from "../intake/source-record.ts";
import type { Cluster, Linkable } from "./clusters.ts";
import { assignmentKey, type Neighbourhood } from "./neighbourhood.ts";

export type FeedEntry =
  | { readonly type: "created"; readonly customer: CustomerId }
  | { readonly type: "merged"; readonly customer: CustomerId; readonly previous: CustomerId };

export type Redirect = Extract<Decision, { kind: "redirect" }>;
export type Assign = Extract<Decision, { kind: "assign" }>;

export interface IdentityDecision {
  readonly feed: readonly FeedEntry[];
  readonly redirects: readonly Redirect[];
  /** Ids that redirected until now and are the customer's again: an earlier record of theirs has arrived. */
  readonly returned: readonly CustomerId[];
}

/**
 * Every key of the cluster's records has an id that somebody may have given out without asking the centre, so each
 * of them gets a row: the customer, or a redirect to it.
 */
export function decideIdentity(
  cluster: Cluster<Linkable>,
  customers: Neighbourhood["customers"],
): IdentityDecision {
  const { customer } = cluster;
  const feed: FeedEntry[] = [];
  const stored = customers.get(customer);
  if (!stored) feed.push({ type: "created", customer });
  const redirects: Redirect[] = [];
  for (const from of cluster.redirects) {
    const known = customers.get(from);
    if (known?.redirectTo === customer) continue;
    redirects.push({ kind: "redirect", from, to: customer });
    // The id that redirected to one that now redirects itself: its own row in the feed still leads there.
    const isFollowed = known?.redirectTo !== null && known?.redirectTo !== undefined;
    if (!isFollowed) feed.push({ type: "merged", customer, previous: from });
  }
  return { feed, redirects, returned: stored?.redirectTo ? [customer] : [] };
}

/**
 * Fragments that the edge has put with another customer. An id that redirects to the right one is no mistake, and
 * what the edge was told once it is not told again: messages that were on their way still carry the old id.
 */
export function decideAssigns(
  arrived: readonly ArrivedRecord[],
  customerOf: (record: ArrivedRecord) => CustomerId,
  activeIdOf: (id: CustomerId) => CustomerId,
  assignments: Neighbourhood["assignments"],
): Assign[] {
  const assigns = new Map<string, Assign>();
  for (const record of arrived) {
    const { key } = record.contribution;
    const from = record.edgeCustomer;
    const to = customerOf(record);
    if (activeIdOf(from) === to) continue;
    const at = assignmentKey(key, from);
    const told = assignments.get(at);
    if (told !== undefined && activeIdOf(told) === to) continue;
    assigns.set(at, { kind: "assign", key, from, to });
  }
  return [...assigns.values()];
}
