/**
 * Identity keys: `kind:digest`, the digest an HMAC-SHA-256 of the normalised value with the retailer's pepper, so
 * that keys can be compared, stored and logged while the value behind them cannot be tried out by a stranger.
 */
import { bytesToBase64Url, hmacSha256 } from "../digest.ts";
import type { IdentityKey } from "../ids.ts";
import { normaliseEmail } from "./email.ts";
import { normaliseLoyaltyNumber } from "./loyalty.ts";
import { normalisePhone } from "./phone.ts";

/** Strongest first: a card names one member, an address may be a family's, a number may be recycled. */
export const KEY_KINDS = ["loyalty", "email", "phone"] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

export interface IdentityOptions {
  /** The retailer's secret. Everybody who makes keys must have the same one; it never travels. */
  readonly pepper: string;
  /** ISO 3166 country that phone numbers without a prefix belong to. */
  readonly country: string;
}

/** What a person can be known by, as typed or scanned. */
export interface Identifiers {
  readonly loyaltyNumber?: string | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
}

export interface IdentityKeys {
  /** Strongest first; the first one names the fragment. */
  readonly keys: readonly IdentityKey[];
  /** Fields that did not normalise: kept with the event, never made into a key (CAP4). */
  readonly doubtful: readonly (keyof Identifiers)[];
}

const NORMALISERS = [
  { kind: "loyalty", field: "loyaltyNumber", normalise: (raw) => normaliseLoyaltyNumber(raw) },
  { kind: "email", field: "email", normalise: (raw) => normaliseEmail(raw) },
  { kind: "phone", field: "phone", normalise: (raw, country) => normalisePhone(raw, country) },
] as const satisfies readonly {
  readonly kind: KeyKind;
  readonly field: keyof Identifiers;
  readonly normalise: (raw: string, country: string) => string | null;
}[];

export function identityKeysOf(given: Identifiers, options: IdentityOptions): IdentityKeys {
  const keys: IdentityKey[] = [];
  const doubtful: (keyof Identifiers)[] = [];
  for (const { kind, field, normalise } of NORMALISERS) {
    const raw = given[field];
    if (raw === undefined || raw.trim() === "") continue;
    const value = normalise(raw, options.country);
    if (value === null) doubtful.push(field);
    else keys.push(identityKeyOf(kind, value, options.pepper));
  }
  return { keys, doubtful };
}

/** Key of an already normalised value; 16 bytes of the digest (one collision in 10¹⁹ pairs) keep rows short. */
export function identityKeyOf(kind: KeyKind, normalised: string, pepper: string): IdentityKey {
  const digest = hmacSha256(pepper, `${kind}/${normalised}`).slice(0, 16);
  return `${kind}:${bytesToBase64Url(digest)}`;
}

export function kindOfKey(key: IdentityKey): string {
  return key.slice(0, key.indexOf(":"));
}

/** Orders keys strongest first, equal kinds by digest: the same everywhere. */
export function compareKeys(a: IdentityKey, b: IdentityKey): number {
  return strengthOf(a) - strengthOf(b) || (a < b ? -1 : a > b ? 1 : 0);
}

function strengthOf(key: IdentityKey): number {
  const at = KEY_KINDS.findIndex((kind) => kind === kindOfKey(key));
  return at === -1 ? KEY_KINDS.length : at;
}
