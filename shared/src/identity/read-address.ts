/** Reads postal addresses, in one line or in fields, into folded parts that can be compared. */
import { accepted, type Normalised, rejected } from "./normalised.ts";
import { countryCodeOf } from "./places.ts";
import { foldName } from "./read-name.ts";

export interface AddressParts {
  readonly house: string | null;
  readonly number: string | null;
  readonly unit: string | null;
  readonly road: string | null;
  readonly suburb: string | null;
  readonly city: string | null;
  readonly region: string | null;
  readonly postcode: string | null;
  /** ISO 3166 alpha-2 */
  readonly country: string | null;
  readonly poBox: string | null;
}

export interface AddressFields {
  readonly line1?: string;
  readonly line2?: string;
  readonly city?: string;
  readonly region?: string;
  readonly postalCode?: string;
  readonly country?: string;
}

export type AddressReason = "empty" | "too-long" | "not-an-address";

export function readAddress(
  raw: string | AddressFields,
  options: { readonly country: string | null },
): Normalised<AddressParts, AddressReason> {
  const fields: AddressFields = typeof raw === "string" ? { line1: raw } : raw;
  const part = (text: string | undefined) => foldName(text ?? "") || null;
  const road = part(fields.line1);
  const city = part(fields.city);
  if (road === null && city === null) return rejected("empty");
  return accepted(
    {
      house: null,
      number: null,
      unit: part(fields.line2),
      road,
      suburb: null,
      city,
      region: part(fields.region),
      postcode: part(fields.postalCode),
      country: countryCodeOf(fields.country ?? "") ?? options.country,
      poBox: null,
    },
    false,
  );
}
