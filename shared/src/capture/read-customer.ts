/**
 * The customer part of a capture: identity keys, claims with normalised values, and what could not be used, as typed.
 * Nothing here fails (CAP4).
 */
import {
  addressSchema,
  CLAIM_FIELDS,
  type ClaimField,
  type Claims,
  claimsSchema,
  type ClaimValue,
} from "../events/claim.ts";
import { type Consent, consentSchema } from "../events/consent.ts";
import type { Traits } from "../events/trait.ts";
import { dateOrderOf } from "../identity/date-order.ts";
import { normaliseEmail } from "../identity/email.ts";
import type { IdentityOptions } from "../identity/key.ts";
import { normaliseLoyaltyNumber } from "../identity/loyalty.ts";
import { normalisePhone } from "../identity/phone.ts";
import { countryCodeOf } from "../identity/places.ts";
import { readBirthDate } from "../identity/read-date.ts";
import type { IdentityKey } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { anonymousKeys, keyOfUser, keysOfClaims, sortedKeys } from "./read-keys.ts";
import { readTraits } from "./read-traits.ts";

export interface CustomerPart {
  /** Strongest first; empty when the customer cannot be told from others. */
  readonly keys: readonly IdentityKey[];
  readonly claims: Claims;
  /** Named values beside the fields. */
  readonly traits: Traits;
  /** Fields whose value is another than was typed, because only one reading was possible. */
  readonly repaired: readonly ClaimField[];
  readonly consents: readonly Consent[];
  /** By field, as typed. */
  readonly doubtful: Readonly<Record<string, string>>;
}

export interface ReadOptions extends IdentityOptions {
  /** What day it is, as an ISO date: nobody is born later. */
  readonly today: string;
}

interface ReadField {
  readonly value: ClaimValue;
  readonly isRepaired: boolean;
}

export function readCustomer(
  customer: unknown,
  consents: unknown,
  options: ReadOptions,
): CustomerPart {
  const claims: Claims = {};
  const repaired: ClaimField[] = [];
  const doubtful: Record<string, string> = {};
  const given = isObject(customer) ? customer : {};
  if (!isAbsent(customer) && !isObject(customer)) doubtful["customer"] = asTyped(customer);
  for (const field of CLAIM_FIELDS) {
    const raw = given[field];
    if (isAbsent(raw)) continue;
    const read = readField(field, raw, options);
    if (read === null) {
      doubtful[field] = asTyped(raw);
      continue;
    }
    Object.assign(claims, { [field]: read.value });
    if (read.isRepaired) repaired.push(field);
  }
  const keys = sortedKeys([
    ...keysOfClaims(claims, options),
    ...keysOfSoftware(given, options, doubtful),
  ]);
  const traits = traitsOf(given["traits"], doubtful);
  return { keys, claims, traits, repaired, ...readConsents(consents, keys.length > 0, doubtful) };
}

function keysOfSoftware(
  given: Given,
  options: ReadOptions,
  doubtful: Record<string, string>,
): IdentityKey[] {
  const { userId, anonymousIds } = given;
  const keys: IdentityKey[] = [];
  if (!isAbsent(userId)) {
    const user = keyOfUser(textOf(userId), options);
    if (user === null) doubtful["userId"] = asTyped(userId);
    else keys.push(user);
  }
  if (!isAbsent(anonymousIds)) {
    const read = anonymousKeys(anonymousIds, options);
    if (read.rest.length > 0) doubtful["anonymousIds"] = asTyped(read.rest);
    keys.push(...read.keys);
  }
  return keys;
}

function traitsOf(raw: unknown, doubtful: Record<string, string>): Traits {
  if (isAbsent(raw)) return {};
  if (!isObject(raw)) {
    doubtful["traits"] = asTyped(raw);
    return {};
  }
  const { traits, rest } = readTraits(raw);
  if (rest !== null) doubtful["traits"] = asTyped(rest);
  return traits;
}

