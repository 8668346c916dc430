/**
 * Ranking: which of several bundles of claims is the best by a rule. A bundle is what one source record says about fields
 * that win together; of a field that stands alone it is one claim.
 *
 * Every order here is total and a function of the set of bundles, for the order of arrival may decide nothing (IDN2).
 */
import { canonicalJson } from "../digest.ts";
import type { ClaimField, ClaimValue } from "../events/claim.ts";
import type { Stamp } from "../clock.ts";
import type { Rule, Strategy } from "./policy.ts";

/** A claim on its way through survivorship; `event` is `source/epoch/seq`, `fragment` the document it stands in. */
export interface Candidate {
  field: ClaimField;
  value: ClaimValue;
  stamp: Stamp;
  event: string;
  fragment: string;
  verified?: true | undefined;
  /** Kept beside the value for whoever looks; no strategy goes by it. */
  repaired?: true | undefined;
}

export interface Bundle {
  readonly fragment: string;
  /** One per field, in the order of the fields. */
  readonly claims: readonly Candidate[];
  /** The same text for two bundles that say the same. */
  readonly said: string;
  /** Of the newest claim. */
  readonly stamp: Stamp;
  readonly event: string;
  /** Its source never wins. */
  readonly isSkipped: boolean;
}

export function bundleOf(claims: readonly Candidate[], rule: Rule): Bundle {
  const [newest] = claims.toSorted(compareAge);
  if (!newest) throw new Error("a bundle without claims");
  const { fragment, stamp, event } = newest;
  const said = claims.map(({ field, value }) => `${field}=${textOf(value)}`).join("\n");
  const isSkipped = (rule.skip ?? []).some((prefix) => fragment.startsWith(prefix));
  return { fragment, claims, said, stamp, event, isSkipped };
}

/**
 * Best first. Sources that never win come last; who says all fields of a group goes before who says some of them, for
 * what the winner does not say has no value. The end is the event key, which is unique: no two bundles are ever equal.
 */
export function rank(bundles: readonly Bundle[], rule: Rule): Bundle[] {
  const counted = bundles.filter(({ isSkipped }) => !isSkipped);
  const times = new Map(
    [...Map.groupBy(counted, ({ said }) => said)].map(([said, same]) => [said, same.length]),
  );
  const by = (strategy: Strategy) => comparator(strategy, rule, times);
  const first = by(rule.strategy);
  const second = rule.then === undefined ? () => 0 : by(rule.then);
  return bundles.toSorted(
    (a, b) =>
      Number(a.isSkipped) - Number(b.isSkipped) ||
      b.claims.length - a.claims.length ||
      first(a, b) ||
      second(a, b) ||
      compareAge(a, b),
  );
}

type Compare = (a: Bundle, b: Bundle) => number;

function comparator(strategy: Strategy, rule: Rule, times: ReadonlyMap<string, number>): Compare {
  switch (strategy) {
    case "most_recent":
    case "aggregate":
      return (a, b) => descending(a.stamp, b.stamp);
    case "oldest":
      return (a, b) => descending(b.stamp, a.stamp);
    case "longest":
      return (a, b) => lengthOf(b) - lengthOf(a);
    case "source_priority":
      return (a, b) => priorityOf(rule, a) - priorityOf(rule, b);
    case "most_frequent":
      return (a, b) => (times.get(b.said) ?? 0) - (times.get(a.said) ?? 0);
    case "verified_first":
      return (a, b) => Number(isVerified(b)) - Number(isVerified(a));
    case "minimum":
      return (a, b) => descending(b.said, a.said);
    case "maximum":
      return (a, b) => descending(a.said, b.said);
  }
}

function priorityOf(rule: Rule, { fragment }: Bundle): number {
  const priority = rule.priority ?? [];
  const at = priority.findIndex((prefix) => fragment.startsWith(prefix));
  return at === -1 ? priority.length : at;
}

/** A group is checked when every part of it is. */
const isVerified = ({ claims }: Bundle): boolean => claims.every(({ verified }) => verified);

const lengthOf = ({ claims }: Bundle): number =>
  claims.reduce((sum, { value }) => sum + textOf(value).length, 0);

const textOf = (value: ClaimValue): string =>
  typeof value === "string" ? value : canonicalJson(value);

interface Aged {
  readonly stamp: Stamp;
  readonly event: string;
  readonly fragment: string;
}

/** Newest first, by the hybrid logical clock. */
export function compareAge(a: Aged, b: Aged): number {
  return (
    descending(a.stamp, b.stamp) ||
    descending(a.event, b.event) ||
    descending(a.fragment, b.fragment)
  );
}

const descending = (a: string, b: string): number => (a > b ? -1 : a < b ? 1 : 0);
