/**
 * What resolution works with: model, policy, and units made ready to be compared. Units never change under their id, so that
 * what was prepared of one can be kept.
 */
import { kindOfKey, type IdentityOptions } from "@regulars/shared/identity/key";
import type { IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { comparePair, type Levels } from "../matching/compare.ts";
import type { Features } from "../matching/features.ts";
import type { Model } from "../matching/model.ts";
import { keyRuleOf, type MatchingPolicy } from "../matching/policy.ts";
import { createLexicon, prepare, type Prepared } from "../matching/prepare.ts";
import { createScorer, type Weighed } from "../matching/weigh.ts";

export interface Matching {
  readonly model: Model;
  readonly policy: MatchingPolicy;
  readonly identity: IdentityOptions;
}

export interface Comparable {
  readonly id: string;
  readonly features: Features;
}

export interface MatchingContext extends Matching {
  prepared(unit: Comparable): Prepared;
  /** Null where it is not in memory. */
  remembered(id: string): Prepared | null;
  levels(a: Comparable, b: Comparable): Levels;
  weigh(a: Comparable, b: Comparable): Weighed;
  weightOf(a: Prepared, b: Prepared): number;
  /** Evidence of what is a person's own: below 0 speaks against one person. */
  personal(a: Comparable, b: Comparable): number;
  /** Whether the key may tie two records at all, before it is looked at who names it. */
  isStrong(key: IdentityKey): boolean;
  /** A value that is nobody's, by the policy's patterns. */
  readonly isNobodys: (kind: string, value: string) => boolean;
}

export function createMatchingContext(matching: Matching): MatchingContext {
  const { model, policy } = matching;
  const scorer = createScorer(model);
  const lexicon = createLexicon();
  const memory = new Map<string, Prepared>();
  const patterns = new Map(
    Object.entries(policy.blocked).map(([kind, list]) => [
      kind,
      list.map((pattern) => new RegExp(pattern, "u")),
    ]),
  );
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
  const levels = (a: Comparable, b: Comparable): Levels =>
    comparePair(prepared(a), prepared(b), lexicon);
  return {
    ...matching,
    prepared,
    remembered: (id) => memory.get(id) ?? null,
    levels,
    weigh: (a, b) => scorer.weigh(levels(a, b), prepared(a), prepared(b)),
    weightOf: (a, b) => scorer.weigh(comparePair(a, b, lexicon), a, b).weight,
    personal: (a, b) => scorer.personal(levels(a, b)),
    isStrong: (key) => keyRuleOf(policy, kindOfKey(key)).strength > 0,
    isNobodys: (kind, value) => (patterns.get(kind) ?? []).some((pattern) => pattern.test(value)),
  };
}