/** A consent counts only for somebody: without a key it is set aside with the rest. */
function readConsents(raw: unknown, hasKey: boolean, doubtful: Record<string, string>) {
  if (isAbsent(raw)) return { consents: [], doubtful };
  const consents: Consent[] = [];
  const rest: unknown[] = [];
  for (const each of Array.isArray(raw) ? (raw as unknown[]) : [raw]) {
    const parsed = consentSchema.safeParse(each);
    if (parsed.success && hasKey) consents.push(parsed.data);
    else rest.push(each);
  }
  return rest.length === 0
    ? { consents, doubtful }
    : { consents, doubtful: { ...doubtful, consents: asTyped(rest) } };
}

function readField(field: ClaimField, raw: unknown, options: ReadOptions): ReadField | null {
  if (field === "address") return readAddress(raw);
  const text = textOf(raw);
  if (text === null) return null;
  switch (field) {
    case "loyaltyNumber":
      return asGiven(normaliseLoyaltyNumber(text));
    case "email":
      return asGiven(normaliseEmail(text));
    case "phone":
      return asGiven(normalisePhone(text, options.country));
    case "givenName":
    case "familyName": {
      const spaced = text.replaceAll(/\s+/g, " ");
      const name = claimsSchema.shape[field].safeParse(spaced).data;
      return name === undefined ? null : { value: name, isRepaired: spaced !== text };
    }
    case "birthDate":
      return readDate(text, options);
    case "country":
    case "language":
      return asGiven(claimsSchema.shape[field].safeParse(text).data ?? null);
  }
}

const asGiven = (value: ClaimValue | null): ReadField | null =>
  value === null ? null : { value, isRepaired: false };

/** An ISO date stands as it is; of others, only what has one reading where the till is. */
function readDate(text: string, { country, today }: ReadOptions): ReadField | null {
  const iso = claimsSchema.shape.birthDate.safeParse(text).data;
  if (iso !== undefined) return { value: iso, isRepaired: false };
  const order = dateOrderOf(country);
  const read = readBirthDate(text, { latest: today, ...(order === null ? {} : { order }) });
  if (read.quality === "rejected") return null;
  const { iso: value, alternative } = read.value;
  const isTold = alternative === null || order === "dmy" || order === "mdy";
  return isTold ? { value, isRepaired: true } : null;
}

function readAddress(raw: unknown): ReadField | null {
  if (!isObject(raw)) return null;
  const parts: Record<string, string> = {};
  let isRepaired = false;
  for (const part of Object.keys(addressSchema.shape)) {
    if (isAbsent(raw[part])) continue;
    const text = textOf(raw[part]);
    if (text === null) return null;
    const code = part === "country" ? (countryCodeOf(text) ?? text.toUpperCase()) : text;
    isRepaired ||= code.toUpperCase() !== text.toUpperCase();
    parts[part] = code;
  }
  const value = addressSchema.safeParse(parts).data;
  return value === undefined ? null : { value, isRepaired };
}

/** Scanners and spreadsheets make numbers of card numbers. */
function textOf(raw: unknown): string | null {
  if (typeof raw === "number" || typeof raw === "bigint") return String(raw);
  return typeof raw === "string" ? raw.trim() : null;
}

const isAbsent = (raw: unknown): boolean =>
  raw === undefined || raw === null || (typeof raw === "string" && raw.trim() === "");

type Given = Readonly<Record<string, unknown>>;

const isObject = (raw: unknown): raw is Given =>
  typeof raw === "object" && raw !== null && !Array.isArray(raw);

const asTyped = (raw: unknown): string =>
  (typeof raw === "string" ? raw : jsonOf(raw)).slice(0, LIMITS.fieldChars);

function jsonOf(raw: unknown): string {
  try {
    return JSON.stringify(raw);
  } catch {
    return "(nested too deeply)"; // a RangeError: the parser goes deeper than its counterpart
  }
}
