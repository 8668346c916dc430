/** One day of the town's web shop: who looks, logs in, orders, sends back. Pure: the same town and day, the same messages. */
import type { Faker } from "@faker-js/faker";
import { lineAmountMinor } from "@regulars/shared/money";
import { Temporal } from "temporal-polyfill";
import type { ShopMessage } from "../system/shop-client.ts";
import { CURRENCY } from "./basket.ts";
import { CLOSES, type DayOptions, OPENS } from "./day.ts";
import { chance, createDice } from "./dice.ts";
import { digits } from "./letters.ts";
import type { Good, Person, Town } from "./people.ts";

export type WebKind = "visit" | "login" | "order" | "refund" | "consent";

export interface WebAction {
  /** Minute of the day on the shops' clock. */
  readonly minute: number;
  readonly kind: WebKind;
  readonly messages: readonly ShopMessage[];
  /** What the shop takes by it, in minor units. */
  readonly minor: number;
  /** Of whoever says in the app that they want to hear from the shop. */
  readonly app?: { readonly userId: string; readonly id: string };
}

export interface WebDay {
  /** In the order of time. */
  readonly actions: readonly WebAction[];
  /** Who orders today, the first of them first. */
  readonly buyers: readonly Person[];
}

const visits = 110;
/** Throws of its own: what happens at the tills stays what it was. */
const part = 2;

interface Visit {
  readonly dice: Faker;
  readonly person: Person;
  readonly browser: string;
  /** Names it among all visits ever. */
  readonly name: string;
  timeOf(minute: number): string;
}

export function createWebDay(
  town: Town,
  { day, firstDay, zone }: Pick<DayOptions, "day" | "firstDay" | "zone">,
): WebDay {
  const dice = createDice(town.seed * 1_000 + day, part);
  const date = Temporal.PlainDate.from(firstDay).add({ days: day - 1 });
  const timeOf = (minute: number): string =>
    date
      .toZonedDateTime({
        timeZone: zone,
        plainTime: { hour: Math.floor(minute / 60), minute: minute % 60 },
      })
      .toInstant()
      .toString();
  const customers = town.people.filter(isOnline);
  const goods = town.goods.filter(({ isWeighed }) => !isWeighed);
  const actions: WebAction[] = [];
  const orders: { readonly minute: number; readonly person: Person }[] = [];
  for (let number = 1; number <= visits; number++) {
    const person = dice.helpers.arrayElement(customers);
    const name = `${day}-${digits(number, 3)}`;
    const visit: Visit = { dice, person, browser: browserOf(dice, person), name, timeOf };
    for (const action of happeningsOf(visit, goods)) {
      if (action.minute >= CLOSES) continue; // tomorrow, perhaps
      actions.push(action);
      if (action.kind === "order") orders.push({ minute: action.minute, person });
    }
  }
  actions.sort((a, b) => a.minute - b.minute);
  orders.sort((a, b) => a.minute - b.minute);
  return { actions, buyers: orders.map(({ person }) => person) };
}

/** The shop knows them by an account; what it calls them has nothing to do with what anybody else does. */
const numberOf = ({ id }: Person): number => Number(id.slice(1));
const isOnline = (person: Person): boolean => person.email !== null && numberOf(person) % 3 !== 0;
const userIdOf = (person: Person): string => `u${digits(200_000 + numberOf(person) * 31, 7)}`;

/** Their telephone, their computer, or what the whole household uses. */
function browserOf(dice: Faker, person: Person): string {
  if (chance(dice, 0.12)) return `browser-of-all-${Number(person.household.slice(1)) * 13}`;
  return `browser-${numberOf(person) * 17}-${chance(dice, 0.7) ? 1 : 2}`;
}

