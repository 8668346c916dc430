/** What a person tells at a till: seldom everything, not always the same, and not always typed right. */
import type { Faker } from "@faker-js/faker";
import type { ClaimField } from "@regulars/shared/events/claim";
import { chance } from "./dice.ts";
import type { Address, Person } from "./people.ts";
import { mistypeEmail, mistypeName, mistypePhone, typeEmail, typePhone } from "./typing.ts";

export type Told = Readonly<Partial<Record<ClaimField, string | Address>>>;

interface Way {
  readonly weight: number;
  readonly value: readonly ("card" | "email" | "phone")[];
}

/** Ways to be recognised; which one is used at a visit differs, and so one person is met under several keys. */
const ways: readonly Way[] = [
  { weight: 30, value: ["card"] },
  { weight: 15, value: ["email"] },
  { weight: 12, value: ["phone"] },
  { weight: 8, value: ["card", "email"] },
  { weight: 8, value: ["email", "phone"] },
  { weight: 5, value: ["card", "phone"] },
];

/** Undefined when there is nothing that this person could be recognised by. */
export function tell(dice: Faker, person: Person): Told | undefined {
  const email = own(dice, person.email, person.sharedEmail);
  const phone = own(dice, person.phone, person.sharedPhone);
  const has = { card: person.card !== null, email: email !== null, phone: phone !== null };
  const possible = ways.filter(({ value }) => value.every((way) => has[way]));
  if (possible.length === 0) return undefined;
  const way = new Set(dice.helpers.weightedArrayElement(possible));
  const told: Partial<Record<ClaimField, string | Address>> = {};
  if (way.has("card") && person.card !== null) told.loyaltyNumber = person.card;
  if (way.has("email") && email !== null) {
    told.email = chance(dice, 0.04) ? mistypeEmail(dice, email) : typeEmail(dice, email);
  }
  if (way.has("phone") && phone !== null) {
    told.phone = chance(dice, 0.03) ? mistypePhone(dice, phone) : typePhone(dice, phone);
  }
  if (chance(dice, 0.6)) Object.assign(told, tellName(dice, person));
  if (chance(dice, 0.1)) told.birthDate = person.birthDate;
  if (chance(dice, 0.12)) told.address = person.address;
  return told;
}

/** At the desk there is time to spell: everything that the person is known by alone, as it is. */
export function spellOut({ card, email, phone }: Person): Told | undefined {
  if (card === null && email === null && phone === null) return undefined;
  return {
    ...(card === null ? {} : { loyaltyNumber: card }),
    ...(email === null ? {} : { email }),
    ...(phone === null ? {} : { phone }),
  };
}

export function tellName(dice: Faker, { givenName, familyName }: Person): Told {
  const type = (name: string): string => (chance(dice, 0.05) ? mistypeName(dice, name) : name);
  return { givenName: type(givenName), familyName: type(familyName) };
}

/** The person's own, or now and then the household's. */
function own(dice: Faker, mine: string | null, shared: string | null): string | null {
  if (mine === null || shared === null) return mine ?? shared;
  return chance(dice, 0.15) ? shared : mine;
}
