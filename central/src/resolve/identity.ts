/** What becomes of customer ids: who is active, who redirects, and what feed and edge are told (IDN7). */
import type { CustomerId } from "@regulars/shared/ids";
import type { Decision } from "@regulars/shared/protocol/publish";
import type { Naming } from "./naming.ts";
import type { UnitRecord } from "./unit-changes.ts";

export type FeedEntry =
  | { readonly type: "created"; readonly customer: CustomerId }
  | { readonly type: "merged"; readonly customer: CustomerId; readonly previous: CustomerId }
  | {
      readonly type: "split";
      readonly customer: CustomerId;
      /** Whom the records were with; stays active. */
      readonly previous: CustomerId;
      readonly records: readonly string[];
    };

export type Redirect = Extract<Decision, { kind: "redirect" }>;

export interface IdentityDecision {
  readonly feed: readonly FeedEntry[];
  readonly redirects: readonly Redirect[];
  /** Ids that redirected until now and are active again. */
  readonly returned: readonly CustomerId[];
}

/**
 * Every key of the records has an id that somebody may have given out without asking the centre, so each of them gets a row:
 * the customer, or a redirect to it.
 */
export function decideIdentity(naming: Naming, records: readonly UnitRecord[]): IdentityDecision {
  const { clusters, targets, customers } = naming;
  const created: FeedEntry[] = [];
  const merged: FeedEntry[] = [];
  const redirects: Redirect[] = [];
  const returned: CustomerId[] = [];
  for (const { customer } of clusters) {
    const stored = customers.get(customer);
    if (!stored) created.push({ type: "created", customer });
    else if (stored.redirectTo !== null) returned.push(customer);
  }
  for (const [from, to] of targets) {
    if (from === to) continue;
    const known = customers.get(from);
    if (known?.redirectTo === to) continue;
    redirects.push({ kind: "redirect", from, to });
    // The id that redirected to one that now redirects itself: its own row in the feed still leads there.
    const next = known?.redirectTo ?? null;
    const isFollowed = next !== null && targets.get(next) === to;
    if (!isFollowed) merged.push({ type: "merged", customer: to, previous: from });
  }
  const split = splitsOf(naming, records);
  const isTold = new Set([...split, ...merged].map(({ customer }) => customer));
  // Active again, and nothing else says so.
  for (const customer of returned) if (!isTold.has(customer)) created.push({ type: "created", customer }); // prettier-ignore
  return { feed: [...created, ...split, ...merged], redirects, returned };
}

/** Records that have left a customer who goes on without them. */
function splitsOf(
  { targets, customerOfRecord }: Naming,
  records: readonly UnitRecord[],
): FeedEntry[] {
  const splits = new Map<
    string,
    { customer: CustomerId; previous: CustomerId; records: string[] }
  >();
  for (const { id, customer: previous } of records) {
    const customer = customerOfRecord.get(id);
    if (previous === null || customer === undefined || customer === previous) continue;
    if (targets.get(previous) === customer) continue;
    const name = `${previous} ${customer}`;
    const known = splits.get(name);
    if (known) known.records.push(id);
    else splits.set(name, { customer, previous, records: [id] });
  }
  return [...splits.values()].map((split) => ({
    type: "split",
    ...split,
    records: split.records.toSorted(),
  }));
}
