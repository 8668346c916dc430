/** From what is true to what stands in the record: other forms of it, values that nobody gave, and errors. */
import type { Faker } from "@faker-js/faker";
import { chance } from "../town/dice.ts";
import { mistypeEmail, mistypePhone, typeEmail, typePhone } from "../town/typing.ts";
import { type Habits, HABITS } from "./channels.ts";
import { spoil } from "./errors.ts";
import { hasFlaw } from "./flaws.ts";
import { NICKNAMES, transliterate, withoutAccents } from "./name-variants.ts";
import type { Draft, Field } from "./source-record.ts";
import { writeDate } from "./write-date.ts";

const shares = {
  invented: 0.03, // of tills and desks that want an e-mail or a phone
  defaultDate: 0.04, // of tills and forms that want a birth date
  suffix: 0.3, // of those who have one
  withoutAccents: 0.6, // of names that have some
  abbreviated: 0.3,
};

/** Changes the draft's fields; called once, when it shows all that it shows. */
export function mistake(dice: Faker, draft: Draft): void {
  const habits = HABITS[draft.channel];
  if (draft.fields.phone !== "") draft.fields.phone = typePhone(dice, draft.fields.phone);
  if (draft.fields.email !== "") draft.fields.email = typeEmail(dice, draft.fields.email);
  invent(dice, draft);
  writeNames(dice, draft);
  writeAddress(dice, draft);
  writeDate(dice, draft, habits.ownNotation);
  err(dice, draft, habits);
  placeNames(dice, draft);
}

/** What stands where a clerk had to type something to go on. */
function invent(dice: Faker, { channel, fields, cases, store }: Draft): void {
  const isPlace = channel === "till" || channel === "desk";
  if (isPlace && chance(dice, shares.invented)) {
    if (fields.email === "" && chance(dice, 0.5)) {
      fields.email = dice.helpers.arrayElement([store.email, "noreply@shop.example.com"]);
      cases.add("store_tablet");
    } else if (fields.phone === "") {
      fields.phone = dice.helpers.arrayElement([store.phone, "00000000000", "07000000000"]);
      cases.add("store_tablet");
    }
  }
  const isForm = channel === "till" || channel === "import";
  if (isForm && fields.birth_date === "" && chance(dice, shares.defaultDate)) {
    fields.birth_date = dice.helpers.arrayElement(["1900-01-01", "1970-01-01"]);
    cases.add("default_date");
  }
}

function writeNames(dice: Faker, draft: Draft): void {
  const { customer, fields, cases } = draft;
  if (fields.given_name === "") return;
  const nicknames = NICKNAMES.get(fields.given_name);
  if (nicknames && hasFlaw(draft, "nickname")) {
    fields.given_name = dice.helpers.arrayElement(nicknames);
    cases.add("nickname");
  } else if (hasFlaw(draft, "initial")) {
    fields.given_name = `${fields.given_name.charAt(0)}${chance(dice, 0.5) ? "." : ""}`;
    cases.add("initial");
  }
  if (customer.suffix !== "" && chance(dice, shares.suffix)) {
    fields.family_name += ` ${customer.suffix}`;
  }
  if (!chance(dice, shares.withoutAccents)) return;
  const write = chance(dice, 0.6) ? withoutAccents : transliterate;
  for (const field of ["given_name", "family_name"] as const) {
    const written = write(fields[field]);
    if (written !== fields[field]) cases.add("transliterated");
    fields[field] = written;
  }
}

const abbreviations: readonly (readonly [RegExp, string])[] = [
  [/Street$/, "St"],
  [/Road$/, "Rd"],
  [/Avenue$/, "Ave"],
  [/Lane$/, "Ln"],
  [/Close$/, "Cl"],
  [/^Flat (\d+), /, "$1/"],
];

/** Right in other words: no case of its own. */
function writeAddress(dice: Faker, { fields }: Draft): void {
  if (fields.street === "") return;
  if (chance(dice, shares.abbreviated)) {
    for (const [whole, short] of abbreviations) fields.street = fields.street.replace(whole, short);
  }
  if (chance(dice, 0.1)) fields.postcode = fields.postcode.replace(" ", "");
  if (chance(dice, 0.05)) fields.postcode = fields.postcode.toLowerCase();
  if (chance(dice, 0.1)) fields.country = dice.helpers.arrayElement(["UK", "United Kingdom", ""]);
}

function err(dice: Faker, { fields, cases, flaws }: Draft, { spoiling }: Habits): void {
  for (const { field, kind } of flaws) {
    if (kind !== "error") continue;
    const text = fields[field];
    const isName = field === "given_name" || field === "family_name";
    const by = field === "loyalty_number" ? "typo" : spoiling;
    const spoilt = mistypeContact(dice, field, text) ?? spoil(dice, text, { by, isName });
    if (!spoilt || spoilt.text === text) continue;
    fields[field] = spoilt.text;
    cases.add(spoilt.by);
  }
}

/** In half of the cases as a town's till does it: never finished, without its @, and so on. */
function mistypeContact(dice: Faker, field: Field, text: string) {
  if ((field !== "email" && field !== "phone") || chance(dice, 0.5)) return undefined;
  const mistype = field === "email" ? mistypeEmail : mistypePhone;
  return { text: mistype(dice, text), by: "typo" } as const;
}

/** Last, so that errors are in names and not in commas. */
function placeNames(dice: Faker, draft: Draft): void {
  const { channel, fields, cases } = draft;
  const { given_name: given, family_name: family } = fields;
  if (given === "" || family === "") return;
  if (hasFlaw(draft, "swapped")) {
    [fields.given_name, fields.family_name] = [family, given];
    cases.add("swapped_names");
  } else if (hasFlaw(draft, "one_field")) {
    fields.given_name = chance(dice, 0.6) ? `${given} ${family}` : `${family}, ${given}`;
    fields.family_name = "";
    cases.add("name_in_one_field");
  }
  const isCapital = chance(dice, channel === "import" ? 0.3 : 0.06);
  if (!isCapital) return;
  fields.given_name = fields.given_name.toUpperCase();
  fields.family_name = fields.family_name.toUpperCase();
}
