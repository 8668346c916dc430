/** One day of the town: what happens at which till and when. Pure: the same town and day, the same actions. */
import type { Faker } from "@faker-js/faker";
import { Temporal } from "temporal-polyfill";
import type { ShopRequest } from "../system/agent-client.ts";
import { CURRENCY, fillBasket, returnFrom } from "./basket.ts";
import { spellOut, tell, tellName } from "./customer.ts";
import { chance, createDice } from "./dice.ts";
import type { Person, Town } from "./people.ts";

export interface Till {
  readonly store: string;
  readonly source: string;
}

export interface DayOptions {
  /** Counted from 1. */
  readonly day: number;
  /** Date of day 1. */
  readonly firstDay: string;
  readonly zone: string;
  /** Tills by store. */
  readonly stores: readonly (readonly [Till, ...Till[]])[];
  readonly sales: number;
}

export interface Action {
  /** Minute of the day on the shops' clock. */
  readonly minute: number;
  readonly source: string;
  readonly capture: ShopRequest & { readonly idempotencyKey: string };
}

export interface Day {
  readonly date: string;
  /** In the order of time. */
  readonly actions: readonly Action[];
  /** Who it was in truth, by idempotency key; null for a passer-by. No till is ever told. */
  readonly truth: ReadonlyMap<string, string | null>;
}

export const OPENS = 9 * 60;
export const CLOSES = 18 * 60;

/** What happens at one till, before it has its key and its time. */
interface Happening {
  readonly minute: number;
  readonly source: string;
  readonly person: Person | null;
  readonly capture: ShopRequest;
}

export function createDay(town: Town, options: DayOptions): Day {
  const dice = createDice(town.seed * 1_000 + options.day);
  const date = Temporal.PlainDate.from(options.firstDay).add({ days: options.day - 1 });
  const actions: Action[] = [];
  const truth = new Map<string, string | null>();
  for (let sale = 1; sale <= options.sales; sale++) {
    const number = `${options.day}-${String(sale).padStart(4, "0")}`;
    for (const { minute, source, person, capture } of visit(dice, town, options, number)) {
      if (minute >= CLOSES) continue; // tomorrow, perhaps
      const idempotencyKey = `day-${number}-${capture.kind}`;
      const at = date.toZonedDateTime({ timeZone: options.zone, plainTime: timeOf(minute) });
      const whole = { ...capture, idempotencyKey, at: at.toInstant().toString() };
      actions.push({ minute, source, capture: whole });
      truth.set(idempotencyKey, person?.id ?? null);
    }
  }
  actions.sort((a, b) => a.minute - b.minute);
  return { date: date.toString(), actions, truth };
}

/** A sale, and what may follow from it. */
function visit(dice: Faker, town: Town, { stores }: DayOptions, number: string): Happening[] {
  const person = chance(dice, 0.8) ? pickPerson(dice, town) : null;
  const home = stores[person?.homeStore ?? -1];
  const tills = home && chance(dice, 0.75) ? home : dice.helpers.arrayElement(stores);
  const { source } = dice.helpers.arrayElement(tills);
  const minute = dice.number.int({ min: OPENS, max: CLOSES - 1 });
  const later = minute + dice.number.int({ min: 5, max: 180 });
  const basket = fillBasket(dice, town.goods);
  const told = person ? tell(dice, person) : undefined;
  const customer = told && { customer: told };
  const happenings: Happening[] = [
    {
      minute,
      source,
      person,
      capture: {
        kind: "sale",
        externalId: number,
        currency: CURRENCY,
        ...basket,
        ...customer,
        ...(told && chance(dice, 0.08) ? { consents: [grant(dice)] } : {}),
      },
    },
  ];
  if (chance(dice, 0.06)) {
    const original = chance(dice, 0.7) ? { original: number } : {};
    const capture: ShopRequest = {
      kind: "return",
      currency: CURRENCY,
      ...returnFrom(dice, basket),
      ...original,
      ...customer,
    };
    const counter = dice.helpers.arrayElement(tills);
    happenings.push({ minute: later, source: counter.source, person, capture });
  } else if (chance(dice, 0.01)) {
    const capture: ShopRequest = { kind: "void", voids: number, reason: "rung up twice" };
    happenings.push({ minute: minute + 1, source, person, capture });
  }
  if (person) happenings.push(...atTheDesk(dice, person, { minute: later, source }));
  return happenings;
}

/** What is said apart from a sale. */
function atTheDesk(
  dice: Faker,
  person: Person,
  { minute, source }: { readonly minute: number; readonly source: string },
): Happening[] {
  const told = spellOut(person);
  if (!told) return [];
  const happenings: Happening[] = [];
  const add = (capture: ShopRequest): void => {
    happenings.push({ minute, source, person, capture });
  };
  if (chance(dice, 0.03)) {
    const customer = { ...told, ...tellName(dice, person), address: person.address };
    add({ kind: "claim", customer });
  }
  if (chance(dice, 0.03)) add({ kind: "consent", customer: told, ...withdraw(dice) });
  if (chance(dice, 0.03)) {
    const text = dice.helpers.arrayElement([
      "Asks to be told when the blue chair is back in stock.",
      "Wants receipts by e-mail only.",
      "Collects for the school fair on Saturdays.",
      "Allergic to nuts: asks about ingredients.",
    ]);
    add({ kind: "note", customer: told, text });
  }
  return happenings;
}

function pickPerson(dice: Faker, { people }: Town): Person {
  return dice.helpers.weightedArrayElement(
    people.map((person) => ({ weight: person.appetite, value: person })),
  );
}

const grant = (dice: Faker) => ({ ...aboutMarketing(dice), state: "granted" }) as const;
const withdraw = (dice: Faker) => ({ ...aboutMarketing(dice), state: "withdrawn" }) as const;

function aboutMarketing(dice: Faker) {
  const channel = dice.helpers.arrayElement(["email", "sms", "post"] as const);
  return { purpose: "marketing", channel, evidence: { text: "Asked at the till" } } as const;
}

export function timeOf(minute: number): Temporal.PlainTime {
  return Temporal.PlainTime.from({ hour: Math.floor(minute / 60), minute: minute % 60 });
}
