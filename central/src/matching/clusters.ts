/**
 * Clusters: which units are one person. A pure function of units, weights and stewards' decisions, in one fixed order of
 * evidence - stewards, then keys from the strongest kind down, then probabilities from the highest down, then what devices say
 * of those who are known by nothing else - so that no order of arrival can change it (IDN2), and local: what is not connected to a unit cannot change its cluster.
 */
import { kindOfKey } from "@regulars/shared/identity/key";
import type { IdentityKey } from "@regulars/shared/ids";
import { partAmbiguous } from "./ambiguity.ts";
import { deviceEvidenceOf } from "./device-evidence.ts";
import { createGroups } from "./groups.ts";
import { createKeyEvidence } from "./key-evidence.ts";
import { type KeyRule, keyRuleOf, type MatchingPolicy } from "./policy.ts";

/** Source records that resolution cannot tell apart: the same own key, the same keys, the same features. */
export interface Unit {
  readonly id: string;
  /** Sources that its records come from. */
  readonly sources: readonly string[];
  /** Keys that it names, with the stamp of their first appearance. */
  readonly keys: Readonly<Record<IdentityKey, string>>;
}

/** A pair that probability holds for one person, or for worth a question. */
export interface ScoredPair {
  readonly a: string;
  readonly b: string;
  readonly weight: number;
}

export interface StewardLink {
  readonly id: string;
  readonly a: string;
  readonly b: string;
  readonly verdict: "same" | "different";
}

export interface Link {
  readonly a: string;
  readonly b: string;
  readonly kind: "deterministic" | "probabilistic" | "steward";
  /** The key, the id of the steward's decision, or nothing. */
  readonly by: string | null;
  readonly weight: number | null;
}

export const REFUSALS = [
  "steward_different",
  "blocked_value",
  "value_of_many",
  "unique_identifier",
  "too_many_values",
  "household",
  "weaker_key",
  "shared_device",
  "ambiguous",
  "one_per_source",
  "bridge",
  "too_large",
] as const;
export type RefusalReason = (typeof REFUSALS)[number];

/** Evidence that would have joined two units and was not allowed to (IDN3). */
export interface Refusal extends Link {
  readonly reason: RefusalReason;
}

export interface Clustering {
  /** Ids of units, each list sorted, lists by their first. */
  readonly clusters: readonly (readonly string[])[];
  readonly links: readonly Link[];
  readonly refusals: readonly Refusal[];
}

export interface Judge {
  /** Log2 odds that all comparisons of two units add to those of any two; 0 where nothing can be compared. */
  evidence(a: string, b: string): number;
  /** Names and birth dates agree, and nothing else about a person contradicts them. */
  isAlike(a: string, b: string): boolean;
  /** A name, a birth date or a suffix contradicts, and all that is compared does not outweigh it. */
  isApart(a: string, b: string): boolean;
  /** Another family name, and no birth date to say that it is only a new one. */
  isDoubtful(a: string, b: string): boolean;
  /** Neither name nor birth date of the two can be compared. */
  isSilent(a: string, b: string): boolean;
  isNamed(id: string): boolean;
  /** Two people, and a record without anything in the fields by which they are told apart. */
  cannotTell(record: string, one: string, two: string): boolean;
  /** A value that is nobody's. */
  isBlocked(key: IdentityKey): boolean;
}

export interface ClusterInput {
  readonly units: readonly Unit[];
  /** At or above the threshold for a link. */
  readonly pairs: readonly ScoredPair[];
  readonly steward: readonly StewardLink[];
  readonly policy: MatchingPolicy;
  readonly judge: Judge;
}

export function clusterUnits(input: ClusterInput): Clustering {
  const units = input.units.toSorted((one, two) => byText(one.id, two.id));
  const groups = createGroups(units, input);
  const links: Link[] = [];
  const refusals: Refusal[] = [];
  const offer = (link: Link): void => {
    if (groups.areTogether(link.a, link.b)) return;
    const reason = groups.join(link);
    if (reason === null) links.push(link);
    else refusals.push({ ...link, reason });
  };
  for (const link of input.steward.toSorted((one, two) => byText(one.id, two.id))) {
    if (link.verdict === "same") {
      const { a, b, id } = link;
      offer({ a, b, kind: "steward", by: id, weight: null });
    }
  }
  const saidSame = sidesOf(input.steward.length === 0 ? [] : groups.lists());
  const naming = namingOf(units);
  const evidenceOf = createKeyEvidence(units, input, {
    isSame: (a, b) => saidSame.has(a) && saidSame.get(a) === saidSame.get(b),
    isDifferent: (a, b) => groups.areApart(a, b),
  });
  for (const key of keysByStrength(naming, input.policy)) {
    const evidence = evidenceOf(key, naming.get(key) ?? []);
    for (const link of evidence.links) offer(link);
    for (const refusal of evidence.refusals) refusals.push(refusal);
  }
  const { certain, ambiguous } = partAmbiguous(sortedPairs(input.pairs), input);
  for (const { a, b, weight } of certain) {
    offer({ a, b, kind: "probabilistic", by: null, weight });
  }
  for (const { a, b, weight } of ambiguous) {
    if (groups.areTogether(a, b)) continue;
    refusals.push({ a, b, kind: "probabilistic", by: null, weight, reason: "ambiguous" });
  }
  const devices = deviceEvidenceOf(units, groups, input);
  for (const link of devices.links) offer(link);
  for (const refusal of devices.refusals) refusals.push(refusal);
  return { clusters: groups.lists(), links, refusals };
}

/** The number of the list that each is in. */
function sidesOf(lists: readonly (readonly string[])[]): Map<string, number> {
  return new Map(lists.flatMap((ids, side) => ids.map((id) => [id, side] as const)));
}

/** Ids of the units that name each key, sorted. */
function namingOf(units: readonly Unit[]): Map<IdentityKey, string[]> {
  const naming = new Map<IdentityKey, string[]>();
  for (const { id, keys } of units) {
    for (const key of Object.keys(keys)) {
      const ids = naming.get(key);
      if (ids) ids.push(id);
      else naming.set(key, [id]);
    }
  }
  return naming;
}

function keysByStrength(
  naming: ReadonlyMap<IdentityKey, readonly string[]>,
  policy: MatchingPolicy,
): IdentityKey[] {
  const ruleOf = (key: IdentityKey): KeyRule => keyRuleOf(policy, kindOfKey(key));
  const strength = (key: IdentityKey): number => ruleOf(key).strength;
  return [...naming]
    .filter(([key, ids]) => ids.length > 1 && strength(key) > 0 && ruleOf(key).device !== true)
    .map(([key]) => key)
    .toSorted((a, b) => strength(b) - strength(a) || byText(a, b));
}

/** Highest first; of equal ones, by their ids. */
function sortedPairs(pairs: readonly ScoredPair[]): ScoredPair[] {
  return pairs
    .map(({ a, b, weight }) => (a < b ? { a, b, weight } : { a: b, b: a, weight }))
    .toSorted((x, y) => y.weight - x.weight || byText(x.a, y.a) || byText(x.b, y.b));
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
