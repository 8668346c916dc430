/** From what is true to what stands in the record: other forms of it, values that nobody gave, and errors. */
import type { Faker } from "@faker-js/faker";
import { chance } from "../town/dice.ts";
import { mistypeEmail, mistypePhone, typeEmail, typePhone } from "../town/typing.ts";
import { type Habits, HABITS } from "./channels.ts";
import { slip, spoil } from "./errors.ts";
import { isProven } from "./show.ts";
import { NICKNAMES, transliterate, withoutAccents } from "./name-variants.ts";
import type { Draft, Field } from "./source-record.ts";
import { writeDate } from "./write-date.ts";

const shares = {
  invented: 0.03, // of tills and desks that want an e-mail or a phone
  defaultDate: 0.04, // of tills and forms that want a birth date
  initial: 0.03,
  swapped: 0.012,
  oneField: 0.012,
  suffix: 0.3, // of those who have one
  withoutAccents: 0.6, // of names that have some
  abbreviated: 0.3,
};

/** Changes the draft's fields; called once, when it shows all that it shows. */
export function mistake(dice: Faker, draft: Draft): void {
  const habits = HABITS[draft.channel];
  const isAlone = draft.cases.has("missing");
  if (draft.fields.phone !== "") draft.fields.phone = typePhone(dice, draft.fields.phone);
  if (draft.fields.email !== "") draft.fields.email = typeEmail(dice, draft.fields.email);
  invent(dice, draft);
  writeNames(dice, draft, habits);
  writeAddress(dice, draft);
  writeDate(dice, draft, habits.ownNotation);
  // Nobody could tell whose a mistyped number is that stands alone.
  if (!isAlone) err(dice, draft, habits);
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

function writeNames(dice: Faker, draft: Draft, habits: Habits): void {
  const { customer, fields, cases } = draft;
  if (fields.given_name === "") return;
  const nicknames = NICKNAMES.get(fields.given_name);
  const mayBeShort = customer.role !== "twin" && isProven(draft);
  if (nicknames && chance(dice, habits.nicknames)) {
    fields.given_name = dice.helpers.arrayElement(nicknames);
    cases.add("nickname");
  } else if (mayBeShort && chance(dice, shares.initial)) {
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

const typed: readonly Field[] = [
  "given_name",
  "family_name",
  "email",
  "phone",
  "street",
  "city",
  "postcode",
  "birth_date",
];

const contacts: readonly Field[] = ["loyalty_number", "email", "phone"];

function err(dice: Faker, { channel, fields, cases }: Draft, { errors, spoiling }: Habits): void {
  // One of what ties the record to others stays right: a wrong number that stands alone could be anybody's.
  let mayErr = contacts.filter((field) => fields[field] !== "").length - 1;
  for (const field of typed) {
    const text = fields[field];
    if (contacts.includes(field) && mayErr < 1) continue;
    const isWrongAlready = field === "birth_date" && cases.has("transposed_date");
    if (text === "" || isWrongAlready || !chance(dice, errors)) continue;
    const isName = field === "given_name" || field === "family_name";
    const spoilt = mistypeContact(dice, field, text) ?? spoil(dice, text, { by: spoiling, isName });
    if (!spoilt || spoilt.text === text) continue;
    fields[field] = spoilt.text;
    cases.add(spoilt.by);
    if (contacts.includes(field)) mayErr--;
  }
  // A card is scanned, but for those who read it out or write it down.
  const isReadOut = channel === "desk" || channel === "import" || channel === "web";
  if (isReadOut && fields.loyalty_number !== "" && mayErr > 0 && chance(dice, errors / 2)) {
    const before = fields.loyalty_number;
    fields.loyalty_number = slip(dice, before);
    if (fields.loyalty_number !== before) cases.add("typo");
  }
}

/** In half of the cases as a town's till does it: never finished, without its @, and so on. */
function mistypeContact(dice: Faker, field: Field, text: string) {
  if ((field !== "email" && field !== "phone") || chance(dice, 0.5)) return undefined;
  const mistype = field === "email" ? mistypeEmail : mistypePhone;
  return { text: mistype(dice, text), by: "typo" } as const;
}

/** Last, so that errors are in names and not in commas. */
function placeNames(dice: Faker, { channel, fields, cases }: Draft): void {
  const { given_name: given, family_name: family } = fields;
  if (given === "" || family === "") return;
  if (chance(dice, shares.swapped)) {
    [fields.given_name, fields.family_name] = [family, given];
    cases.add("swapped_names");
  } else if (chance(dice, shares.oneField)) {
    fields.given_name = chance(dice, 0.6) ? `${given} ${family}` : `${family}, ${given}`;
    fields.family_name = "";
    cases.add("name_in_one_field");
  }
  const isCapital = chance(dice, channel === "import" ? 0.3 : 0.06);
  if (!isCapital) return;
  fields.given_name = fields.given_name.toUpperCase();
  fields.family_name = fields.family_name.toUpperCase();
}
