/** Identity keys of a customer part: of the fields that a customer fills in, and of ids that software gives (CAP4). */
import type { ClaimField, Claims } from "../events/claim.ts";
import { normaliseAnonymousId, normaliseUserId } from "../identity/account-id.ts";
import {
  compareKeys,
  type ClaimedKind,
  identityKeyOf,
  type IdentityOptions,
} from "../identity/key.ts";
import type { IdentityKey } from "../ids.ts";
import { LIMITS } from "../limits.ts";

const CLAIM_OF_KIND = {
  loyalty: "loyaltyNumber",
  email: "email",
  phone: "phone",
} as const satisfies Record<ClaimedKind, ClaimField>;

export function keysOfClaims(claims: Claims, { pepper }: IdentityOptions): IdentityKey[] {
  return Object.entries(CLAIM_OF_KIND).flatMap(([kind, field]) => {
    const value = claims[field];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant are its keys
    return value === undefined ? [] : [identityKeyOf(kind as ClaimedKind, value, pepper)];
  });
}

/** `null`: it is no id of an account of this realm, or there is no realm. */
export function keyOfUser(text: string | null, options: IdentityOptions): IdentityKey | null {
  const user = text === null ? null : normaliseUserId(options.realm ?? "", text);
  return user === null ? null : identityKeyOf("user", user, options.pepper);
}

export interface AnonymousKeys {
  /** Of the first few that are different. */
  readonly keys: readonly IdentityKey[];
  /** What is no such id. */
  readonly rest: readonly unknown[];
}

export function anonymousKeys(raw: unknown, { pepper }: IdentityOptions): AnonymousKeys {
  const ids: string[] = [];
  const rest: unknown[] = [];
  for (const each of Array.isArray(raw) ? (raw as unknown[]) : [raw]) {
    const id = typeof each === "string" ? normaliseAnonymousId(each) : null;
    if (id === null) rest.push(each);
    else ids.push(id);
  }
  const used = [...new Set(ids)].slice(0, LIMITS.anonymousIds);
  return { keys: used.map((id) => identityKeyOf("anonymous", id, pepper)), rest };
}

/** Strongest first, each once. */
export const sortedKeys = (keys: readonly IdentityKey[]): IdentityKey[] =>
  [...new Set(keys)].toSorted(compareKeys);
