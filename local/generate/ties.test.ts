import { beforeAll, describe, expect, test } from "vitest";
import { normaliseEmail } from "@regulars/shared/identity/email";
import { normalisePhone } from "@regulars/shared/identity/phone";
import { type Customer, valueAt } from "./customer.ts";
import { createDraft } from "./fill.ts";
import { drawFlaws } from "./flaws.ts";
import { mistake } from "./mistake.ts";
import { createRecords, type SourceRecord } from "./records.ts";
import type { Draft, Field } from "./source-record.ts";
import { tellsOf, tie } from "./ties.ts";
import { createLabelledTown, type LabelledTown } from "./town.ts";

let town: LabelledTown;
let drafts: Draft[][];
beforeAll(() => {
  town = createLabelledTown(11, 3000);
  drafts = Array.from(town.customers(), (customer) => draftsOf(customer));
});

/** Some for each, whatever the customer has. */
function draftsOf(customer: Customer): Draft[] {
  const made = [undefined, undefined, undefined, ...customer.musts]
    .map((must) => createDraft(town, customer, must))
    .toSorted((one, other) => one.at - other.at);
  for (const draft of made) drawFlaws(town.dice, draft);
  return made;
}

const isTied = (draft: Draft, earlier: readonly Draft[]): boolean => {
  const tells = new Set(tellsOf(draft));
  return earlier.some((each) => tellsOf(each).some((tell) => tells.has(tell)));
};

const shareOfTied = (): number => {
  const later = drafts.flatMap((of) =>
    of.slice(1).map((draft, at) => isTied(draft, of.slice(0, at + 1))),
  );
  return later.filter(Boolean).length / later.length;
};

const contacts = ["loyalty_number", "email", "phone"] as const;
const read = (field: Field, text: string): string => {
  if (field === "email") return normaliseEmail(text) ?? text;
  return field === "phone" ? (normalisePhone(text, "GB") ?? text) : text;
};

describe("a tie", () => {
  test("is there for about 99 of 100 records that are not the first, and not without being made", () => {
    expect(shareOfTied()).toBeLessThan(0.9);
    for (const of of drafts) tie(town, of);
    expect(shareOfTied()).toBeGreaterThan(0.985);
    expect(shareOfTied()).toBeLessThan(0.991);
  });

  test("shows a contact of the customer's only while it is true", () => {
    const spells = { loyalty_number: "card", email: "email", phone: "phone" } as const;
    let changed = 0;
    for (const { customer, at, fields } of drafts.flat()) {
      for (const field of contacts) {
        const of = customer[spells[field]];
        const isOwn = of.some(({ value }) => value === fields[field]);
        if (of.length > 1 && isOwn) changed++;
        expect(!isOwn || valueAt(of, at) === fields[field]).toBe(true);
      }
    }
    expect(changed).toBeGreaterThan(500);
  });

  test("never goes through a field that is wrong", () => {
    for (const draft of drafts.flat()) {
      const wrong = new Set(draft.flaws.map(({ field }) => field));
      const written = contacts
        .filter((field) => wrong.has(field))
        .map((field) => draft.fields[field]);
      expect(tellsOf(draft).filter((tell) => written.includes(tell))).toEqual([]);
      const isMisnamed = wrong.has("given_name") || wrong.has("family_name");
      const mayTell = isMisnamed ? contacts : ([...contacts, "birth_date", "street"] as const);
      expect(tellsOf(draft).length).toBeLessThanOrEqual(
        mayTell.filter((field) => !wrong.has(field)).length,
      );
    }
  });

  test("goes through what is written so that a reader finds the same in it", () => {
    let wrong = 0;
    for (const draft of drafts.flat()) {
      const before = { ...draft.fields };
      mistake(town.dice, draft);
      for (const field of contacts.filter((each) => before[each] !== "")) {
        const isSame = read(field, draft.fields[field]) === read(field, before[field]);
        expect(isSame || draft.flaws.some((flaw) => flaw.field === field)).toBe(true);
        if (!isSame) wrong++;
      }
    }
    expect(wrong).toBeGreaterThan(100);
  });
});

/** No dates in other notations, no names in other forms: less than a reader can do. */
function writtenTells({ customer, fields }: SourceRecord): string[] {
  const name = valueAt(customer.familyName, Date.parse(fields.captured_at)) ?? "";
  const isNamed = fields.family_name.toLowerCase() === name.toLowerCase();
  const named = [fields.birth_date, fields.street.replaceAll(/\W/g, "").slice(0, 8)];
  const shown = contacts.map((field) => fields[field] && read(field, fields[field]));
  return [...shown, ...(isNamed ? named : [])].filter((text) => text !== "");
}

test("what is written ties most records to an earlier one, however little else is read", () => {
  const records = [...createRecords(createLabelledTown(13, 3000))];
  const later = [...Map.groupBy(records, ({ customer }) => customer.id).values()].flatMap((of) => {
    expect(of.map(({ fields }) => fields.captured_at)).toEqual(
      of.map(({ fields }) => fields.captured_at).toSorted(),
    );
    return of.slice(1).map((record, at) => {
      const seen = new Set(of.slice(0, at + 1).flatMap(writtenTells));
      return writtenTells(record).some((tell) => seen.has(tell));
    });
  });
  expect(later.filter(Boolean).length / later.length).toBeGreaterThan(0.96);
});
