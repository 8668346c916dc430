/** What a fragment's claims come to when they are compared: each value read and folded, what cannot be read left out. */
import type { Contribution, FieldClaim } from "@regulars/shared/fragment/contribution";
import type { Features } from "./features.ts";
import { featuresOfClaims, type ReadFeatures } from "./read-features.ts";

type Claims = Contribution["claims"];

/** Nobody is born after this; the till has refused what lies in its own future. */
const LATEST = "2100-01-01";

export function readClaims(claims: Claims, country: string): ReadFeatures {
  const values = Object.fromEntries(
    Object.entries(claims).flatMap(([field, claim]) =>
      claim && isEvidence(claim) ? [[field, claim.value]] : [],
    ),
  );
  return featuresOfClaims(values, { country, latest: LATEST, earliest: "1890-01-01" });
}

/** What somebody says of themselves, unchecked, could be what they know of somebody else (IDN3). */
export const isEvidence = ({ own, verified }: FieldClaim): boolean => !own || verified === true;

export const featuresOf = (claims: Claims, country: string): Features =>
  readClaims(claims, country).features;
