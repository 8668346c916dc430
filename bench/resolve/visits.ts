/** People who come more than once to many tills, with other keys and with errors: the same ones in every run. */
import { base, en, en_GB, Faker } from "@faker-js/faker";
import type { ArrivedRecord } from "../../central/src/intake/source-record.ts";
import { stampOf } from "../../shared/src/clock.ts";
import { NOTHING_SINCE_4 } from "../../shared/src/fragment/contribution.ts";
import { identityKeysOf } from "../../shared/src/identity/key.ts";
import { customerIdOf, fragmentIdOf, writerOf } from "../../shared/src/ids.ts";

export const IDENTITY = { pepper: "pepper of the bench", country: "GB" };

const START_MS = Date.UTC(2026, 0, 5, 9);
const TILLS = 40;
/** Of those who live with others, who come again, and who are written down with an error. */
const SHARES = { home: 0.4, again: 0.4, error: 0.05 };

interface Person {
  readonly givenName: string;
  readonly familyName: string;
  readonly birthDate: string;
  readonly email: string;
  readonly phone: string;
  readonly loyaltyNumber: string;
  readonly address: { line1: string; city: string; postalCode: string; country: string };
}

export type Visits = ReturnType<typeof createVisits>;

export function createVisits(seed = 7) {
  const faker = new Faker({ locale: [en_GB, en, base] });
  faker.seed(seed);
  const chance = (share: number): boolean => faker.number.float() < share;
  const people: Person[] = [];
  let count = 0;

  function newPerson(): Person {
    const givenName = faker.person.firstName();
    const home = people.length > 0 && chance(SHARES.home) ? people.at(-1) : undefined;
    const familyName = home?.familyName ?? faker.person.lastName();
    const person = {
      givenName,
      familyName,
      birthDate: faker.date.birthdate({ min: 18, max: 90, mode: "age" }).toISOString().slice(0, 10),
      email: `${givenName}.${familyName}${faker.number.int(999)}@${faker.internet.domainName()}`
        .toLowerCase()
        .replaceAll(/[^a-z0-9@.]/g, ""),
      phone: `+4477009${faker.string.numeric(5)}`,
      loyaltyNumber: faker.string.numeric(10),
      address: home?.address ?? {
        line1: faker.location.streetAddress(),
        city: faker.location.city(),
        postalCode: faker.location.zipCode(),
        country: "GB",
      },
    };
    people.push(person);
    return person;
  }

  const mistyped = (text: string): string => {
    const at = faker.number.int({ min: 1, max: Math.max(1, text.length - 1) });
    return text.slice(0, at) + text.slice(at + 1);
  };
  const written = (name: string): string => (chance(SHARES.error) ? mistyped(name) : name);

  function saidBy(person: Person) {
    return {
      ...(chance(0.9) ? { givenName: written(person.givenName) } : {}),
      ...(chance(0.9) ? { familyName: written(person.familyName) } : {}),
      ...(chance(0.5) ? { birthDate: person.birthDate } : {}),
      ...(chance(0.6) ? { email: person.email } : {}),
      ...(chance(0.5) ? { phone: person.phone } : {}),
      ...(chance(0.5) ? { address: person.address } : {}),
    };
  }

  return {
    count: () => count,

    /** By a person who is new or known, who says some of what is known, sometimes with an error. */
    next(): ArrivedRecord {
      const isKnown = people.length > 0 && chance(SHARES.again);
      const person = isKnown ? faker.helpers.arrayElement(people) : newPerson();
      const said = saidBy(person);
      count += 1;
      const identifiers = {
        ...("email" in said ? { email: said.email } : {}),
        ...("phone" in said ? { phone: said.phone } : {}),
        ...(chance(0.4) || !("email" in said || "phone" in said)
          ? { loyaltyNumber: person.loyaltyNumber }
          : {}),
      };
      return recordOf(count, said, identityKeysOf(identifiers, IDENTITY).keys);
    },
  };
}

type Said = Readonly<Partial<Omit<Person, "loyaltyNumber">>>;

/** Each visit is a fragment of its own: the most that resolution can have to do. */
function recordOf(count: number, said: Said, keys: readonly string[]): ArrivedRecord {
  const source = `till-${count % TILLS}`;
  const epoch = count;
  const stamp = stampOf({ ms: START_MS + count * 1_000, counter: 0 }, writerOf(source, epoch));
  const [key = ""] = keys;
  return {
    id: fragmentIdOf(source, epoch, key),
    clock: count,
    contribution: {
      source,
      epoch,
      key,
      seq: count,
      first: stamp,
      last: stamp,
      keys: Object.fromEntries(keys.map((each) => [each, stamp])),
      claims: Object.fromEntries(
        Object.entries(said).map(([field, value]) => [field, { value, stamp, seq: count }]),
      ),
      consents: {},
      totals: { GBP: { sales: 1, returns: 0, minor: 100 } },
      recent: {},
      notes: {},
      ...NOTHING_SINCE_4,
    },
    edgeCustomer: customerIdOf(key),
    sha256: "",
    state: new Uint8Array(400),
  };
}
