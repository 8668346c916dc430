/** Who a POSLog transaction was with: card of the loyalty scheme, and what a customer record at the till says. */
import type { ConnectCapture } from "../captures.ts";
import { type Element, elementIn, elementsIn, textAt } from "./xml.ts";

type Customer = NonNullable<ConnectCapture["customer"]>;

/** Undefined for a sale to nobody in particular. A date of birth that was looked at for an age check is not read. */
export function customerOf(retail: Element): Customer | undefined {
  const loyaltyNumber = loyaltyNumberOf(retail);
  const record = elementIn(retail, "Customer");
  const customer: Record<string, unknown> = {
    ...(record === null ? {} : readRecord(record)),
    ...(loyaltyNumber === undefined ? {} : { loyaltyNumber }),
  };
  const lone = textAt(retail, "CustomerID") ?? textAt(retail, "Customer");
  if (customer["loyaltyNumber"] === undefined && record === null && lone !== undefined) {
    customer["loyaltyNumber"] = lone;
  }
  return Object.keys(customer).length === 0 ? undefined : customer;
}

/** On the transaction or on a line of its own; a number of zeros alone is none. */
function loyaltyNumberOf(retail: Element): string | undefined {
  const places = [retail, ...elementsIn(retail, "LineItem")];
  const numbers = places.flatMap((place) => [
    textAt(place, "LoyaltyMembership", "LoyaltyID"),
    textAt(place, "LoyaltyMembership", "MembershipID"),
    textAt(place, "LoyaltyAccount", "LoyaltyID"),
    textAt(place, "LoyaltyAccount", "LoyaltyAccountID"),
    textAt(place, "LoyaltyAccount", "CustomerID"),
  ]);
  return numbers.find((number) => number !== undefined && /[^0\s]/.test(number));
}

function readRecord(record: Element): Record<string, unknown> {
  const name = elementIn(record, "CustomerName") ?? elementIn(record, "Name") ?? record;
  const address = elementIn(record, "Address");
  const fields = {
    loyaltyNumber: textAt(record, "LoyaltyID") ?? textAt(record, "CustomerID"),
    givenName: textAt(name, "GivenName") ?? textAt(name, "FirstName"),
    familyName: textAt(name, "FamilyName") ?? textAt(name, "LastName"),
    email:
      textAt(record, "eMail") ??
      textAt(record, "Email") ??
      textAt(record, "EMail") ??
      textAt(record, "EmailAddress"),
    phone:
      textAt(record, "Telephone", "FullTelephoneNumber") ??
      textAt(record, "TelephoneNumber") ??
      textAt(record, "Telephone", "LocalNumber") ??
      textAt(record, "Telephone"),
    address: address === null ? undefined : readAddress(address),
  };
  return said(fields);
}

function readAddress(address: Element): Record<string, unknown> | undefined {
  const parts = said({
    line1: textAt(address, "AddressLine") ?? textAt(address, "AddressLine1"),
    line2: textAt(address, "AddressLine2"),
    city: textAt(address, "City"),
    region: textAt(address, "Territory") ?? textAt(address, "State"),
    postalCode: textAt(address, "PostalCode"),
    country: textAt(address, "Country") ?? textAt(address, "CountryCode"),
  });
  return Object.keys(parts).length === 0 ? undefined : parts;
}

const said = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
