/** What the households of a town have in common while it is made: chance, places, and what one leaves to another. */
import type { Faker } from "@faker-js/faker";
import { createDice } from "../town/dice.ts";
import type { Person } from "./customer.ts";
import { type Contacts, createContacts } from "./contacts.ts";
import { type Address, createDoors, createStores, type Doors, type Store } from "./places.ts";

export interface Model {
  readonly id: number;
  readonly person: Person;
}

export interface World {
  readonly dice: Faker;
  readonly stores: readonly [Store, ...Store[]];
  readonly doors: Doors;
  readonly contacts: Contacts;
  /** Places that somebody has moved out of. */
  readonly vacated: { readonly address: Address; readonly from: number }[];
  /** Numbers that may be given to a stranger from then on. */
  readonly givenUp: { readonly phone: string; readonly from: number; readonly household: number }[];
  /** Numbers that two strangers have had. */
  readonly recycled: Set<string>;
  /** Places where strangers have lived one after the other, by `keyOf`. */
  readonly reoccupied: Set<string>;
  /** People whose name and birthday a stranger may get. */
  readonly models: Model[];
  /** Ids of customers who share both with a stranger. */
  readonly namesakes: Set<number>;
}

export function createWorld(seed: number, customers: number): World {
  const dice = createDice(seed);
  return {
    dice,
    stores: createStores(customers),
    doors: createDoors(dice),
    contacts: createContacts(dice),
    vacated: [],
    givenUp: [],
    recycled: new Set(),
    reoccupied: new Set(),
    models: [],
    namesakes: new Set(),
  };
}
