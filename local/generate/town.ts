/** All customers of a generated town, household by household. */
import type { Faker } from "@faker-js/faker";
import { chance, createDice } from "../town/dice.ts";
import {
  always,
  BEGIN_MS,
  birthYearOf,
  type Customer,
  END_MS,
  type Must,
  type Person,
  valueAt,
} from "./customer.ts";
import { drawPeople } from "./household.ts";
import { live } from "./life.ts";
import type { Address, Store } from "./places.ts";
import { createWorld, type Model, type World } from "./world.ts";

/** What only the whole town tells, however little of it one record shows. */
export interface Known {
  /** Numbers that two strangers have had. */
  readonly recycled: ReadonlySet<string>;
  readonly reoccupied: ReadonlySet<string>;
  readonly sharedHouses: ReadonlySet<number>;
  /** Ids of customers who share name and birthday with a stranger. */
  readonly namesakes: ReadonlySet<number>;
  /** Whole names as of the end that are borne in several households. */
  readonly commonNames: ReadonlySet<string>;
}

export interface LabelledTown {
  /** For records; people are thrown by dice of their own. */
  readonly dice: Faker;
  readonly stores: World["stores"];
  readonly known: Known;
  /** Made anew each time they are asked for. */
  customers(): Iterable<Customer>;
}

/**
 * Strangers with one name and one birthday: above what a small town would have, for it happens to a retailer of
 * millions, and a rule that trusts name and birthday is found out by nothing else.
 */
const namesakeShare = 0.002; // of people alone
const landlineShare = 0.1;
const familyEmailShare = 0.05;
/** Born later, some have no number of their own. */
const childrenFrom = 2005;

/**
 * The town is made twice, once to learn what is known of the whole and once for its records: 200,000 customers with
 * their lives are 320 MB, and chance from a seed costs nothing to repeat.
 */
export function createLabelledTown(seed: number, count: number): LabelledTown {
  const world = createWorld(seed, count);
  const commonNames = findCommonNames(createCustomers(world, count));
  const { recycled, reoccupied, namesakes, stores, doors } = world;
  const { sharedHouses } = doors;
  return {
    dice: createDice(seed, recordsPart),
    stores,
    known: { recycled, reoccupied, sharedHouses, namesakes, commonNames },
    customers: () => createCustomers(createWorld(seed, count), count),
  };
}

const recordsPart = 1;

function* createCustomers(world: World, count: number): Generator<Customer> {
  let made = 0;
  for (let household = 1; made < count; household++) {
    const people = drawPeople(world.dice, count - made);
    const model = people.length === 1 ? drawModel(world) : undefined;
    const shared = { household, firstId: made + 1, isNamesake: model !== undefined };
    const members = settle(world, model ? [model.person] : people, shared);
    live(world, members);
    if (model) world.namesakes.add(model.id).add(made + 1);
    else rememberModel(world, members);
    yield* members;
    made += members.length;
  }
}

function settle(
  world: World,
  people: readonly Person[],
  { household, firstId, isNamesake }: { household: number; firstId: number; isNamesake: boolean },
): Customer[] {
  const { dice } = world;
  const home = dice.helpers.arrayElement(world.stores);
  const address = world.doors.open(home);
  const members = people.map((person, at) =>
    createCustomer(world, person, { id: firstId + at, household, home, address, isNamesake }),
  );
  if (members.length > 1 && members.every(({ role }) => role !== "sharer"))
    shareContacts(world, members);
  return members;
}

function createCustomer(
  { dice, contacts }: World,
  person: Person,
  place: { id: number; household: number; home: Store; address: Address; isNamesake: boolean },
): Customer {
  const isGrown = birthYearOf(person) < childrenFrom;
  const has = (ofGrown: number, ofChildren: number): boolean =>
    chance(dice, isGrown ? ofGrown : ofChildren);
  return {
    ...person,
    ...place,
    birthDate: person.birthDate,
    familyName: always(person.familyName),
    address: always(place.address),
    email: always(
      has(0.84, 0.4) ? contacts.email({ ...person, birthYear: birthYearOf(person) }) : null,
    ),
    phone: always(has(0.9, 0.5) ? contacts.phone() : null),
    card: always(has(0.72, 0.35) ? contacts.card() : null),
    sharedEmail: null,
    sharedPhone: null,
    mother: null,
    isMotherOfNumberless: false,
    browser: contacts.device(),
    appDevice: contacts.device(),
    musts: [],
  };
}

/** What the members of a household use together. */
function shareContacts({ dice, contacts }: World, members: readonly Customer[]): void {
  const [first, second] = members;
  if (!first || !second) return;
  if (chance(dice, landlineShare)) {
    const phone = contacts.landline();
    for (const member of members) member.sharedPhone = phone;
    for (const member of [first, second]) member.musts.push(anyTime("phone"));
  }
  if (chance(dice, familyEmailShare)) {
    const familyName = valueAt(first.familyName, 0) ?? "";
    const email = contacts.email({ givenName: "family", familyName, birthYear: first.household });
    for (const member of members) member.sharedEmail = email;
    for (const member of [first, second]) member.musts.push(anyTime("email"));
  }
  if (chance(dice, 0.35)) for (const member of members) member.browser = first.browser;
  const mother = members.find(({ role, sex }) => role === "adult" && sex === "f");
  if (!mother || valueAt(mother.phone, 0) === null) return;
  const children = members.filter((each) => birthYearOf(each) >= childrenFrom && each !== mother);
  for (const child of children.filter(({ phone }) => valueAt(phone, 0) === null)) {
    child.mother = mother;
    mother.isMotherOfNumberless = true;
    child.musts.push(anyTime("phone"));
    mother.musts.push({ ...anyTime("phone"), isShared: false });
  }
}

const anyTime = (shown: "phone" | "email"): Must => ({
  from: BEGIN_MS,
  to: END_MS - 1,
  show: ["name", shown],
  isShared: true,
});

const modelsMax = 1_000;

/** Somebody met before, to be met again as another person; never twice, for two are enough to be confused. */
function drawModel({ dice, models }: World): Model | undefined {
  if (models.length === 0 || !chance(dice, namesakeShare)) return undefined;
  return models.splice(dice.number.int(models.length - 1), 1)[0];
}

function rememberModel({ dice, models }: World, [first]: readonly Customer[]): void {
  if (first?.role !== "adult" || first.familyName.length > 1) return;
  const { id, role, sex, birthDate, givenName, suffix, familyName } = first;
  const name = valueAt(familyName, 0) ?? "";
  const person = { role, sex, birthDate, givenName, suffix, familyName: name };
  if (models.length < modelsMax) models.push({ id, person });
  else models[dice.number.int(modelsMax - 1)] = { id, person };
}

export const wholeName = (givenName: string, familyName: string): string =>
  `${givenName} ${familyName}`;

function findCommonNames(customers: Iterable<Customer>): Set<string> {
  const [names, commonNames] = [new Set<string>(), new Set<string>()];
  for (const { givenName, familyName, suffix } of customers) {
    if (suffix === "Jr") continue; // of the same household
    const name = wholeName(givenName, valueAt(familyName, END_MS) ?? "");
    if (names.has(name)) commonNames.add(name);
    names.add(name);
  }
  return commonNames;
}
