/**
 * What resolution works with: model, policy, and units made ready to be compared. Units never change under their id, so that
 * what was prepared of one can be kept.
 */
import type { Contribution } from "@regulars/shared/fragment/contribution";
import { kindOfKey, type IdentityOptions } from "@regulars/shared/identity/key";
import type { IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { withoutBlanks } from "../matching/blanks.ts";
import { createBlocked, withoutBlocked } from "../matching/blocked.ts";
import type { Judge } from "../matching/clusters.ts";
import { comparePair } from "../matching/compare.ts";
import type { Features } from "../matching/features.ts";
import { featuresOf } from "../matching/features-of-claims.ts";
import { createJudge } from "../matching/judge.ts";
import type { Model } from "../matching/model.ts";
import { keyRuleOf, type MatchingPolicy } from "../matching/policy.ts";
import { createLexicon, prepare, type Prepared } from "../matching/prepare.ts";
import { createScorer, type Weighed } from "../matching/weigh.ts";

export interface Matching {
  readonly model: Model;
  readonly policy: MatchingPolicy;
  readonly identity: IdentityOptions;
  /** How a record's features are read, where that is not by its claims alone. */
  readonly featuresOf?: (described: Described) => Features;
}

export type Described = Pick<Contribution, "source" | "epoch" | "key" | "keys" | "claims">;

export interface Comparable {
  readonly id: string;
  readonly features: Features;
}

export interface MatchingContext extends Matching {
  prepared(unit: Comparable): Prepared;
  /** Null where it is not in memory. */
  remembered(id: string): Prepared | null;
  weigh(a: Comparable, b: Comparable): Weighed;
  weightOf(a: Prepared, b: Prepared): number;
  /** Answers what clustering asks about these units. */
  judge(units: readonly Comparable[], isBlocked: (key: IdentityKey) => boolean): Judge;
  /** Whether the key may tie two records at all, before it is looked at who names it. */
  isStrong(key: IdentityKey): boolean;
  /** Named by more units than this, it ties nobody. */
  mostUnits(key: IdentityKey): number;
  /** A value that is nobody's, by the policy's patterns. */
  readonly isNobodys: (kind: string, value: string) => boolean;
  readonly featuresOf: (described: Described) => Features;
  /** Without what is a place's or nobody's: it says nothing of a person, neither as a key nor beside others. */
  personal(features: Features): Features;
}

export function createMatchingContext(matching: Matching): MatchingContext {
  const { model, policy } = matching;
  const scorer = createScorer(model);
  const lexicon = createLexicon();
  const memory = new Map<string, Prepared>();
  const isNobodys = createBlocked(policy);
  const isNone = (kind: string, value: string): boolean =>
    keyRuleOf(policy, kind).strength === 0 || isNobodys(kind, value);
  function prepared({ id, features }: Comparable): Prepared {
    const known = memory.get(id);
    const found = known ?? prepare(features, lexicon);
    if (known) memory.delete(id);
    memory.set(id, found);
    if (memory.size > LIMITS.preparedUnits) {
      for (const oldest of memory.keys()) {
        memory.delete(oldest);
        break;
      }
    }
    return found;
  }
  const weighPrepared = (a: Prepared, b: Prepared): Weighed =>
    scorer.weigh(comparePair(a, b, lexicon), a);
  const { country } = matching.identity;
  return {
    ...matching,
    featuresOf: matching.featuresOf ?? (({ claims }) => featuresOf(claims, country)),
    prepared,
    remembered: (id) => memory.get(id) ?? null,
    weigh: (a, b) => weighPrepared(prepared(a), prepared(b)),
    weightOf: (a, b) => weighPrepared(a, b).weight,
    judge: (units, isBlocked) =>
      createJudge(
        new Map(units.map((unit) => [unit.id, prepared(unit)])),
        lexicon,
        scorer,
        isBlocked,
      ),
    isStrong: (key) => keyRuleOf(policy, kindOfKey(key)).strength > 0,
    mostUnits: (key) =>
      keyRuleOf(policy, kindOfKey(key)).device === true ? LIMITS.deviceUnits : LIMITS.keyUnits,
    isNobodys,
    personal: (features) => withoutBlocked(withoutBlanks(features, model.blanks), isNone),
  };
}