function happeningsOf(visit: Visit, goods: readonly Good[]): WebAction[] {
  const { dice } = visit;
  const minute = dice.number.int({ min: OPENS, max: CLOSES - 1 });
  const happenings = [look(visit, minute, goods)];
  if (!chance(dice, 0.6)) return happenings;
  happenings.push(logIn(visit, minute + 1));
  if (chance(dice, 0.6)) happenings.push(...order(visit, minute + 3, goods));
  if (chance(dice, 0.1)) {
    const app = { userId: userIdOf(visit.person), id: `day-${visit.name}-consent` };
    happenings.push({ minute: minute + 30, kind: "consent", messages: [], minor: 0, app });
  }
  return happenings;
}

const said = (visit: Visit, minute: number, what: string, more: ShopMessage): ShopMessage => ({
  messageId: `day-${visit.name}-${what}`,
  timestamp: visit.timeOf(minute),
  anonymousId: visit.browser,
  ...more,
});

function look(visit: Visit, minute: number, goods: readonly Good[]): WebAction {
  const { dice } = visit;
  const seen = dice.helpers.arrayElements(goods, { min: 1, max: 3 });
  const messages = seen.map(({ sku, description }, at) =>
    said(visit, minute, `page-${at}`, {
      type: "page",
      name: description,
      properties: { path: `/goods/${sku}` },
    }),
  );
  return { minute, kind: "visit", messages, minor: 0 };
}

function logIn(visit: Visit, minute: number): WebAction {
  const { dice, person } = visit;
  const { email, givenName, familyName, phone, card } = person;
  const traits = {
    email,
    firstName: givenName,
    lastName: familyName,
    ...(phone !== null && chance(dice, 0.4) ? { phone } : {}),
    ...(card !== null && chance(dice, 0.5) ? { loyaltyNumber: card } : {}),
  };
  const userId = userIdOf(person);
  const messages = [said(visit, minute, "login", { type: "identify", userId, traits })];
  return { minute, kind: "login", messages, minor: 0 };
}

function order(visit: Visit, minute: number, goods: readonly Good[]): WebAction[] {
  const { dice } = visit;
  const bought = dice.helpers.arrayElements(goods, { min: 1, max: 4 }).map((good) => {
    const quantity = dice.helpers.weightedArrayElement([
      { weight: 5, value: 1 },
      { weight: 1, value: 3 },
    ]);
    return { good, quantity, minor: amountMinor(good, quantity) };
  });
  const goodsMinor = bought.reduce((sum, { minor }) => sum + minor, 0);
  const shippingMinor = goodsMinor < 4_000 ? 395 : 0;
  const minor = goodsMinor + shippingMinor;
  const products = bought.map(({ good, quantity }) => productOf(good, quantity));
  const done = track(visit, minute, "Order Completed", {
    total: numberOfMinor(minor),
    shipping: numberOfMinor(shippingMinor),
    products,
  });
  const ordered: WebAction = { minute, kind: "order", messages: [done], minor };
  if (!chance(dice, 0.1)) return [ordered];
  const later = minute + dice.number.int({ min: 30, max: 180 });
  const back = dice.helpers.arrayElement(bought);
  const refund = track(visit, later, "Order Refunded", {
    refund_id: `WR${visit.name}`,
    total: numberOfMinor(back.minor),
    products: [productOf(back.good, back.quantity)],
  });
  return [ordered, { minute: later, kind: "refund", messages: [refund], minor: -back.minor }];
}

const track = (visit: Visit, minute: number, event: string, properties: ShopMessage) =>
  said(visit, minute, event.replace(" ", "-").toLowerCase(), {
    type: "track",
    event,
    userId: userIdOf(visit.person),
    properties: { order_id: `W${visit.name}`, currency: CURRENCY, ...properties },
  });

const productOf = ({ sku, description, unitPrice }: Good, quantity: number) => ({
  sku,
  name: description,
  price: Number(unitPrice),
  quantity,
});

function amountMinor({ unitPrice }: Good, quantity: number): number {
  const amount = lineAmountMinor(String(quantity), unitPrice, CURRENCY);
  if (!amount.ok) throw new Error("goods of the town have prices");
  return amount.value;
}

/** As shops write it; so few digits are exact. */
const numberOfMinor = (minor: number): number => Number((minor / 100).toFixed(2));
