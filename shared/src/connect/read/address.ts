/** Addresses of other sides: the same parts under other names. */
import { foldName } from "../../identity/read-name.ts";
import { defined, type Part } from "./part.ts";

export interface AddressNames {
  readonly line1: string;
  readonly line2: string;
  readonly city: string;
  readonly region: string;
  readonly postalCode: string;
  readonly country: string;
}

/** Parts as they stand, for the reader of customers; undefined where none is there, or only a country. */
export function addressOf(
  part: Part | undefined,
  names: AddressNames,
): Partial<Record<keyof AddressNames, string | number>> | undefined {
  if (!part) return undefined;
  const address = defined({
    line1: part.scalar(names.line1),
    line2: part.scalar(names.line2),
    city: part.scalar(names.city),
    region: part.scalar(names.region),
    postalCode: part.scalar(names.postalCode),
    country: part.scalar(names.country),
  });
  return Object.keys(address).some((name) => name !== "country") ? address : undefined;
}

/** A present goes to somebody else: how to reach them says nothing of the buyer. Whoever has no name here may be the same. */
export function isOtherPerson(one: Part | undefined, other: Part | undefined): boolean {
  const [first, second] = [nameIn(one), nameIn(other)];
  return first !== "" && second !== "" && first !== second;
}

const nameIn = (part: Part | undefined): string =>
  foldName([part?.scalar("first_name") ?? "", part?.scalar("last_name") ?? ""].join(" "))
    .split(" ")
    .filter((word) => word !== "")
    .toSorted()
    .join(" ");
