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
} from "@regulars/shared/events/claim";
import { type Consent, consentSchema } from "@regulars/shared/events/consent";
import { normaliseEmail } from "@regulars/shared/identity/email";
import {
  identityKeyOf,
  type IdentityOptions,
  KEY_KINDS,
  type KeyKind,
} from "@regulars/shared/identity/key";
import { normaliseLoyaltyNumber } from "@regulars/shared/identity/loyalty";
import { normalisePhone } from "@regulars/shared/identity/phone";
import type { IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";

export interface CustomerPart {
  /** Strongest first; empty when the customer cannot be told from others. */
  readonly keys: readonly IdentityKey[];
  readonly claims: Claims;
  readonly consents: readonly Consent[];
  /** By field, as typed. */
  readonly doubtful: Readonly<Record<string, string>>;
}

export function readCustomer(
  customer: unknown,
  consents: unknown,
  identity: IdentityOptions,
): CustomerPart {
  const claims: Claims = {};
  const doubtful: Record<string, string> = {};
  const given = isObject(customer) ? customer : {};
  if (!isAbsent(customer) && !isObject(customer)) doubtful["customer"] = asTyped(customer);
  for (const field of CLAIM_FIELDS) {
    const raw = given[field];
    if (isAbsent(raw)) continue;
    const value = readField(field, raw, identity.country);
    if (value === null) doubtful[field] = asTyped(raw);
    else Object.assign(claims, { [field]: value });
  }
  const keys = KEY_KINDS.flatMap((kind) => {
    const value = claims[KEY_FIELDS[kind]];
    return value === undefined ? [] : [identityKeyOf(kind, value, identity.pepper)];
  });
  return { keys, claims, ...readConsents(consents, keys.length > 0, doubtful) };
}

const KEY_FIELDS = {
  loyalty: "loyaltyNumber",
  email: "email",
  phone: "phone",
} as const satisfies Record<KeyKind, ClaimField>;

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

function readField(field: ClaimField, raw: unknown, country: string): ClaimValue | null {
  if (field === "address") return readAddress(raw);
  const text = textOf(raw);
  if (text === null) return null;
  switch (field) {
    case "loyaltyNumber":
      return normaliseLoyaltyNumber(text);
    case "email":
      return normaliseEmail(text);
    case "phone":
      return normalisePhone(text, country);
    case "givenName":
    case "familyName":
    case "birthDate":
    case "country":
    case "language":
      return claimsSchema.shape[field].safeParse(text).data ?? null;
  }
}

function readAddress(raw: unknown): ClaimValue | null {
  if (!isObject(raw)) return null;
  const parts: Record<string, string> = {};
  for (const part of Object.keys(addressSchema.shape)) {
    if (isAbsent(raw[part])) continue;
    const text = textOf(raw[part]);
    if (text === null) return null;
    parts[part] = part === "country" ? text.toUpperCase() : text;
  }
  return addressSchema.safeParse(parts).data ?? null;
}

/** Scanners and spreadsheets make numbers of card numbers. */
function textOf(raw: unknown): string | null {
  if (typeof raw === "number" || typeof raw === "bigint") return String(raw);
  return typeof raw === "string" ? raw.trim() : null;
}

const isAbsent = (raw: unknown): boolean =>
  raw === undefined || raw === null || (typeof raw === "string" && raw.trim() === "");

const isObject = (raw: unknown): raw is Readonly<Record<string, unknown>> =>
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
