/** Each channel's habits: who is met there, which fields it fills, and how well. */
import type { Faker } from "@faker-js/faker";
import { chance } from "../town/dice.ts";
import {
  birthYearOf,
  BEGIN_MS,
  type Customer,
  DAY_MS,
  END_MS,
  type Shown,
  valueAt,
} from "./customer.ts";
import type { Store } from "./places.ts";
import type { Channel } from "./source-record.ts";

/** How a field is spoilt there, if it is. */
export type Spoiling = "typo" | "ocr" | "voice";

export interface Habits {
  /** Share of records that show a field, where the customer has it. */
  readonly shows: Readonly<Record<Shown | "birthDate", number>>;
  /** Share of shown fields with an error, and of what kind it mostly is. */
  readonly errors: number;
  readonly spoiling: Spoiling;
  readonly nicknames: number;
  /** Share of records whose birth date is in the channel's own notation instead of ISO's. */
  readonly ownNotation: number;
}

export const HABITS: Readonly<Record<Channel, Habits>> = {
  // In a queue: a card or a number, seldom more.
  till: {
    shows: { card: 0.55, name: 0.45, email: 0.28, phone: 0.3, birthDate: 0.12, address: 0.08 },
    errors: 0.04,
    spoiling: "typo",
    nicknames: 0.1,
    ownNotation: 0.15,
  },
  // On the telephone: much is asked, and written by ear.
  desk: {
    shows: { card: 0.35, name: 0.95, email: 0.35, phone: 0.75, birthDate: 0.35, address: 0.5 },
    errors: 0.1,
    spoiling: "voice",
    nicknames: 0.14,
    ownNotation: 0.3,
  },
  // A parcel needs a name, an address and an e-mail, which has been confirmed.
  web: {
    shows: { card: 0.3, name: 1, email: 1, phone: 0.55, birthDate: 0.15, address: 0.9 },
    errors: 0.015,
    spoiling: "typo",
    nicknames: 0.06,
    ownNotation: 0.1,
  },
  // Signed in: what the account holds.
  app: {
    shows: { card: 0.85, name: 0.85, email: 0.9, phone: 0.6, birthDate: 0.5, address: 0.12 },
    errors: 0.008,
    spoiling: "typo",
    nicknames: 0.08,
    ownNotation: 0.02,
  },
  // Paper forms at the entrance, filled in by hand and scanned later.
  import: {
    shows: { card: 0.4, name: 1, email: 0.55, phone: 0.55, birthDate: 0.6, address: 0.8 },
    errors: 0.1,
    spoiling: "ocr",
    nicknames: 0.05,
    ownNotation: 0.5,
  },
};

const channels: { weight: number; value: Channel }[] = [
  { weight: 44, value: "till" },
  { weight: 24, value: "web" },
  { weight: 17, value: "app" },
  { weight: 9, value: "desk" },
  { weight: 6, value: "import" },
];
/** Web shop and app want an e-mail. */
const channelsWithoutEmail: { weight: number; value: Channel }[] = [
  { weight: 75, value: "till" },
  { weight: 15, value: "desk" },
  { weight: 10, value: "import" },
];
/** Who was a child then has no account in a web shop, and calls no service desk. */
const channelsOfChildren: { weight: number; value: Channel }[] = [
  { weight: 85, value: "till" },
  { weight: 15, value: "import" },
];

export function drawChannel(dice: Faker, customer: Customer): Channel {
  if (birthYearOf(customer) > 2007) return dice.helpers.weightedArrayElement(channelsOfChildren);
  const hasEmail = (customer.sharedEmail ?? valueAt(customer.email, END_MS)) !== null;
  return dice.helpers.weightedArrayElement(hasEmail ? channels : channelsWithoutEmail);
}

export interface Capture {
  readonly source: string;
  readonly store: string;
  /** The machine that captured it: at a till and a tablet a place, never a person (IDN4). */
  readonly device: string;
}

const tabletShare = 0.25;
const lostCookieShare = 0.3;
const tillsPerStore = 4;

export function drawCapture(
  dice: Faker,
  channel: Channel,
  customer: Customer,
  { id: store }: Store,
): Capture {
  switch (channel) {
    case "till": {
      if (chance(dice, tabletShare)) {
        return { source: `${store}-tablet`, store, device: `${store}-tablet-1` };
      }
      const source = `${store}-till-${dice.number.int({ min: 1, max: tillsPerStore })}`;
      return { source, store, device: source };
    }
    case "desk":
      return { source: "service-desk", store: "", device: "" };
    case "web":
      return {
        source: "web-shop",
        store: "",
        device: chance(dice, lostCookieShare) ? "" : customer.browser,
      };
    case "app":
      return { source: "app", store: "", device: customer.appDevice };
    case "import":
      return { source: "paper-forms", store, device: "scanner-1" };
  }
}

/** Shops and desk are open by day; nobody asks when an order is made. */
export function drawTime(dice: Faker, channel: Channel, from: number, to: number): number {
  const at = dice.number.int({ min: Math.max(from, BEGIN_MS), max: Math.min(to, END_MS - 1) });
  if (channel === "web" || channel === "app") return at;
  const day = at - (at % DAY_MS);
  const opened = day + dice.number.int({ min: 9 * 3600, max: 20 * 3600 - 1 }) * 1000;
  return opened < from || opened > to ? at : opened;
}
