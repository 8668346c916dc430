/** Groups that grow as links are offered, and say why a link may not join two of them. */
import { stampToMs } from "@regulars/shared/clock";
import { kindOfKey } from "@regulars/shared/identity/key";
import type { IdentityKey } from "@regulars/shared/ids";
import type { ClusterInput, Link, RefusalReason, Unit } from "./clusters.ts";
import { keyRuleOf, type MatchingPolicy } from "./policy.ts";

export interface Groups {
  areTogether(a: string, b: string): boolean;
  /** A steward holds somebody of the one group apart from somebody of the other. */
  areApart(a: string, b: string): boolean;
  /** Joins the groups of both units; or the reason why not. */
  join(link: Link): RefusalReason | null;
  lists(): string[][];
}

interface Group {
  readonly units: readonly Unit[];
  /** By kind, the values with their first appearance. */
  readonly keys: ReadonlyMap<string, ReadonlyMap<IdentityKey, string>>;
}

export function createGroups(
  units: readonly Unit[],
  input: Pick<ClusterInput, "steward" | "policy" | "judge">,
): Groups {
  const { policy, judge } = input;
  const groupOf = new Map<string, Group>();
  for (const unit of units) groupOf.set(unit.id, { units: [unit], keys: keysOf(unit) });
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
      keyRefusal(one, two, policy) ??
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
        keys: joinKeys(one.keys, two.keys),
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

/** Two values of what is unique say more than too many of another kind, whichever kind was named first. */
function keyRefusal(one: Group, two: Group, policy: MatchingPolicy): RefusalReason | null {
  let found: RefusalReason | null = null;
  for (const [kind, values] of one.keys) {
    const others = two.keys.get(kind);
    if (!others) continue;
    const { unique, limit } = keyRuleOf(policy, kind);
    const isShared = [...values.keys()].some((key) => others.has(key));
    if (unique && !isShared) return "unique_identifier";
    if (!limit) continue;
    const all = joinValues(values, others);
    if (all.size <= limit.values) continue;
    const most = mostWithin([...all.values()], limit.days);
    // Who has more by a steward's word goes on having them: what names no further value is welcome.
    const had = [values, others].map((each) => mostWithin([...each.values()], limit.days));
    if (most > Math.max(limit.values, ...had)) {
      if (unique) return "unique_identifier";
      found = "too_many_values";
    }
  }
  return found;
}

const DAY_MS = 86_400_000;

/** How many values were first seen within any window of so many days. */
function mostWithin(stamps: readonly string[], days: number | null): number {
  if (days === null) return stamps.length;
  const times = stamps.map(stampToMs).toSorted((a, b) => a - b);
  let most = 0;
  let from = 0;
  for (const [at, time] of times.entries()) {
    while (time - (times[from] ?? time) > days * DAY_MS) from++;
    most = Math.max(most, at - from + 1);
  }
  return most;
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

function keysOf({ keys }: Unit): Group["keys"] {
  const byKind = new Map<string, Map<IdentityKey, string>>();
  for (const [key, stamp] of Object.entries(keys)) {
    const kind = kindOfKey(key);
    byKind.set(kind, (byKind.get(kind) ?? new Map<IdentityKey, string>()).set(key, stamp));
  }
  return byKind;
}

function joinKeys(one: Group["keys"], two: Group["keys"]): Group["keys"] {
  const joined = new Map<string, ReadonlyMap<IdentityKey, string>>(one);
  for (const [kind, values] of two) {
    joined.set(kind, joinValues(joined.get(kind) ?? new Map(), values));
  }
  return joined;
}

/** Of a value that both have, the first appearance is the earlier one. */
function joinValues(
  one: ReadonlyMap<IdentityKey, string>,
  two: ReadonlyMap<IdentityKey, string>,
): ReadonlyMap<IdentityKey, string> {
  const all = new Map(one);
  for (const [key, stamp] of two) {
    const known = all.get(key);
    if (known === undefined || stamp < known) all.set(key, stamp);
  }
  return all;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
