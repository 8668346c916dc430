/** A customer of a generated town with a life in time: what is true of somebody differs from one year to the next. */
import type { Address, Store } from "./places.ts";
import type { Sex } from "./names.ts";

/** The years that the records are from, as instants in milliseconds. */
export const BEGIN_MS = Date.UTC(2021, 0, 1);
export const END_MS = Date.UTC(2026, 0, 1);
export const DAY_MS = 86_400_000;

/** A value and when it began to be true; oldest first, the first from always. */
export type Spells<Value> = readonly { readonly from: number; readonly value: Value }[];

export const always = <Value>(value: Value): Spells<Value> => [{ from: 0, value }];

export const changed = <Value>(before: Value, from: number, value: Value): Spells<Value> => [
  { from: 0, value: before },
  { from, value },
];

export function valueAt<Value>(spells: Spells<Value>, at: number): Value | null {
  return spells.findLast(({ from }) => from <= at)?.value ?? null;
}

/** Whether the value was another one before. */
export const isChangedAt = (spells: Spells<unknown>, at: number): boolean =>
  (spells.findLast(({ from }) => from <= at)?.from ?? 0) > 0;

export type Role = "adult" | "child" | "twin" | "senior" | "junior" | "sharer";

/** What a record can be made to show. */
export type Shown = "name" | "card" | "email" | "phone" | "address";

/** A record that has to be there, for without it nothing would be seen of what makes this customer hard to know. */
export interface Must {
  readonly from: number;
  readonly to: number;
  readonly show: readonly Shown[];
  /** Through the number or address that is shared with others. */
  readonly isShared: boolean;
}

export interface Person {
  readonly role: Role;
  readonly sex: Sex;
  readonly birthDate: string;
  readonly givenName: string;
  /** Sr or Jr, written now and then; empty for most. */
  readonly suffix: string;
  readonly familyName: string;
}

export interface Customer extends Omit<Person, "familyName"> {
  readonly id: number;
  readonly household: number;
  readonly home: Store;
  familyName: Spells<string>;
  address: Spells<Address>;
  email: Spells<string | null>;
  phone: Spells<string | null>;
  card: Spells<string | null>;
  /** The household's, if it has one and several members. */
  sharedEmail: string | null;
  sharedPhone: string | null;
  /** Whose number a child gives that has none. */
  mother: Customer | null;
  /** A child gives this customer's number. */
  isMotherOfNumberless: boolean;
  /** What the web shop and the app know a machine by; a household may have one browser. */
  browser: string;
  appDevice: string;
  /** Got name and birthday of a stranger, and keeps them. */
  readonly isNamesake: boolean;
  musts: Must[];
}

export const birthYearOf = ({ birthDate }: Pick<Person, "birthDate">): number =>
  Number(birthDate.slice(0, 4));
