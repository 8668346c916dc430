/**
 * What one identity key proves about those who name it. Where all of them can be one person it ties them together; where two
 * of them cannot - mother and child with one phone - only those whose names agree, and the others are left to themselves.
 */
import { kindOfKey, scopeOfKey } from "@regulars/shared/identity/key";
import type { IdentityKey } from "@regulars/shared/ids";
import type { ClusterInput, Link, Refusal, RefusalReason, Unit } from "./clusters.ts";
import { keyRuleOf } from "./policy.ts";

/** What stewards have said of two units, or of those who have been joined with them. */
export interface Word {
  isSame(a: string, b: string): boolean;
  isDifferent(a: string, b: string): boolean;
}

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
  word: Word,
): KeyEvidenceOf {
  const scopesOf = createScopes(units);

  /** How two units differ in keys that say more than this one, or are unique. */
  function differ(a: string, b: string, strength: number): "unique" | "other" | null {
    let found: "other" | null = null;
    for (const [scope, keys] of scopesOf(a)) {
      const rule = keyRuleOf(policy, kindOfKey(scope));
      const others = scopesOf(b).get(scope);
      const counts = rule.strength > strength || (rule.unique && rule.strength > 0);
      if (!counts || !others || keys.some((key) => others.includes(key))) continue;
      if (rule.unique) return "unique";
      found = "other";
    }
    return found;
  }

  /** A mailbox without a name on one side, a name without a mailbox on the other: a number ties them too weakly. */
  function isMailboxAndName(a: string, b: string, strength: number): boolean {
    const hasShared = (id: string): boolean =>
      [...scopesOf(id).keys()].some((scope) => {
        const rule = keyRuleOf(policy, kindOfKey(scope));
        return rule.strength > strength && !rule.unique;
      });
    const isSo = (one: string, two: string): boolean =>
      hasShared(one) && !judge.isNamed(one) && !hasShared(two) && judge.isNamed(two);
    return isSo(a, b) || isSo(b, a);
  }

  return (key, naming) => {
    const refused = (reason: RefusalReason, a = "", b = ""): KeyEvidence => ({
      links: [],
      refusals: [{ ...linkBy(key, a, b), reason }],
    });
    if (judge.isBlocked(key)) return refused("blocked_value", ...naming);
    const { strength, people: most, unique } = keyRuleOf(policy, kindOfKey(key));
    const areParted = (a: string, b: string): boolean =>
      word.isDifferent(a, b) || (!word.isSame(a, b) && differ(a, b, strength) === "unique");
    const areTwo = (a: string, b: string): boolean =>
      areParted(a, b) || (!word.isSame(a, b) && judge.isApart(a, b));
    const people = peopleOf(naming, most + 1, areTwo);
    if (people.length > most) return refused("value_of_many", ...people);
    const [one = "", ...rest] = people;
    // Also a card: two whom a steward or their accounts part cannot both be meant by it, and it does not say who is.
    const isContested = rest.length > 0 && (!unique || rest.some((two) => areParted(one, two)));
    const isWeak = strength <= WEAK;
    /** Nothing but the key ties the two, and that is not enough. */
    const isLoose = (a: string, b: string): boolean =>
      isContested ||
      differ(a, b, strength) !== null ||
      (isWeak &&
        (judge.isDoubtful(a, b) || (judge.isSilent(a, b) && isMailboxAndName(a, b, strength))));
    const links: Link[] = [];
    const refusals: Refusal[] = [];
    const [first = ""] = naming;
    for (const [at, b] of naming.entries()) {
      // All to the first is enough where nothing parts them.
      const others = isLoose(first, b) ? naming.slice(0, at) : naming.slice(0, Math.min(at, 1));
      for (const a of others) {
        if (!isLoose(a, b) || judge.isAlike(a, b)) links.push(linkBy(key, a, b));
        else if (!isContested) refusals.push({ ...linkBy(key, a, b), reason: "weaker_key" });
      }
    }
    for (const two of isContested ? rest : []) {
      const reason = word.isDifferent(one, two) ? "steward_different" : "household";
      refusals.push({ ...linkBy(key, one, two), reason });
    }
    return { links, refusals };
  };
}

/** Of so many who name a key it is looked at who they are; a shop's own number is named by more. */
const LOOKED_AT = 60;

/** Units that must all be told apart from each other, no more than `max`. */
function peopleOf(
  naming: readonly string[],
  max: number,
  areApart: (a: string, b: string) => boolean,
): string[] {
  const looked = naming.slice(0, LOOKED_AT);
  // Who contradicts nobody - a bare number - is nobody in particular, and must not stand in others' way.
  const telling = looked.filter((id) =>
    looked.some((other) => other !== id && areApart(id, other)),
  );
  const people: string[] = [];
  for (const id of telling) {
    if (people.length === max) break;
    if (people.every((person) => areApart(person, id))) people.push(id);
  }
  return people;
}

/** Keys of a unit by their scope. */
function createScopes(
  units: readonly Unit[],
): (id: string) => ReadonlyMap<string, readonly string[]> {
  const scopes = new Map<string, Map<string, string[]>>();
  for (const { id, keys } of units) {
    const own = new Map<string, string[]>();
    for (const key of Object.keys(keys)) {
      const scope = scopeOfKey(key);
      own.set(scope, [...(own.get(scope) ?? []), key]);
    }
    scopes.set(id, own);
  }
  const none: ReadonlyMap<string, readonly string[]> = new Map();
  return (id) => scopes.get(id) ?? none;
}
