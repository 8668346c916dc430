/** Rules of matching for tests. */
import { COMPARISON_NAMES, COMPARISONS } from "../matching/comparisons.ts";
import { DEFAULT_MODEL, type Model, modelSchema } from "../matching/model.ts";
import { DEFAULT_MATCHING_POLICY, type KeyRule, type MatchingPolicy } from "../matching/policy.ts";
import type { Matching } from "../resolve/matching-context.ts";
import { PEPPER } from "./till.ts";

export const MATCHING: Matching = {
  model: DEFAULT_MODEL,
  policy: DEFAULT_MATCHING_POLICY,
  identity: { pepper: PEPPER, country: "GB" },
};

/** Two records with one key in common are one customer, whatever else they say. */
export function keysAlone({ identity }: Pick<Matching, "identity">): Matching {
  return { model: SAYS_NOTHING, policy: JOINS_BY_KEYS, identity };
}

const SAYS_NOTHING: Model = {
  ...DEFAULT_MODEL,
  version: "says-nothing",
  // No pair is worth a word, and none contradicts itself.
  thresholds: { match: -1_000, potential: 1_000 },
  comparisons: modelSchema.shape.comparisons.parse(
    Object.fromEntries(
      COMPARISON_NAMES.map((name) => {
        const [, ...levels] = COMPARISONS[name];
        const even = Object.fromEntries(levels.map((level) => [level, 0.5]));
        return [name, { m: even, u: even, h: even }];
      }),
    ),
  ),
};

const PROVES: KeyRule = { strength: 2, unique: false, limit: null, people: 1_000_000 };

const JOINS_BY_KEYS: MatchingPolicy = {
  version: 1,
  keys: {
    loyalty: PROVES,
    user: PROVES,
    email: PROVES,
    phone: PROVES,
    // A browser names nobody, also where keys are all that counts.
    anonymous: { ...PROVES, strength: 1, device: true },
  },
  blocked: {},
  onePerSource: [],
  bridge: -1_000_000,
  ambiguity: 0,
  clusterMax: 1_000_000,
};
