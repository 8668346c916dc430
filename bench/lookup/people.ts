/** Who is in a till's working set: the customers of a region, with names as common as they are, and what they bought. */
import { createDice } from "../../local/town/dice.ts";
import { stampOf } from "@regulars/shared/clock";
import { identityKeyOf, type KeyKind } from "@regulars/shared/identity/key";
import { customerIdOf, fragmentIdOf, writerOf } from "@regulars/shared/ids";
import type { Profile } from "@regulars/shared/survivorship/profile";
import { NO_ACTIVITY } from "@regulars/shared/survivorship/activity";
import { drawFamilyName, drawGivenName } from "../../local/generate/names.ts";
import { PEPPER } from "../agent-process.ts";

/** Where most of them buy: another store than that of the till. */
const ELSEWHERE = { source: "store-2-till-1", epoch: 1, store: "store-2" } as const;
const RECENT = 4;
const FIRST_MS = Date.UTC(2026, 0, 5, 10);

export interface Person {
  readonly nth: number;
  readonly card: string;
  readonly phone: string;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
}

/** The same people in the same order in each run. */
export function createPeople(): { next(): Person } {
  const dice = createDice(7);
  let nth = -1;
  return {
    next() {
      nth += 1;
      const givenName = drawGivenName(dice, nth % 2 === 0 ? "f" : "m", 1950 + (nth % 55));
      const familyName = drawFamilyName(dice);
      return {
        nth,
        card: `98${String(nth).padStart(8, "0")}`,
        phone: `+4477${String(nth).padStart(8, "0")}`,
        email: `customer-${nth}@example.com`,
        givenName,
        familyName,
      };
    },
  };
}

/** The newest receipt of theirs at the other store. */
export const receiptOf = ({ nth }: Person): string => receiptAt(nth, RECENT - 1);

const receiptAt = (nth: number, sale: number): string =>
  `${ELSEWHERE.source}-1-${String(nth * RECENT + sale + 1).padStart(6, "0")}`;

const keyOf = (kind: KeyKind, value: string) => identityKeyOf(kind, value, PEPPER);

/** As the edge has merged it: who they are, what they spent, and their last receipts. */
export function profileOf(person: Person): Profile {
  const { nth, card, phone, email, givenName, familyName } = person;
  const { source, epoch, store } = ELSEWHERE;
  const key = keyOf("loyalty", card);
  const fragment = fragmentIdOf(source, epoch, key);
  const stampAt = (sale: number) =>
    stampOf(
      { ms: FIRST_MS + nth * 1_000 + sale * 86_400_000, counter: 0 },
      writerOf(source, epoch),
    );
  const eventOf = (sale: number) => `${source}/${epoch}/${nth * RECENT + sale + 1}`;
  const said = <Value>(value: Value) => {
    const origin = { stamp: stampAt(0), event: eventOf(0), fragment };
    return { value, ...origin, rule: "most_recent", losers: [] };
  };
  const totals = { GBP: { sales: RECENT, returns: 0, minor: RECENT * 1_144 } };
  return {
    customer: customerIdOf(key),
    version: RECENT,
    golden: 1,
    asOf: stampAt(RECENT - 1),
    fields: {
      loyaltyNumber: said(card),
      email: said(email),
      phone: said(phone),
      givenName: said(givenName),
      familyName: said(familyName),
      address: said({ line1: `${nth % 90} High Street`, city: "Leeds", postalCode: "LS1 1AA" }),
    },
    keys: [key, keyOf("email", email), keyOf("phone", phone)],
    consents: {
      "marketing/email": { state: "granted", stamp: stampAt(0), seq: 1, fragment },
    },
    totals,
    recent: Array.from({ length: RECENT }, (_, back) => {
      const sale = RECENT - 1 - back;
      return {
        kind: "sale" as const,
        receipt: receiptAt(nth, sale),
        at: new Date(FIRST_MS + sale * 86_400_000).toISOString(),
        stamp: stampAt(sale),
        store,
        currency: "GBP",
        totalMinor: 1_144,
        lines: 3,
        items: ["Highlighter", "Olive oil 1 l"],
        event: eventOf(sale),
      };
    }),
    notes: [],
    fragments: { [fragment]: { seq: nth * RECENT + RECENT, totals } },
    overrides: [],
    ...NO_ACTIVITY,
  };
}
