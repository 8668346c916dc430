/** Survivorship: the claims of all fragments of a customer → one value per field, with its lineage (GLD1). */
import type { ClaimField, ClaimValue } from "../events/claim.ts";
import { canonicalJson } from "../digest.ts";
import type { Stamp } from "../clock.ts";
import { LIMITS } from "../limits.ts";
import { type Policy, type Rule, ruleOf } from "./policy.ts";

/** A claim on its way through survivorship; `event` is `source/epoch/seq`, `fragment` the document it stands in. */
export interface Candidate {
  field: ClaimField;
  value: ClaimValue;
  stamp: Stamp;
  event: string;
  fragment: string;
}

export interface Survivor {
  value: ClaimValue;
  stamp: Stamp;
  event: string;
  fragment: string;
  rule: Rule["strategy"];
  /** Other values that were claimed, best first. */
  losers: Omit<Candidate, "field">[];
}

export type Survivors = Partial<Record<ClaimField, Survivor>>;

export function survive(candidates: readonly Candidate[], policy: Policy): Survivors {
  const byField = Map.groupBy(candidates, (candidate) => candidate.field);
  const survivors: Survivors = {};
  for (const field of [...byField.keys()].toSorted()) {
    const rule = ruleOf(policy, field);
    const ranked = (byField.get(field) ?? []).toSorted((a, b) => compare(rule, a, b));
    const [winner, ...rest] = ranked;
    if (!winner) continue;
    survivors[field] = {
      value: winner.value,
      stamp: winner.stamp,
      event: winner.event,
      fragment: winner.fragment,
      rule: rule.strategy,
      losers: distinctValues(winner, rest),
    };
  }
  return survivors;
}

/** Best first. Ends in the event key, which is unique, so that no two claims are ever equal. */
function compare(rule: Rule, a: Candidate, b: Candidate): number {
  return (
    compareByStrategy(rule, a, b) ||
    descending(a.stamp, b.stamp) ||
    descending(a.event, b.event) ||
    descending(a.fragment, b.fragment)
  );
}

function compareByStrategy(rule: Rule, a: Candidate, b: Candidate): number {
  switch (rule.strategy) {
    case "most_recent":
      return 0; // the common tie-break is recency
    case "oldest":
      return descending(b.stamp, a.stamp);
    case "longest":
      return lengthOf(b.value) - lengthOf(a.value);
    case "source_priority":
      return priorityOf(rule, a) - priorityOf(rule, b);
  }
}

function priorityOf(rule: Rule, candidate: Candidate): number {
  const priority = rule.priority ?? [];
  const at = priority.findIndex((prefix) => candidate.fragment.startsWith(prefix));
  return at === -1 ? priority.length : at;
}

function distinctValues(winner: Candidate, rest: readonly Candidate[]): Survivor["losers"] {
  const seen = new Set([canonicalJson(winner.value)]);
  const losers: Omit<Candidate, "field">[] = [];
  for (const { field: _field, ...claim } of rest) {
    const text = canonicalJson(claim.value);
    if (seen.has(text) || losers.length === LIMITS.losersPerField) continue;
    seen.add(text);
    losers.push(claim);
  }
  return losers;
}

const lengthOf = (value: ClaimValue): number =>
  typeof value === "string" ? value.length : canonicalJson(value).length;

const descending = (a: string, b: string): number => (a > b ? -1 : a < b ? 1 : 0);
