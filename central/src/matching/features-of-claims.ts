/** What a fragment's claims come to when they are compared: each value read and folded, what cannot be read left out. */
import type { Contribution } from "@regulars/shared/fragment/contribution";
import { readAddress } from "@regulars/shared/identity/read-address";
import { foldName, readName } from "@regulars/shared/identity/read-name";
import { type Features, NO_FEATURES } from "./features.ts";

type Claims = Contribution["claims"];

export function featuresOf(claims: Claims, country: string): Features {
  const text = (field: keyof Claims): string => {
    const value = claims[field]?.value;
    return typeof value === "string" ? value : "";
  };
  const name = readName({ given: text("givenName"), family: text("familyName") });
  const person = name.quality === "rejected" ? { given: [], family: [], suffix: null } : name.value;
  return {
    ...NO_FEATURES,
    given: [...person.given],
    family: [...person.family],
    suffix: person.suffix ?? "",
    birth: text("birthDate"),
    email: text("email").toLowerCase(),
    phone: text("phone"),
    ...addressOf(claims, country),
  };
}

function addressOf({ address }: Claims, country: string): Partial<Features> {
  const value = address?.value;
  if (value === undefined || typeof value === "string") return {};
  const { line1, line2, city, region, postalCode, country: own } = value;
  const fields = {
    ...(line1 === undefined ? {} : { line1 }),
    ...(line2 === undefined ? {} : { line2 }),
    ...(city === undefined ? {} : { city }),
    ...(region === undefined ? {} : { region }),
    ...(postalCode === undefined ? {} : { postalCode }),
    ...(own === undefined ? {} : { country: own }),
  };
  const read = readAddress(fields, { country });
  if (read.quality === "rejected") return {};
  const { number, road, house, suburb, postcode } = read.value;
  return {
    number: number ?? "",
    road: road ?? "",
    locality: house ?? suburb ?? "",
    city: read.value.city ?? "",
    region: read.value.region ?? "",
    postcode: foldName(postcode ?? "").replaceAll(" ", ""),
  };
}
