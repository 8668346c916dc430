/**
 * How many identity keys of a kind a customer may have, and what refuses a link that would make them more (IDN3). A steward may
 * make one customer of two who have more together: that many they may have from then on, and no further one. What has too
 * many by itself - an e-mail of a house, seen with sixty numbers - is granted nothing by that.
 */
import { stampToMs } from "@regulars/shared/clock";
import { kindOfKey, scopeOfKey } from "@regulars/shared/identity/key";
import type { IdentityKey } from "@regulars/shared/ids";
import type { RefusalReason } from "./clusters.ts";
import { type KeyRule, keyRuleOf, type MatchingPolicy } from "./policy.ts";

type Values = ReadonlyMap<IdentityKey, string>;

export interface KnownKeys {
  /** By scope, the values with their first appearance: user ids by realm, others by kind. */
  readonly keys: ReadonlyMap<string, Values>;
  /** By scope, how many a steward has granted. */
  readonly granted: ReadonlyMap<string, number>;
}

export function knownKeysOf(keys: Readonly<Record<IdentityKey, string>>): KnownKeys {
  const byScope = new Map<string, Map<IdentityKey, string>>();
  for (const [key, stamp] of Object.entries(keys)) {
    const scope = scopeOfKey(key);
    byScope.set(scope, (byScope.get(scope) ?? new Map<IdentityKey, string>()).set(key, stamp));
  }
  return { keys: byScope, granted: new Map() };
}

/**
 * Two values of what is unique say more than too many of another kind, whichever kind was named first. How many browsers
 * and carts somebody has is asked only where a browser or a cart is the evidence: `isByDevice`.
 */
export function keyRefusal(
  one: KnownKeys,
  two: KnownKeys,
  policy: MatchingPolicy,
  isByDevice: boolean,
): RefusalReason | null {
  let found: RefusalReason | null = null;
  for (const [scope, values] of one.keys) {
    const others = two.keys.get(scope);
    if (!others) continue;
    const { unique, limit, device = false } = ruleOf(policy, scope);
    if (device && !isByDevice) continue;
    const isShared = [...values.keys()].some((key) => others.has(key));
    if (unique && !isShared) return "unique_identifier";
    if (!limit) continue;
    const all = joinValues(values, others);
    const most = Math.max(limit.values, grantOf(one, scope), grantOf(two, scope));
    if (all.size > most && mostWithin(all, limit.days) > most) {
      if (unique) return "unique_identifier";
      found = "too_many_values";
    }
  }
  return found;
}

/** Of both together; `policy` where it is a steward who joins them. */
export function joinKeys(one: KnownKeys, two: KnownKeys, policy: MatchingPolicy | null): KnownKeys {
  const keys = new Map<string, Values>(one.keys);
  const granted = new Map(one.granted);
  for (const [scope, count] of two.granted) {
    granted.set(scope, Math.max(count, grantOf(one, scope)));
  }
  for (const [scope, values] of two.keys) {
    const own = keys.get(scope);
    const all = own ? joinValues(own, values) : values;
    keys.set(scope, all);
    const limit = policy && own ? ruleOf(policy, scope).limit : null;
    if (!limit) continue;
    const isWithin = [one, two].every((each) => {
      const had = mostWithin(each.keys.get(scope) ?? new Map(), limit.days);
      return had <= Math.max(limit.values, grantOf(each, scope));
    });
    const most = mostWithin(all, limit.days);
    if (isWithin && most > limit.values) granted.set(scope, most);
  }
  return { keys, granted };
}

const grantOf = ({ granted }: KnownKeys, scope: string): number => granted.get(scope) ?? 0;

const ruleOf = (policy: MatchingPolicy, scope: string): KeyRule =>
  keyRuleOf(policy, kindOfKey(scope));

const DAY_MS = 86_400_000;

/** How many values were first seen within any window of so many days. */
function mostWithin(values: Values, days: number | null): number {
  if (days === null) return values.size;
  const times = [...values.values()].map(stampToMs).toSorted((a, b) => a - b);
  let most = 0;
  let from = 0;
  for (const [at, time] of times.entries()) {
    while (time - (times[from] ?? time) > days * DAY_MS) from++;
    most = Math.max(most, at - from + 1);
  }
  return most;
}

/** Of a value that both have, the first appearance is the earlier one. */
function joinValues(one: Values, two: Values): Values {
  const all = new Map(one);
  for (const [key, stamp] of two) {
    const known = all.get(key);
    if (known === undefined || stamp < known) all.set(key, stamp);
  }
  return all;
}
