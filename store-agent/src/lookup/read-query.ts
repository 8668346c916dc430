/** What an associate may have meant by what stands in the one search field. Pure. */
import { normaliseEmail } from "@regulars/shared/identity/email";
import { identityKeyOf, type IdentityOptions, type KeyKind } from "@regulars/shared/identity/key";
import { normaliseLoyaltyNumber } from "@regulars/shared/identity/loyalty";
import { nameTerms } from "@regulars/shared/identity/name";
import { normalisePhone } from "@regulars/shared/identity/phone";
import type { IdentityKey } from "@regulars/shared/ids";
import { foldReceipt } from "./search-terms.ts";

export interface Query {
  readonly keys: readonly { readonly kind: KeyKind; readonly key: IdentityKey }[];
  readonly receipt: string | null;
  /** Prefixes of name terms that must all match; longest first, as it narrows most. */
  readonly names: readonly string[];
  /** What the edge may be asked for, likeliest first. */
  readonly identifiers: readonly (
    | { email: string }
    | { phone: string }
    | { loyaltyNumber: string }
  )[];
}

const PHONE = /^[+(]?[\d\s()./-]{6,}$/;

export function readQuery(text: string, { pepper, country }: IdentityOptions): Query {
  const typed = text.trim();
  const keyOf = (kind: KeyKind, value: string) => ({
    kind,
    key: identityKeyOf(kind, value, pepper),
  });
  if (typed.includes("@")) {
    const email = normaliseEmail(typed);
    if (email === null) return { keys: [], receipt: null, names: [], identifiers: [] };
    return { keys: [keyOf("email", email)], receipt: null, names: [], identifiers: [{ email }] };
  }
  const loyaltyNumber = normaliseLoyaltyNumber(typed);
  const phone = PHONE.test(typed) ? normalisePhone(typed, country) : null;
  return {
    keys: [
      ...(loyaltyNumber === null ? [] : [keyOf("loyalty", loyaltyNumber)]),
      ...(phone === null ? [] : [keyOf("phone", phone)]),
    ],
    receipt: /^\S{1,64}$/.test(typed) ? foldReceipt(typed) : null,
    names: /\p{L}/u.test(typed) ? nameTerms(typed).toSorted((a, b) => b.length - a.length) : [],
    identifiers: [
      ...(phone === null ? [] : [{ phone }]),
      // A word without a digit is a name; nobody prints such a card.
      ...(loyaltyNumber === null || !/\d/.test(loyaltyNumber) ? [] : [{ loyaltyNumber }]),
    ],
  };
}
