/** Phone normalisation to E.164 by libphonenumber's metadata. */
import { parsePhoneNumberFromString, type CountryCode } from "libphonenumber-js/min";
import { z } from "zod";

export const countrySchema = z
  .string()
  .regex(/^[A-Z]{2}$/, "is not an ISO 3166 country code such as GB");

/** E.164 number, or null when no number of that country's plan; `country` reads numbers without a prefix. */
export function normalisePhone(raw: string, country: string): string | null {
  // The cast is the library's own closed list; a country it does not know parses only numbers with a prefix.
  const parsed = parsePhoneNumberFromString(raw.trim(), country as CountryCode);
  return parsed?.isPossible() ? parsed.number : null;
}
