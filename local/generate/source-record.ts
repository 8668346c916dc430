/** A source record as it is written, and as it grows: what is known when, before and after it was mistyped. */
import type { Case } from "./cases.ts";
import type { Customer } from "./customer.ts";
import type { Address, Store } from "./places.ts";

/** After the record's id, which is its place in the shuffled file and so tells nothing. */
export const FIELDS = [
  "source",
  "store",
  "channel",
  "captured_at",
  "loyalty_number",
  "given_name",
  "family_name",
  "email",
  "phone",
  "birth_date",
  "street",
  "city",
  "postcode",
  "country",
  "device",
] as const;
export type Field = (typeof FIELDS)[number];

export type Channel = "till" | "desk" | "web" | "app" | "import";

export interface Draft {
  readonly customer: Customer;
  readonly at: number;
  readonly channel: Channel;
  /** Where it was captured, or near which the customer lives. */
  readonly store: Store;
  readonly isGuest: boolean;
  /** Undefined while the record shows none. */
  address: Address | undefined;
  readonly fields: Record<Field, string>;
  readonly cases: Set<Case>;
  /** No tie goes through the fields of these. */
  readonly flaws: Flaw[];
}

/** What will be wrong, or not as it is elsewhere, in a field; an "error" is a slip of a hand, an ear or a scanner. */
export interface Flaw {
  readonly field: Field;
  readonly kind: "nickname" | "initial" | "swapped" | "one_field" | "transposed" | "error";
}

export const createFields = (): Record<Field, string> => ({
  source: "",
  store: "",
  channel: "",
  captured_at: "",
  loyalty_number: "",
  given_name: "",
  family_name: "",
  email: "",
  phone: "",
  birth_date: "",
  street: "",
  city: "",
  postcode: "",
  country: "",
  device: "",
});
