/** Matching policy: what a shared identity key proves, and what protects against wrong merges. Data, versioned (IDN3). */
import type { KeyKind } from "@regulars/shared/identity/key";
import { z } from "zod";

const limitSchema = z.object({
  /** Different values of the kind that one customer may have, */
  values: z.int().min(1),
  /** first seen within so many days of each other; null for ever. */
  days: z.int().min(1).nullable(),
});

export const keyRuleSchema = z.object({
  /** Stronger keys are decided first. 0 proves nothing: a till, a tablet, a shop's phone is a place (IDN4). */
  strength: z.int().min(0).max(9),
  /** One person has one value for life, of user ids one in each realm: two of them are two people. */
  unique: z.boolean(),
  limit: limitSchema.nullable(),
  /** Seen on more different people than this, a value says nothing about any of them. */
  people: z.int().min(1),
  /** A browser, an installation, a cart: it ties what is known by nothing better to the one person seen with it (IDN8). */
  device: z.boolean().optional(),
});
export type KeyRule = z.infer<typeof keyRuleSchema>;

/** Checked here, for a policy that cannot be read would stop every later start of the centre. */
const patternSchema = z.string().max(200).refine(isPattern, "is not a regular expression");

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, "u").source.length > 0;
  } catch {
    return false; // told to the sender by the schema
  }
}

/** Rules of kinds that policies of before do not name: whoever does not want them gives them the strength 0. */
const YOUNG_KINDS = {
  user: { strength: 3, unique: true, limit: { values: 1, days: null }, people: 3 },
  // A cart a day, and a browser that forgets, are still one person; a thousand in a year are a machine.
  anonymous: {
    strength: 1,
    unique: false,
    limit: { values: 400, days: 365 },
    people: 1,
    device: true,
  },
} satisfies Partial<Record<KeyKind, KeyRule>>;

export const matchingPolicySchema = z.object({
  version: z.int().min(1),
  keys: z
    .record(z.string(), keyRuleSchema)
    .transform((keys): Record<string, KeyRule> => ({ ...YOUNG_KINDS, ...keys })),
  /** Values that are nobody's, as regular expressions over the normalised value. */
  blocked: z.record(z.string(), z.array(patternSchema)),
  /** Prefixes of sources that know each customer once: two of their records are two people. */
  onePerSource: z.array(z.string()),
  /** Two groups are joined by one link only if all their members agree this well on average, in log2 odds. */
  bridge: z.number(),
  /** A record that fits two people who differ, the second by less than so many bits worse, belongs to neither. */
  ambiguity: z.number().min(0),
  /** More records than this are no person: a steward has to look. */
  clusterMax: z.int().min(2),
});
export type MatchingPolicy = z.infer<typeof matchingPolicySchema>;

export const DEFAULT_MATCHING_POLICY: MatchingPolicy = {
  version: 1,
  keys: {
    loyalty: { strength: 3, unique: true, limit: { values: 1, days: null }, people: 3 },
    email: { strength: 2, unique: false, limit: { values: 5, days: 365 }, people: 5 },
    phone: { strength: 1, unique: false, limit: { values: 5, days: 365 }, people: 5 },
    ...YOUNG_KINDS,
  } satisfies Record<KeyKind, KeyRule>,
  blocked: {
    loyalty: ["^0+$", "^(.)\\1{4,}$", "^(TEST|NONE|NA)$"],
    email: [
      "^(no|do)[._-]?not[._-]?reply@",
      "^no[._-]?reply@",
      "^(none|no|na|nomail|noemail|test|unknown|anonymous|guest|customer|info|shop|store|till)@",
    ],
    phone: ["^\\+\\d{0,3}(\\d)\\1{6,}$", "^\\+\\d{1,3}0?1234567\\d*$"],
  },
  onePerSource: [],
  bridge: 0,
  ambiguity: 4,
  clusterMax: 500,
};

const NO_RULE: KeyRule = { strength: 0, unique: false, limit: null, people: 1 };

export const keyRuleOf = (policy: MatchingPolicy, kind: string): KeyRule =>
  policy.keys[kind] ?? NO_RULE;
