/** Phone normalisation to E.164 by libphonenumber's metadata. */
import { isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/min";
import { z } from "zod";

export const countrySchema = z
  .string()
  .regex(/^[A-Z]{2}$/, "is not an ISO 3166 country code such as GB");

/** Whether numbers without a prefix can be read there: not so of UK, which is GB. */
export const isCountry = (code: string): boolean => isSupportedCountry(code);

/** E.164 number, or null when no number of that country's plan; `country` reads numbers without a prefix. */
export function normalisePhone(raw: string, country: string): string | null {
  // In a country that the library does not know, only numbers with a prefix can be read.
  const known = isSupportedCountry(country) ? country : undefined;
  const parsed = parsePhoneNumberFromString(raw.trim(), known);
  return parsed?.isPossible() ? parsed.number : null;
}
