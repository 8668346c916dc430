/**
 * What a policy would change, without changing anything: the same derivation as its run, page by page over all customers,
 * counting instead of writing.
 */
import type { ClaimField, ClaimValue } from "@regulars/shared/events/claim";
import { LIMITS } from "@regulars/shared/limits";
import type { Storage } from "@regulars/shared/storage/port";
import type { Policy } from "@regulars/shared/survivorship/policy";
import { deriveCustomers, nextCustomers } from "../golden/derive.ts";
import { type FieldDifference, goldenDifference } from "../golden/difference.ts";

export interface DryRunOptions {
  readonly samples: number;
  /** With what the values are, which is somebody's personal data. */
  readonly values: boolean;
  /** Lets others have their turn between two pages. */
  readonly pause: () => Promise<void>;
}

export interface Sample {
  readonly customer: string;
  readonly field: ClaimField;
  readonly before: SampleState | null;
  readonly after: SampleState | null;
}

interface SampleState {
  readonly event: string;
  readonly rule: string;
  readonly value?: ClaimValue;
}

export interface FieldCounts {
  /** Customers for whom another value would stand, or one where none does, or none. */
  values: number;
  /** Customers for whom the same value would stand by another rule, or with other values beside it. */
  lineage: number;
}

export interface DryRun {
  readonly customers: number;
  /** Golden records that would get a new version. */
  readonly changed: number;
  readonly fields: Partial<Record<ClaimField, FieldCounts>>;
  /** Of other values only. */
  readonly samples: readonly Sample[];
}

export async function dryRun(
  storage: Storage,
  policy: Policy,
  options: DryRunOptions,
): Promise<DryRun> {
  let tally: DryRun = NOTHING_FOUND;
  for (let after = "", isMore = true; isMore;) {
    const page = await dryRunPage(storage, policy, { after, tally }, options);
    ({ tally, last: after, isMore } = page);
    await options.pause();
  }
  return tally;
}

export const NOTHING_FOUND: DryRun = { customers: 0, changed: 0, fields: {}, samples: [] };

export interface DryRunPage {
  readonly tally: DryRun;
  /** The last customer that was looked at. */
  readonly last: string;
  readonly isMore: boolean;
}

/** The customers after one, and what they add to what was found so far. */
export async function dryRunPage(
  storage: Storage,
  policy: Policy,
  { after, tally }: { readonly after: string; readonly tally: DryRun },
  options: Pick<DryRunOptions, "samples" | "values">,
): Promise<DryRunPage> {
  const fields: DryRun["fields"] = structuredClone(tally.fields);
  const samples = [...tally.samples];
  let { changed } = tally;
  const limit = LIMITS.recomputeCustomers;
  const ids = await nextCustomers(storage, after, limit);
  for (const each of await deriveCustomers(storage, ids, policy)) {
    if (each.standing.digest === each.state.digest) continue;
    changed += 1;
    for (const difference of goldenDifference(each.golden, each.state.golden).fields) {
      count(fields, difference);
      if (samples.length === options.samples || difference.change === "lineage") continue;
      samples.push(sampleOf(each.customer, difference, options.values));
    }
  }
  return {
    tally: { customers: tally.customers + ids.length, changed, fields: sorted(fields), samples },
    last: ids.at(-1) ?? after,
    isMore: ids.length === limit,
  };
}

function count(fields: DryRun["fields"], { field, change }: FieldDifference): void {
  const counts = (fields[field] ??= { values: 0, lineage: 0 });
  counts[change === "lineage" ? "lineage" : "values"] += 1;
}

function sampleOf(customer: string, difference: FieldDifference, withValues: boolean): Sample {
  const { field, before, after } = difference;
  const stateOf = (state: FieldDifference["before"]): SampleState | null =>
    state && {
      event: state.event,
      rule: state.rule,
      ...(withValues ? { value: state.value } : {}),
    };
  return { customer, field, before: stateOf(before), after: stateOf(after) };
}

const sorted = (fields: DryRun["fields"]): DryRun["fields"] =>
  Object.fromEntries(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1)));
