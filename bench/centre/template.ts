/** One store's four weeks, taken in by the production functions: what a large database is made of, many times over. */
import { base, en, en_GB, Faker } from "@faker-js/faker";
import { createIntake, type Intake } from "../../central/src/intake/intake.ts";
import type { ArrivedFragment } from "../../central/src/intake/source-record.ts";
import { DEFAULT_MODEL } from "../../central/src/matching/model.ts";
import { DEFAULT_MATCHING_POLICY } from "../../central/src/matching/policy.ts";
import { createQualityKeeper } from "../../central/src/quality/keeper.ts";
import { createChecker } from "../../central/src/reconcile/checker.ts";
import {
  type CaptureOptions,
  createTill,
  eventsOf,
  fragmentsOf,
  type Till,
} from "../../central/src/testing/till.ts";
import { identityKeysOf } from "../../shared/src/identity/key.ts";
import type { IdentityKey } from "../../shared/src/ids.ts";
import type { Storage } from "../../shared/src/storage/port.ts";
import { DEFAULT_POLICY } from "../../shared/src/survivorship/policy.ts";

/** Stands in every id of the template, and is replaced in each copy by another of the same length. */
export const TEMPLATE_STORE = "s000";
export const IDENTITY = { pepper: "pepper of the bench", country: "GB" };

const DAYS = 28;
const DAY_MS = 86_400_000;
const OPENS_MS = 9 * 3_600_000;
const OPEN_MS = 10 * 3_600_000;
const ODD_SHARE = 1 / 200;
const EVENTS_PER_DELIVERY = 200;
const FRAGMENTS_PER_DELIVERY = 20;

export interface TemplateSize {
  readonly customers: number;
  readonly events: number;
  /** Midnight after its last day. */
  readonly endMs: number;
}

interface Person {
  readonly keys: readonly IdentityKey[];
  readonly claims: object;
}

export async function fillTemplate(storage: Storage, size: TemplateSize): Promise<void> {
  const tills = ["t1", "t2"].map((name) =>
    createTill(`${TEMPLATE_STORE}-${name}`, { store: TEMPLATE_STORE }),
  );
  trade(tills, size);
  const intake = createIntake({
    storage,
    policy: DEFAULT_POLICY,
    matching: { model: DEFAULT_MODEL, policy: DEFAULT_MATCHING_POLICY, identity: IDENTITY },
    nowMs: () => size.endMs,
    onTaken: () => undefined,
  });
  for (const { captured } of tills) {
    for (const some of chunked(captured, EVENTS_PER_DELIVERY)) {
      await intake.events(eventsOf(TEMPLATE_STORE, some.map(({ item }) => item))); // prettier-ignore
    }
    const newest = new Map<string, ArrivedFragment>();
    for (const { fragment } of captured) if (fragment) newest.set(fragment.key, fragment);
    for (const some of chunked([...newest.values()], FRAGMENTS_PER_DELIVERY)) {
      await intake.fragments(fragmentsOf(some));
    }
  }
  await settle(storage, intake, size.endMs + DAY_MS);
}

const askEdge = () => Promise.reject(new Error("there is no edge"));

/** As days and figures are the morning after. */
async function settle(storage: Storage, intake: Intake, nowMs: number): Promise<void> {
  const background = {
    storage,
    intake,
    nowMs: () => nowMs,
    pause: () => Promise.resolve(),
    wait: () => Promise.resolve(),
    later: () => () => undefined,
    onWritten: () => undefined,
    onFailure: (error: unknown) => {
      throw error;
    },
  };
  await createChecker(background).kick();
  await createQualityKeeper({ ...background, askEdge }).kick();
}

/** Each customer is met once by name; the rest of the events are sales, one in six to nobody known, in the order of time. */
function trade(tills: readonly Till[], { customers, events, endMs }: TemplateSize): void {
  const faker = new Faker({ locale: [en_GB, en, base] });
  faker.seed(7);
  const people = newPeople(faker, customers);
  const startMs = endMs - DAYS * DAY_MS;
  for (let at = 0; at < events; at += 1) {
    const [till] = faker.helpers.arrayElements(tills, 1);
    const day = Math.floor((at * DAYS) / events);
    const within = ((at * DAYS) / events) % 1;
    const atMs = Math.round(startMs + day * DAY_MS + OPENS_MS + within * OPEN_MS);
    const met = at < customers * 2 && at % 2 === 0 ? people[at / 2] : undefined;
    if (met) till?.claim(met.claims, met.keys, atMs);
    else {
      const known = faker.number.float() < 5 / 6 ? faker.helpers.arrayElement(people) : null;
      const totalMinor = faker.number.int({ min: 150, max: 9_000 });
      if (faker.number.float() < ODD_SHARE) till?.capture(oddSale(totalMinor, at, atMs));
      else till?.sale(totalMinor, known?.keys ?? [], atMs);
    }
  }
}

/** Paid with five pence more than it came to: an exception for somebody to explain. */
const oddSale = (totalMinor: number, at: number, atMs: number): CaptureOptions => ({
  kind: "sale",
  atMs,
  body: {
    receipt: `${TEMPLATE_STORE}-odd-${at}`,
    currency: "GBP",
    lines: [{ sku: "A1", description: "Tea", quantity: "1", amountMinor: totalMinor }],
    tenders: [{ type: "card", amountMinor: totalMinor + 5 }],
    totalMinor,
  },
});

/** One in twelve is somebody who was met before, with another card and a slip in the name: work for stewards. */
function newPeople(faker: Faker, count: number): Person[] {
  const said: Said[] = [];
  while (said.length < count) {
    const before = said.length > 0 && faker.number.float() < 1 / 12 ? faker.helpers.arrayElement(said) : null; // prettier-ignore
    const person = before
      ? { ...before, loyaltyNumber: faker.string.numeric(10), email: undefined, phone: undefined, familyName: before.familyName.slice(0, -1) || "X" } // prettier-ignore
      : newSaid(faker);
    said.push(person);
  }
  return said.map((person) => personOf(person));
}

interface Said {
  readonly givenName: string;
  readonly familyName: string;
  readonly birthDate: string;
  readonly loyaltyNumber: string;
  readonly email: string | undefined;
  readonly phone: string | undefined;
}

const newSaid = (faker: Faker): Said => ({
  givenName: faker.person.firstName(),
  familyName: faker.person.lastName(),
  birthDate: faker.date.birthdate({ min: 18, max: 90, mode: "age" }).toISOString().slice(0, 10),
  loyaltyNumber: faker.string.numeric(10),
  email:
    faker.number.float() < 0.7
      ? `${faker.string.alphanumeric(12).toLowerCase()}@mail.example`
      : undefined,
  phone: faker.number.float() < 0.5 ? `+4477009${faker.string.numeric(5)}` : undefined,
});

function personOf(said: Said): Person {
  const claims = Object.fromEntries(
    Object.entries(said).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return { keys: identityKeysOf(claims, IDENTITY).keys, claims };
}

function chunked<Item>(items: readonly Item[], size: number): Item[][] {
  const starts = Array.from({ length: Math.ceil(items.length / size) }, (_, at) => at * size);
  return starts.map((start) => items.slice(start, start + size));
}
