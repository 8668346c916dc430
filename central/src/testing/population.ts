/** A population of source records for tests of resolution: families, errors, shared phones, values that are nobody's. */
import { stampOf } from "@regulars/shared/clock";
import { NOTHING_SINCE_4 } from "@regulars/shared/fragment/contribution";
import { identityKeysOf } from "@regulars/shared/identity/key";
import { customerIdOf, fragmentIdOf, type IdentityKey, writerOf } from "@regulars/shared/ids";
import type { ArrivedRecord } from "../intake/source-record.ts";
import { MATCHING } from "./matching.ts";
import { START_MS } from "./till.ts";

const GIVEN = ["Ann", "Bea", "Carla", "Dora", "Emma", "Fay", "Gwen", "Hilda", "Ida", "Jane"];
const FAMILY = ["Archer", "Baxter", "Carter", "Dawson", "Eliot", "Foster", "Granger", "Holmes"];

export interface PopulationOptions {
  readonly records: number;
  /** Any whole number: the same one gives the same people. */
  readonly seed: number;
  /** One e-mail address in so many is a shop's own. */
  readonly nobodyEvery?: number;
  /** A phone that so many of the records name. */
  readonly sharedPhone?: number;
}

/** Numbers that look drawn, for tests that must be the same each time. */
function createDraw(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function populationOf(options: PopulationOptions): ArrivedRecord[] {
  const { records, seed, nobodyEvery = 0, sharedPhone = 0 } = options;
  const draw = createDraw(seed);
  return Array.from({ length: records }, (_, at) => {
    const person = draw(Math.ceil(records / 2));
    const family = FAMILY[person % FAMILY.length] ?? "";
    const given = GIVEN[Math.floor(person / 3) % GIVEN.length] ?? "";
    const isNobodys = nobodyEvery > 0 && at % nobodyEvery === 0;
    const email = isNobodys ? "noreply@shop.example" : `p${person}@x.example`;
    const phone =
      at < sharedPhone ? "+441632960999" : `+4416329${String(60_000 + person).slice(-5)}`;
    return recordOf(at, {
      givenName: draw(10) === 0 ? given.slice(0, -1) : given,
      familyName: family,
      ...(draw(2) === 0
        ? { birthDate: `19${50 + (person % 50)}-0${1 + (person % 9)}-1${person % 10}` }
        : {}),
      ...(draw(2) === 0 || isNobodys ? { email } : {}),
      ...(draw(3) === 0 || at < sharedPhone ? { phone } : {}),
      ...(draw(3) === 0 ? { loyaltyNumber: `77${person}` } : {}),
    });
  });
}

/** What one visit leaves behind. */
export function recordOf(
  at: number,
  said: Readonly<Record<string, string>>,
  { source = `till-${at % 7}`, atMs = START_MS + at * 1_000 } = {},
): ArrivedRecord {
  const epoch = at + 1;
  const stamp = stampOf({ ms: atMs, counter: 0 }, writerOf(source, epoch));
  const identifiers = said["email"] ?? said["phone"] ?? said["loyaltyNumber"] ? said : { ...said, loyaltyNumber: `88${at}` }; // prettier-ignore
  const { keys } = identityKeysOf(identifiers, MATCHING.identity);
  const [key = ""] = keys;
  return {
    id: fragmentIdOf(source, epoch, key),
    clock: 1,
    contribution: {
      source,
      epoch,
      key,
      seq: 1,
      first: stamp,
      last: stamp,
      keys: Object.fromEntries(keys.map((each) => [each, stamp])),
      claims: Object.fromEntries(
        Object.entries(said).map(([field, value]) => [field, { value, stamp, seq: 1 }]),
      ),
      consents: {},
      totals: {},
      recent: {},
      notes: {},
      ...NOTHING_SINCE_4,
    },
    edgeCustomer: customerIdOf(key),
    sha256: "",
    state: new Uint8Array(),
  };
}

/** What one source knows by these keys, the strongest first, and nothing about who it is. */
export function visitOf(at: number, keys: readonly IdentityKey[]): ArrivedRecord {
  const record = recordOf(at, { loyaltyNumber: "1" });
  const { source, epoch, first } = record.contribution;
  const [key = ""] = keys;
  return {
    ...record,
    id: fragmentIdOf(source, epoch, key),
    contribution: {
      ...record.contribution,
      key,
      keys: Object.fromEntries(keys.map((each) => [each, first])),
      claims: {},
    },
    edgeCustomer: customerIdOf(key),
  };
}
