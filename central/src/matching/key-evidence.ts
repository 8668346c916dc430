/**
 * What one identity key proves about those who name it. Where all of them can be one person it ties them together; where two
 * of them cannot - mother and child with one phone - only those whose names agree, and the others are left to themselves.
 */
import { kindOfKey } from "@regulars/shared/identity/key";
import type { IdentityKey } from "@regulars/shared/ids";
import type { ClusterInput, Link, Refusal, RefusalReason, Unit } from "./clusters.ts";
import { keyRuleOf } from "./policy.ts";

/** Keys that pass from one person to another: a phone number that was given up is handed out again. */
const WEAK = 1;

export interface KeyEvidence {
  readonly links: readonly Link[];
  readonly refusals: readonly Refusal[];
}

/** Of a key and the ids of all units that name it, sorted. */
export type KeyEvidenceOf = (key: IdentityKey, naming: readonly string[]) => KeyEvidence;

const linkBy = (key: IdentityKey, a: string, b: string): Link => ({
  a,
  b,
  kind: "deterministic",
  by: key,
  weight: null,
});

export function createKeyEvidence(
  units: readonly Unit[],
  { policy, judge }: Pick<ClusterInput, "policy" | "judge">,
): KeyEvidenceOf {
  const kindsOf = createKinds(units);

  /** How two units differ in keys that say more than this one. */
  function differ(a: string, b: string, strength: number): "unique" | "other" | null {
    let found: "other" | null = null;
    for (const [kind, keys] of kindsOf(a)) {
      const rule = keyRuleOf(policy, kind);
      const others = kindsOf(b).get(kind);
      if (rule.strength <= strength || !others || keys.some((key) => others.includes(key)))
        continue;
      if (rule.unique) return "unique";
      found = "other";
    }
    return found;
  }

  return (key, naming) => {
    const refused = (reason: RefusalReason, a = "", b = ""): KeyEvidence => ({
      links: [],
      refusals: [{ ...linkBy(key, a, b), reason }],
    });
    if (judge.isBlocked(key)) return refused("blocked_value", ...naming);
    const { strength, people: most, unique } = keyRuleOf(policy, kindOfKey(key));
    const people = peopleOf(
      naming,
      most + 1,
      (a, b) => judge.isApart(a, b) || differ(a, b, strength) === "unique",
    );
    if (people.length > most) return refused("value_of_many", ...people);
    const isContested = people.length > 1 && !unique;
    const links: Link[] = [];
    const refusals: Refusal[] = [];
    for (const [at, b] of naming.entries()) {
      // All to the first is enough where nothing parts them.
      const first = naming[0] ?? "";
      const isPlain =
        !isContested &&
        differ(first, b, strength) === null &&
        !(strength <= WEAK && judge.isDoubtful(first, b));
      const others = isPlain ? naming.slice(0, Math.min(at, 1)) : naming.slice(0, at);
      for (const a of others) {
        const isTied =
          !isContested &&
          differ(a, b, strength) === null &&
          !(strength <= WEAK && judge.isDoubtful(a, b));
        if (isTied || judge.isAlike(a, b)) links.push(linkBy(key, a, b));
        else if (!isContested) refusals.push({ ...linkBy(key, a, b), reason: "weaker_key" });
      }
    }
    const [one = "", ...rest] = isContested ? people : [];
    return {
      links,
      refusals: [
        ...refusals,
        ...rest.map((two) => ({ ...linkBy(key, one, two), reason: "household" as const })),
      ],
    };
  };
}

/** One unit of each person that must be told apart, the first of each; no more than `max`. */
function peopleOf(
  naming: readonly string[],
  max: number,
  areApart: (a: string, b: string) => boolean,
): string[] {
  const people: string[] = [];
  for (const id of naming) {
    if (people.length === max) break;
    if (people.every((person) => areApart(person, id))) people.push(id);
  }
  return people;
}

function createKinds(
  units: readonly Unit[],
): (id: string) => ReadonlyMap<string, readonly string[]> {
  const kinds = new Map<string, Map<string, string[]>>();
  for (const { id, keys } of units) {
    const own = new Map<string, string[]>();
    for (const key of Object.keys(keys)) {
      const kind = kindOfKey(key);
      own.set(kind, [...(own.get(kind) ?? []), key]);
    }
    kinds.set(id, own);
  }
  const none: ReadonlyMap<string, readonly string[]> = new Map();
  return (id) => kinds.get(id) ?? none;
}
