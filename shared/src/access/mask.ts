/** Contact as somebody sees it who is to recognise it: enough to ask "is it still this one?", too little to write it down. */

import { type ClaimField, type Claims, type ClaimValue } from "../events/claim.ts";
import type { FieldGroup } from "./actions.ts";
import { groupOfField } from "./field-groups.ts";

export const HIDDEN = "•••";

/** `ada@example.com` → `a•••@e•••.com`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf("@");
  const domain = email.slice(at + 1);
  const dot = domain.lastIndexOf(".");
  if (at < 1 || dot < 1) return HIDDEN;
  return `${first(email)}${HIDDEN}@${first(domain)}${HIDDEN}${domain.slice(dot)}`;
}

/** Its last two digits. */
export const maskPhone = (phone: string): string =>
  phone.length < 6 ? HIDDEN : `${HIDDEN}${phone.slice(-2)}`;

/** The first character, which may be two units long. */
const first = (text: string): string => Array.from(text).at(0) ?? "";

/** Of an address what does not say which door. */
export const maskAddress = ({ city, country }: NonNullable<Claims["address"]>) => ({
  city,
  country,
});

/** A value as whoever has these groups may see it: whole, masked, or null, which tells no more than that there is one. */
export function shownValue(
  field: ClaimField,
  value: ClaimValue,
  granted: ReadonlySet<FieldGroup>,
): ClaimValue | null {
  const group = groupOfField(field);
  if (granted.has(group)) return value;
  if (group !== "contact" || !granted.has("contactMasked")) return null;
  if (typeof value !== "string") return maskAddress(value);
  return field === "email" ? maskEmail(value) : maskPhone(value);
}
