/** All records of a town, customer by customer. */
import type { Faker } from "@faker-js/faker";
import { chance } from "../town/dice.ts";
import type { Seen } from "./anchor.ts";
import { type Case, mainCaseOf } from "./cases.ts";
import type { Customer } from "./customer.ts";
import { createDraft } from "./fill.ts";
import { mistake } from "./mistake.ts";
import type { Draft } from "./source-record.ts";
import type { LabelledTown } from "./town.ts";

export interface SourceRecord {
  readonly customer: Customer;
  readonly channel: Draft["channel"];
  readonly fields: Draft["fields"];
  readonly mainCase: Case;
}

/** A third of customers is seen once; a few are seen all the time, and carry most of the pairs. */
const visits = [
  { weight: 33, from: 1, to: 1 },
  { weight: 24, from: 2, to: 2 },
  { weight: 16, from: 3, to: 3 },
  { weight: 17, from: 4, to: 6 },
  { weight: 7, from: 7, to: 9 },
  { weight: 3, from: 10, to: 16 },
].map(({ weight, from, to }) => ({ weight, value: { min: from, max: to } }));

export function* createRecords(town: LabelledTown): Generator<SourceRecord> {
  const { dice } = town;
  for (const customer of town.customers()) {
    const drawn = dice.number.int(dice.helpers.weightedArrayElement(visits));
    const count = Math.max(drawn, customer.musts.length);
    const seen: Seen = new Set();
    const shown: Shown = {};
    for (let at = 0; at < count; at++) {
      const draft = createDraft(town, customer, { must: customer.musts[at], seen });
      mistake(dice, draft);
      if (at > 0) showAgain(dice, draft, shown);
      for (const field of CONTACTS)
        if (draft.fields[field] !== "") shown[field] = draft.fields[field];
      const { channel, fields, cases } = draft;
      yield { customer, channel, fields, mainCase: mainCaseOf(cases) };
    }
  }
}

const CONTACTS = ["loyalty_number", "email", "phone"] as const;
type Shown = Partial<Record<(typeof CONTACTS)[number], string>>;

/** As in life: now and then somebody gives nothing that was seen before. */
const strangerShare = 0.1;

/**
 * A name and an address alone do not tie somebody who has moved or been misspelt. Whoever asks for a name asks for
 * something that is known already; otherwise no reader could be right.
 */
function showAgain(dice: Faker, { fields }: Draft, shown: Shown): void {
  const isTied = CONTACTS.some((field) => fields[field] !== "" && fields[field] === shown[field]);
  if (isTied || chance(dice, strangerShare)) return;
  const known = CONTACTS.filter((field) => fields[field] === "" && shown[field] !== undefined);
  const [field] = dice.helpers.shuffle(known);
  if (field !== undefined) fields[field] = shown[field] ?? "";
}
