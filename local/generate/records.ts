/** All records of a town, customer by customer. */
import { type Case, mainCaseOf } from "./cases.ts";
import type { Customer } from "./customer.ts";
import { drawFlaws } from "./flaws.ts";
import { createDraft, nameRelations } from "./fill.ts";
import { mistake } from "./mistake.ts";
import type { Draft } from "./source-record.ts";
import { tie } from "./ties.ts";
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

/** A customer's in the order of time. */
export function* createRecords(town: LabelledTown): Generator<SourceRecord> {
  const { dice } = town;
  for (const customer of town.customers()) {
    const drawn = dice.number.int(dice.helpers.weightedArrayElement(visits));
    const count = Math.max(drawn, customer.musts.length);
    const drafts = Array.from({ length: count }, (_, at) =>
      createDraft(town, customer, customer.musts[at]),
    ).toSorted((one, other) => one.at - other.at);
    for (const draft of drafts) drawFlaws(dice, draft);
    tie(town, drafts);
    for (const draft of drafts) {
      nameRelations(town, draft);
      mistake(dice, draft);
      const { channel, fields, cases } = draft;
      yield { customer, channel, fields, mainCase: mainCaseOf(cases) };
    }
  }
}
