/** The people of a generated town: who lives with whom, and how each can be known. The same seed, the same town. */
import type { Faker } from "@faker-js/faker";
import { chance, createDice } from "./dice.ts";
import { digits, plain } from "./letters.ts";

export interface Address {
  readonly line1: string;
  readonly city: string;
  readonly postalCode: string;
  readonly country: string;
}

export interface Person {
  readonly id: string;
  readonly household: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly birthDate: string;
  readonly address: Address;
  readonly email: string | null;
  readonly phone: string | null;
  readonly card: string | null;
  /** Shared with the household: a landline, a family's address. */
  readonly sharedEmail: string | null;
  readonly sharedPhone: string | null;
  /** Which store is near, as an index. */
  readonly homeStore: number;
  /** How often this person shops, against others. */
  readonly appetite: number;
}

export interface Town {
  readonly seed: number;
  readonly people: readonly Person[];
  readonly goods: readonly Good[];
}

export interface Good {
  readonly sku: string;
  readonly description: string;
  readonly unitPrice: string;
  /** Sold by the kilogram. */
  readonly isWeighed: boolean;
}

export interface TownOptions {
  readonly seed: number;
  readonly people: number;
  readonly stores: number;
}

const goodsCount = 160;
const bornBefore = "2008-01-01";

export function createTown({ seed, people: count, stores }: TownOptions): Town {
  const dice = createDice(seed);
  const city = dice.location.city();
  const people: Person[] = [];
  for (let household = 1; people.length < count; household++) {
    const size = dice.helpers.weightedArrayElement([
      { weight: 30, value: 1 },
      { weight: 34, value: 2 },
      { weight: 16, value: 3 },
      { weight: 14, value: 4 },
      { weight: 6, value: 5 },
    ]);
    const shared = createShared(dice, household, stores, city);
    for (let member = 0; member < size && people.length < count; member++) {
      people.push(createPerson(dice, people.length + 1, shared));
    }
  }
  return {
    seed,
    people,
    goods: Array.from({ length: goodsCount }, (_, at) => createGood(dice, at)),
  };
}

interface Shared {
  readonly household: string;
  readonly familyName: string;
  readonly address: Address;
  readonly email: string | null;
  readonly phone: string | null;
  readonly homeStore: number;
}

function createShared(dice: Faker, number: number, stores: number, city: string): Shared {
  const familyName = dice.person.lastName();
  return {
    household: `h${digits(number, 4)}`,
    familyName,
    address: {
      line1: dice.location.streetAddress(),
      city,
      postalCode: dice.location.zipCode(),
      country: "GB",
    },
    email: chance(dice, 0.06) ? `family.${plain(familyName)}${number}@example.org` : null,
    // Numbers that the regulator keeps for fiction: they ring at nobody's.
    phone: chance(dice, 0.08) ? `01632960${digits(number % 1000, 3)}` : null,
    homeStore: dice.number.int({ min: 0, max: stores - 1 }),
  };
}

function createPerson(dice: Faker, number: number, shared: Shared): Person {
  const givenName = dice.person.firstName();
  const familyName = chance(dice, 0.85) ? shared.familyName : dice.person.lastName();
  const local = `${plain(givenName)}.${plain(familyName)}${number}`;
  const domain = dice.helpers.arrayElement(["example.com", "example.org", "example.net"]);
  return {
    id: `p${digits(number, 5)}`,
    household: shared.household,
    givenName,
    familyName,
    birthDate: dice.date
      .birthdate({ refDate: bornBefore, mode: "age", min: 0, max: 75 })
      .toISOString()
      .slice(0, 10),
    address: shared.address,
    email: chance(dice, 0.75) ? `${local}@${domain}` : null,
    phone: chance(dice, 0.8) ? `07700${digits(900_000 + (number % 1000), 6)}` : null,
    card: chance(dice, 0.6) ? `R${digits(100_000 + number * 17, 7)}` : null,
    sharedEmail: shared.email,
    sharedPhone: shared.phone,
    homeStore: shared.homeStore,
    appetite: dice.helpers.weightedArrayElement([
      { weight: 6, value: 1 },
      { weight: 3, value: 3 },
      { weight: 1, value: 9 },
    ]),
  };
}

function createGood(dice: Faker, at: number): Good {
  const isWeighed = chance(dice, 0.15);
  return {
    sku: `A${digits(1000 + at, 4)}`,
    description: isWeighed ? `${dice.food.fruit()}, per kg` : dice.commerce.productName(),
    unitPrice: dice.commerce.price({ min: 0.4, max: isWeighed ? 9 : 45 }),
    isWeighed,
  };
}
