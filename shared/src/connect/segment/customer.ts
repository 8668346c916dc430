/**
 * Who a message is about. Only its ids and the traits of the person count: what an event says of e-mails and phones in its
 * properties may be somebody else's (an invitation names the one who is invited).
 */
import { LIMITS } from "../../limits.ts";
import type { ConnectCapture } from "../captures.ts";
import { isObject } from "../read/json.ts";
import { splitName } from "../whole-name.ts";
import { flatten, type Scalar } from "./flatten.ts";

type Fields = Readonly<Record<string, unknown>>;
type Customer = NonNullable<ConnectCapture["customer"]>;

type Traits = Record<string, Exclude<Scalar, null>>;

export interface Ids {
  readonly userId?: string;
  readonly anonymousId?: string;
}

/** Traits that are fields of a customer, in the spellings that clients have. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ["email", "email"],
  ["phone", "phone"],
  ["firstName", "givenName"],
  ["first_name", "givenName"],
  ["firstname", "givenName"],
  ["lastName", "familyName"],
  ["last_name", "familyName"],
  ["lastname", "familyName"],
  ["birthday", "birthDate"],
  ["address", "address"],
  ["loyaltyNumber", "loyaltyNumber"],
  ["loyalty_number", "loyaltyNumber"],
  ["language", "language"],
]);

/** The customer part of a capture: ids, the fields that we know, and the rest as traits. */
export function customerOf({ userId, anonymousId }: Ids, traits: unknown): Customer {
  const fields: Record<string, unknown> = {};
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(isObject(traits) ? traits : {})) {
    const field = FIELDS.get(name);
    if (field === undefined) rest[name] = value;
    else if (value !== null && value !== "") fields[field] ??= value;
  }
  if (isObject(fields["address"])) fields["address"] = addressOf(fields["address"]);
  nameInOne(fields, rest);
  const named = traitsOf(rest);
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(anonymousId === undefined ? {} : { anonymousIds: [anonymousId] }),
    ...fields,
    ...(Object.keys(named).length === 0 ? {} : { traits: named }),
  };
}

/** Groups are no persons: what is said of one stands at its members, each name behind `group.`. */
export function groupTraitsOf(groupId: string | undefined, traits: unknown): Traits {
  const named = Object.entries(traitsOf(isObject(traits) ? traits : {}));
  const id: Traits = groupId === undefined ? {} : { "group.id": groupId };
  return {
    ...Object.fromEntries(named.map(([name, value]) => [`group.${name}`.slice(0, 100), value])),
    ...id,
  };
}

function nameInOne(fields: Record<string, unknown>, rest: Record<string, unknown>): void {
  const { name } = rest;
  if (typeof name !== "string" || "givenName" in fields || "familyName" in fields) return;
  const pair = splitName(name);
  if (pair === null) return;
  Object.assign(fields, pair);
  delete rest["name"];
}

const ADDRESS_PARTS = [
  ["street", "line1"],
  ["line1", "line1"],
  ["line2", "line2"],
  ["city", "city"],
  ["state", "region"],
  ["region", "region"],
  ["postalCode", "postalCode"],
  ["postal_code", "postalCode"],
  ["zip", "postalCode"],
  ["country", "country"],
] as const;

function addressOf(address: Fields): Fields {
  const parts: Record<string, unknown> = {};
  for (const [theirs, ours] of ADDRESS_PARTS) {
    if (address[theirs] !== undefined) parts[ours] ??= address[theirs];
  }
  return parts;
}

function traitsOf(rest: Fields): Traits {
  const traits: Traits = {};
  for (const [name, value] of Object.entries(flatten(rest, LIMITS.traits))) {
    if (value !== null && value !== "") traits[name] = value;
  }
  return traits;
}
