/**
 * Units: source records that resolution cannot tell apart count as one. The id is a digest of all that it goes by, so that a
 * unit never changes: a record that says something else belongs to another unit.
 */
import { canonicalJson, hmacSha256, bytesToBase64Url } from "@regulars/shared/digest";
import type { Contribution } from "@regulars/shared/fragment/contribution";
import { CLAIMED_KINDS, type ClaimedKind, identityKeyOf } from "@regulars/shared/identity/key";
import type { IdentityKey } from "@regulars/shared/ids";
import type { z } from "zod";
import { blocksOf } from "../matching/blocks.ts";
import { numberOfCode } from "../matching/code-number.ts";
import { type Features, featuresSchema, NO_FEATURES } from "../matching/features.ts";
import type { Described, MatchingContext } from "./matching-context.ts";

export interface UnitContent {
  readonly id: string;
  readonly ownKey: IdentityKey;
  /** Sorted. */
  readonly keyList: readonly IdentityKey[];
  /** Keys whose values are nobody's, as its claims reveal; sorted. */
  readonly nobody: readonly IdentityKey[];
  /** `decision/side` of stewards' decisions; sorted. */
  readonly tags: readonly string[];
  readonly features: Features;
}

export function unitOf(
  described: Described,
  tags: readonly string[],
  context: MatchingContext,
): UnitContent {
  const { key, keys, claims } = described;
  const features = context.personal(context.featuresOf(described));
  const keyList = Object.keys(keys).toSorted(byText);
  const nobody = nobodysKeys(claims, context);
  const sorted = tags.toSorted(byText);
  const text = canonicalJson([key, keyList, nobody, sorted, packFeatures(features)]);
  const id = `u${bytesToBase64Url(hmacSha256("regulars/unit", text).slice(0, 16))}`;
  return { id, ownKey: key, keyList, nobody, tags: sorted, features };
}

const CLAIM_OF_KIND = {
  loyalty: "loyaltyNumber",
  email: "email",
  phone: "phone",
} as const satisfies Record<ClaimedKind, keyof Contribution["claims"]>;

function nobodysKeys(claims: Described["claims"], context: MatchingContext): IdentityKey[] {
  const keys = CLAIMED_KINDS.flatMap((kind) => {
    const value = claims[CLAIM_OF_KIND[kind]]?.value;
    if (typeof value !== "string" || !context.isNobodys(kind, value)) return [];
    return [identityKeyOf(kind, value, context.identity.pepper)];
  });
  return keys.toSorted(byText);
}

/** Only what is there: most records know little. */
export function packFeatures(features: Features): Partial<Features> {
  return Object.fromEntries(Object.entries(features).filter(([, value]) => value.length > 0));
}

const packedSchema = featuresSchema.partial();

export const unpackFeatures = (json: string): Features => ({
  ...NO_FEATURES,
  ...withoutMissing(packedSchema.parse(JSON.parse(json))),
});

const withoutMissing = (packed: z.infer<typeof packedSchema>): Partial<Features> =>
  Object.fromEntries(Object.entries(packed).filter(([, value]) => value !== undefined));

/** Numbers of the codes that a unit is filed under: those of its features, and one for each key. */
export function blockNumbersOf(
  { id, keyList, features }: Pick<UnitContent, "id" | "keyList" | "features">,
  context: MatchingContext,
): number[] {
  const codes = blocksOf(context.prepared({ id, features }));
  return [...new Set([...codes, ...keyList.map((key) => `k/${key}`)].map(numberOfCode))];
}

export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
