/** What happens to people while they are customers: they marry, move, lose cards, and give numbers up to strangers. */
import type { Faker } from "@faker-js/faker";
import { chance } from "../town/dice.ts";
import {
  BEGIN_MS,
  birthYearOf,
  changed,
  type Customer,
  DAY_MS,
  END_MS,
  type Shown,
  valueAt,
} from "./customer.ts";
import { drawFamilyName } from "./names.ts";
import { type Address, type Doors, keyOf, type Store } from "./places.ts";
import type { World } from "./world.ts";

/** Within the five years of the records; each is a little above what is usual, so that it can be measured. */
const shares = {
  marriage: 0.12, // of couples of one name
  renaming: 0.02, // of people alone: a divorce, an own wish
  keepsEmail: 0.6, // after a new name
  move: 0.1, // of households
  staysInTown: 0.7,
  newTenantIsKnown: 0.3, // somebody else in the data moves into the place
  lostCard: 0.04, // of cards
  newPhone: 0.07, // of phones
  recycling: 0.2, // of numbers given up: operators hand them out again
  newEmail: 0.06, // of addresses
};
/** Operators keep a number back for a while. */
const quarantineDays = 120;
/** Numbers that wait are few; looking at all of a large town's would take longer with each household. */
const lookedAtMost = 50;
/** Time before and after an event in which records can show both states. */
const marginMs = 200 * DAY_MS;
const lastEventMs = END_MS - marginMs;

export function live(world: World, members: readonly Customer[]): void {
  if (chance(world.dice, shares.move)) move(world, members);
  else moveIn(world, members);
  marry(world, members);
  for (const member of members) {
    if (chance(world.dice, shares.lostCard)) loseCard(world, member);
    if (chance(world.dice, shares.newPhone)) changePhone(world, member);
    if (chance(world.dice, shares.newEmail)) changeEmail(world, member);
  }
}

/** The whole household, and what it leaves may be the next one's. */
function move({ dice, doors, stores, vacated }: World, members: readonly Customer[]): void {
  const [first] = members;
  const before = first && valueAt(first.address, 0);
  if (!first || !before) return;
  const at = drawInstant(dice);
  const isNear = chance(dice, shares.staysInTown);
  const near = isNear ? first.home : dice.helpers.arrayElement(stores);
  const address = openElsewhere(doors, near, before);
  for (const member of members) {
    member.address = changed(before, at, address);
    happen(member, at, ["name", "address"]);
  }
  if (chance(dice, shares.newTenantIsKnown)) vacated.push({ address: before, from: at });
}

/** Into a place where other customers lived before: an address in common that says nothing. */
function moveIn({ vacated, reoccupied, dice }: World, members: readonly Customer[]): void {
  const place = vacated[0];
  if (!place || !chance(dice, 0.2)) return;
  vacated.shift();
  reoccupied.add(keyOf(place.address));
  for (const member of members) {
    const before = valueAt(member.address, 0);
    if (!before || (before.house !== 0 && before.house === place.address.house)) continue;
    member.address = changed<Address>(before, place.from, place.address);
    happen(member, place.from, ["name", "address"]);
  }
}

/** One of a couple had another name and lived elsewhere before. */
function marry(world: World, members: readonly Customer[]): void {
  const { dice, doors } = world;
  const adults = members.filter(({ role }) => role === "adult");
  const [first, second] = adults;
  if (!first || members.length > 2 || members.some(({ isNamesake }) => isNamesake)) return;
  if (!second) {
    if (members.length === 1 && chance(dice, shares.renaming)) rename(world, first);
    return;
  }
  const name = valueAt(second.familyName, 0);
  if (name !== valueAt(first.familyName, 0) || !chance(dice, shares.marriage)) return;
  const home = valueAt(second.address, END_MS);
  // Who has moved as a couple keeps those addresses: one change at a time can be told from the data.
  const isNewHere = home !== null && second.address.length === 1;
  const at = rename(world, second, isNewHere ? ["address"] : []);
  if (isNewHere) second.address = changed(openElsewhere(doors, second.home, home), at, home);
}

/** Not another flat of the same house: without its number nothing would have changed. */
function openElsewhere(doors: Doors, near: Store, { house }: Address): Address {
  let address = doors.open(near);
  const isSameHouse = (): boolean => house !== 0 && address.house === house;
  while (isSameHouse()) address = doors.open(near);
  return address;
}

/** To the name that the customer has from the start in the household; before it was another. */
function rename(world: World, customer: Customer, show: readonly Shown[] = []): number {
  const { dice, contacts } = world;
  const married = valueAt(customer.familyName, END_MS) ?? "";
  const at = drawInstant(dice);
  let maiden = married;
  while (maiden === married) maiden = drawFamilyName(dice);
  customer.familyName = changed(maiden, at, married);
  const { givenName } = customer;
  const birthYear = birthYearOf(customer);
  const now = valueAt(customer.email, 0);
  if (now !== null) {
    const old = contacts.email({ givenName, familyName: maiden, birthYear });
    customer.email = chance(dice, shares.keepsEmail)
      ? [{ from: 0, value: old }]
      : changed<string | null>(old, at, now);
  }
  happen(customer, at, ["name", now === null ? "address" : "email", ...show]);
  return at;
}

function loseCard({ dice, contacts }: World, customer: Customer): void {
  const card = valueAt(customer.card, 0);
  if (card === null) return;
  const at = drawInstant(dice);
  customer.card = changed<string | null>(card, at, contacts.card());
  happen(customer, at, ["card"]);
}

function changePhone(world: World, customer: Customer): void {
  const { dice, contacts, givenUp } = world;
  const phone = valueAt(customer.phone, 0);
  if (phone === null || customer.phone.length > 1) return;
  const at = drawInstant(dice);
  const free = givenUp
    .slice(0, lookedAtMost)
    .findIndex(({ from, household }) => from <= at && household !== customer.household);
  const [recycled] = free < 0 ? [] : givenUp.splice(free, 1);
  if (recycled) world.recycled.add(recycled.phone);
  const next = recycled?.phone ?? contacts.phone();
  customer.phone = changed<string | null>(phone, at, next);
  happen(customer, at, ["name", "phone"]);
  const from = at + quarantineDays * DAY_MS;
  if (chance(dice, shares.recycling) && from < lastEventMs) {
    givenUp.push({ phone, from, household: customer.household });
  }
}

function changeEmail({ dice, contacts }: World, customer: Customer): void {
  const email = valueAt(customer.email, 0);
  if (email === null || customer.email.length > 1) return;
  const at = drawInstant(dice);
  const familyName = valueAt(customer.familyName, at) ?? "";
  const owner = { givenName: customer.givenName, familyName, birthYear: birthYearOf(customer) };
  customer.email = changed<string | null>(email, at, contacts.email(owner));
  happen(customer, at, ["name", "email"]);
}

const drawInstant = (dice: Faker): number =>
  dice.number.int({ min: BEGIN_MS + marginMs, max: lastEventMs });

/** Without a record before and one after nobody could see that anything has changed. */
function happen(customer: Customer, at: number, show: readonly Shown[]): void {
  customer.musts.push({ from: BEGIN_MS, to: at - 1, show, isShared: false });
  customer.musts.push({ from: at, to: END_MS - 1, show, isShared: false });
}
