/** Who lives together: couples, families with children, single parents, people who share a flat, people alone. */
import type { Faker } from "@faker-js/faker";
import { chance } from "../town/dice.ts";
import { birthYearOf, type Person, type Role } from "./customer.ts";
import { drawFamilyName, drawGivenName, drawTwinNames, type Sex } from "./names.ts";

/** Above life: of 100 births 1.5 are twins, but a benchmark needs enough of them to count. */
const twinShare = 0.03;
/** Above life in Britain, near that of families that hand a name on. */
const juniorShare = 0.01;
/** Partners and children who have the first parent's name. */
const sameNameShare = 0.8;
const lastYearOfAdults = 2003;

type Make = (dice: Faker) => Person[];

const kinds: readonly { weight: number; value: Make }[] = [
  { weight: 36, value: createSingle },
  { weight: 27, value: (dice) => createParents(dice, 1938, lastYearOfAdults) },
  { weight: 23, value: createFamily },
  { weight: 7, value: createSingleParent },
  { weight: 7, value: createSharers },
];

/** At most so many people, who are then as related as they look: no twin without the other. */
export function drawPeople(dice: Faker, atMost: number): Person[] {
  const people = dice.helpers.weightedArrayElement([...kinds])(dice);
  return people.length <= atMost ? withOwnNames(dice, people) : createSingle(dice);
}

/** A name is given twice in a family on purpose only. */
function withOwnNames(dice: Faker, people: readonly Person[]): Person[] {
  const taken = new Set(
    people.flatMap(({ role, givenName }) => (isNamedOnPurpose(role) ? [givenName] : [])),
  );
  return people.map((person) => {
    if (isNamedOnPurpose(person.role)) return person;
    let { givenName } = person;
    while (taken.has(givenName)) givenName = drawGivenName(dice, person.sex, birthYearOf(person));
    taken.add(givenName);
    return { ...person, givenName };
  });
}

const isNamedOnPurpose = (role: Role): boolean =>
  role === "twin" || role === "senior" || role === "junior";

function createSingle(dice: Faker): Person[] {
  return [createPerson(dice, "adult", drawYear(dice, 1938, lastYearOfAdults), {})];
}

function createParents(dice: Faker, from: number, to: number): Person[] {
  const year = drawYear(dice, from, to);
  const first = createPerson(dice, "adult", year, { sex: "m" });
  const familyName = chance(dice, sameNameShare) ? first.familyName : drawFamilyName(dice);
  const sex = chance(dice, 0.04) ? "m" : "f";
  const years = Math.min(Math.max(year + dice.number.int({ min: -6, max: 8 }), 1936), to);
  return [first, createPerson(dice, "adult", years, { sex, familyName })];
}

function createFamily(dice: Faker): Person[] {
  const [father, mother] = createParents(dice, 1958, 1984);
  if (!father || !mother) return [];
  if (chance(dice, juniorShare)) return createNameGiven(dice, father, mother);
  return [father, mother, ...createChildren(dice, mother, father.familyName)];
}

function createSingleParent(dice: Faker): Person[] {
  const mother = createPerson(dice, "adult", drawYear(dice, 1962, 1984), { sex: "f" });
  return [mother, ...createChildren(dice, mother, mother.familyName)];
}

/** Father and son with one name, at one address, a generation apart. */
function createNameGiven(dice: Faker, father: Person, mother: Person): Person[] {
  const year = birthYearOf(father) + dice.number.int({ min: 21, max: 34 });
  const { givenName, familyName } = father;
  const son = createPerson(dice, "junior", year, { sex: "m", givenName, familyName });
  return [{ ...father, role: "senior", suffix: "Sr" }, mother, { ...son, suffix: "Jr" }];
}

function createChildren(dice: Faker, mother: Person, familyName: string): Person[] {
  const youngest = 2015;
  const born = birthYearOf(mother) + dice.number.int({ min: 22, max: 36 });
  const year = Math.min(Math.max(born, 1996), youngest);
  if (chance(dice, twinShare)) return createTwins(dice, year, familyName);
  const count = dice.helpers.weightedArrayElement([
    { weight: 5, value: 1 },
    { weight: 4, value: 2 },
    { weight: 1, value: 3 },
  ]);
  return Array.from({ length: count }, (_, at) =>
    createPerson(dice, "child", year - 2 * at, { familyName }),
  );
}

function createTwins(dice: Faker, year: number, familyName: string): Person[] {
  const sex = drawSex(dice);
  const birthDate = drawDate(dice, year);
  return drawTwinNames(dice, sex, year).map((givenName) => ({
    ...createPerson(dice, "twin", year, { sex, givenName, familyName }),
    birthDate,
  }));
}

/** Strangers behind one door. */
function createSharers(dice: Faker): Person[] {
  const year = drawYear(dice, 1985, 2003);
  const names = new Set<string>();
  for (const count = dice.number.int({ min: 2, max: 4 }); names.size < count;) {
    names.add(drawFamilyName(dice));
  }
  return [...names].map((familyName) => createPerson(dice, "sharer", year, { familyName }));
}

function createPerson(
  dice: Faker,
  role: Role,
  year: number,
  given: { sex?: Sex; givenName?: string; familyName?: string },
): Person {
  const sex = given.sex ?? drawSex(dice);
  return {
    role,
    sex,
    birthDate: drawDate(dice, year),
    givenName: given.givenName ?? drawGivenName(dice, sex, year),
    suffix: "",
    familyName: given.familyName ?? drawFamilyName(dice),
  };
}

const drawSex = (dice: Faker): Sex => (chance(dice, 0.5) ? "f" : "m");

const drawYear = (dice: Faker, min: number, max: number): number => dice.number.int({ min, max });

const drawDate = (dice: Faker, year: number): string =>
  new Date(Date.UTC(year, 0, dice.number.int({ min: 1, max: 365 }))).toISOString().slice(0, 10);
