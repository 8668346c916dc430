/**
 * Identity keys: `kind:digest`, the digest an HMAC-SHA-256 of the normalised value with the retailer's pepper, so
 * that keys can be compared, stored and logged while the value behind them cannot be tried out by a stranger.
 */
import { bytesToBase64Url, hmacSha256 } from "../digest.ts";
import type { IdentityKey } from "../ids.ts";
import { normaliseUserId } from "./account-id.ts";
import { normaliseEmail } from "./email.ts";
import { normaliseLoyaltyNumber } from "./loyalty.ts";
import { normalisePhone } from "./phone.ts";

/**
 * Strongest first: a card names one member, an account one user, an address may be a family's, a number may be recycled, and
 * a browser is whoever sits before it.
 */
export const KEY_KINDS = ["loyalty", "user", "email", "phone", "anonymous"] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** Kinds whose value is a field that the customer fills in, and stands in a profile. The others are known to software only. */
export const CLAIMED_KINDS = ["loyalty", "email", "phone"] as const satisfies readonly KeyKind[];
export type ClaimedKind = (typeof CLAIMED_KINDS)[number];

export interface IdentityOptions {
  /** The retailer's secret. Everybody who makes keys must have the same one; it never travels. */
  readonly pepper: string;
  /** ISO 3166 country that phone numbers without a prefix belong to. */
  readonly country: string;
  /** Whose user ids are meant; without one, a user id is doubtful. */
  readonly realm?: string | undefined;
}

/** What a person can be known by, as typed or scanned. */
export interface Identifiers {
  readonly loyaltyNumber?: string | undefined;
  /** Of an account in the realm. */
  readonly userId?: string | undefined;
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
  {
    kind: "user",
    field: "userId",
    normalise: (raw, { realm = "" }) => normaliseUserId(realm, raw),
  },
  { kind: "email", field: "email", normalise: (raw) => normaliseEmail(raw) },
  { kind: "phone", field: "phone", normalise: (raw, { country }) => normalisePhone(raw, country) },
] as const satisfies readonly {
  readonly kind: KeyKind;
  readonly field: keyof Identifiers;
  readonly normalise: (raw: string, options: IdentityOptions) => string | null;
}[];

export function identityKeysOf(given: Identifiers, options: IdentityOptions): IdentityKeys {
  const keys: IdentityKey[] = [];
  const doubtful: (keyof Identifiers)[] = [];
  for (const { kind, field, normalise } of NORMALISERS) {
    const raw = given[field];
    if (raw === undefined || raw.trim() === "") continue;
    const value = normalise(raw, options);
    if (value === null) doubtful.push(field);
    else keys.push(identityKeyOf(kind, value, options.pepper));
  }
  return { keys, doubtful };
}

const DIGEST_BYTES = 16;
/** Three bytes are four characters of the key, so that the rest begins with a character of its own. */
const REALM_BYTES = 3;
const REALM_CHARS = 4;

/**
 * Key of an already normalised value; 16 bytes of the digest (one collision in 10¹⁹ pairs) keep rows short. The first three
 * of a `user` key are the digest of its realm: who has two ids of one realm can be told without knowing either.
 */
export function identityKeyOf(kind: KeyKind, normalised: string, pepper: string): IdentityKey {
  const digest = hmacSha256(pepper, `${kind}/${normalised}`).slice(0, DIGEST_BYTES);
  if (kind === "user") {
    const realm = normalised.slice(0, normalised.indexOf("/"));
    digest.set(hmacSha256(pepper, `realm/${realm}`).slice(0, REALM_BYTES));
  }
  return `${kind}:${bytesToBase64Url(digest)}`;
}

/**
 * `kind:realm`: among keys of one scope two values can be two people. The realm is that of a user id, as a digest; of other
 * kinds everything is one realm, and nothing stands behind the colon.
 */
export function scopeOfKey(key: IdentityKey): string {
  const kind = kindOfKey(key);
  const from = kind.length + 1;
  return kind === "user" ? key.slice(0, from + REALM_CHARS) : `${kind}:`;
}

export function kindOfKey(key: IdentityKey): string {
  return key.slice(0, key.indexOf(":"));
}

/** Of a browser, an installation, a cart: it names whoever sits before it, and so nobody (IDN8). */
export const isDeviceKey = (key: IdentityKey): boolean => kindOfKey(key) === "anonymous";

/** Orders keys strongest first, equal kinds by digest: the same everywhere. */
export function compareKeys(a: IdentityKey, b: IdentityKey): number {
  return strengthOf(a) - strengthOf(b) || (a < b ? -1 : a > b ? 1 : 0);
}

function strengthOf(key: IdentityKey): number {
  const at = KEY_KINDS.findIndex((kind) => kind === kindOfKey(key));
  return at === -1 ? KEY_KINDS.length : at;
}
