/** Groups that grow as links are offered, and say why a link may not join two of them. */
import { kindOfKey } from "@regulars/shared/identity/key";
import type { ClusterInput, Link, RefusalReason, Unit } from "./clusters.ts";
import { joinKeys, keyRefusal, type KnownKeys, knownKeysOf } from "./key-limits.ts";
import { keyRuleOf, type MatchingPolicy } from "./policy.ts";

export interface Groups {
  areTogether(a: string, b: string): boolean;
  /** A steward holds somebody of the one group apart from somebody of the other. */
  areApart(a: string, b: string): boolean;
  /** Joins the groups of both units; or the reason why not. */
  join(link: Link): RefusalReason | null;
  lists(): string[][];
}

interface Group extends KnownKeys {
  readonly units: readonly Unit[];
}

export function createGroups(
  units: readonly Unit[],
  input: Pick<ClusterInput, "steward" | "policy" | "judge">,
): Groups {
  const { policy, judge } = input;
  const groupOf = new Map<string, Group>();
  for (const unit of units) groupOf.set(unit.id, { units: [unit], ...knownKeysOf(unit.keys) });
  const apart = apartOf(input.steward);
  const get = (id: string): Group => {
    const group = groupOf.get(id);
    if (!group) throw new Error("a link names a unit that is not there");
    return group;
  };

  const isApart = (one: Group, two: Group): boolean =>
    apart.size > 0 &&
    one.units.some(({ id }) => {
      const others = apart.get(id);
      return others !== undefined && two.units.some((unit) => others.has(unit.id));
    });

  function refusalOf(link: Link, one: Group, two: Group): RefusalReason | null {
    if (isApart(one, two)) return "steward_different";
    if (link.kind === "steward") return null;
    if (one.units.length + two.units.length > policy.clusterMax) return "too_large";
    return (
      keyRefusal(one, two, policy, isByDevice(link, policy)) ??
      (hasTwoOfOneSource(one, two, policy) ? "one_per_source" : null) ??
      (link.kind === "probabilistic" && isBridge(one, two) ? "bridge" : null)
    );
  }

  /**
   * What members of both groups say about each other, on average over those that can be compared: one link alone does not
   * tie two people who otherwise differ.
   */
  function isBridge(one: Group, two: Group): boolean {
    if (one.units.length * two.units.length === 1) return false;
    let sum = 0;
    let compared = 0;
    for (const a of sampleOf(one.units)) {
      for (const b of sampleOf(two.units)) {
        const evidence = judge.evidence(a.id, b.id);
        if (Math.abs(evidence) < NOTHING) continue;
        sum += Math.min(Math.max(evidence, -CERTAIN), CERTAIN);
        compared++;
      }
    }
    return sum < policy.bridge * compared;
  }

  return {
    areTogether: (a, b) => get(a) === get(b),
    areApart: (a, b) => isApart(get(a), get(b)),
    join(link) {
      const [one, two] = [get(link.a), get(link.b)];
      const refusal = refusalOf(link, one, two);
      if (refusal !== null) return refusal;
      const joined: Group = {
        units: [...one.units, ...two.units],
        ...joinKeys(one, two, link.kind === "steward" ? policy : null),
      };
      for (const { id } of joined.units) groupOf.set(id, joined);
      return null;
    },
    lists: () =>
      [...new Set(groupOf.values())]
        .map((group) => group.units.map(({ id }) => id).toSorted(byText))
        .toSorted(([a = ""], [b = ""]) => byText(a, b)),
  };
}

const isByDevice = ({ kind, by }: Link, policy: MatchingPolicy): boolean =>
  kind === "deterministic" && keyRuleOf(policy, kindOfKey(by ?? "")).device === true;

/** With whom a steward does not want each unit together. */
function apartOf(steward: ClusterInput["steward"]): Map<string, Set<string>> {
  const apart = new Map<string, Set<string>>();
  for (const { a, b, verdict } of steward) {
    if (verdict !== "different") continue;
    for (const [one, two] of [
      [a, b],
      [b, a],
    ] as const) {
      apart.set(one, (apart.get(one) ?? new Set()).add(two));
    }
  }
  return apart;
}

/** Beyond this many bits one pair's certainty says nothing more about the group. */
const CERTAIN = 10;
/** Two records without a field in common say nothing about each other. */
const NOTHING = 0.5;
const SAMPLE = 6;

/** Few of many, evenly over their order by id. */
function sampleOf(units: readonly Unit[]): readonly Unit[] {
  if (units.length <= SAMPLE) return units;
  const sorted = units.toSorted((a, b) => byText(a.id, b.id));
  return Array.from(
    { length: SAMPLE },
    (_, at) => sorted[Math.floor((at * sorted.length) / SAMPLE)],
  ).filter((unit) => unit !== undefined);
}

function hasTwoOfOneSource(one: Group, two: Group, { onePerSource }: MatchingPolicy): boolean {
  if (onePerSource.length === 0) return false;
  const named = ({ units }: Group): string[] =>
    onePerSource.filter((prefix) =>
      units.some(({ sources }) => sources.some((source) => source.startsWith(prefix))),
    );
  const others = new Set(named(two));
  return named(one).some((prefix) => others.has(prefix));
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
