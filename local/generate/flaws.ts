/**
 * What will be wrong in a record, drawn before the record is tied to others: a tie then goes through what stays right, and
 * errors have the same shares with ties and without.
 */
import type { Faker } from "@faker-js/faker";
import { chance } from "../town/dice.ts";
import { HABITS } from "./channels.ts";
import { NICKNAMES } from "./name-variants.ts";
import { isProven } from "./show.ts";
import type { Draft, Field, Flaw } from "./source-record.ts";

const shares = {
  initial: 0.03,
  swapped: 0.012,
  oneField: 0.012,
  transposed: 0.05, // of dates that stay possible
};

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

export function drawFlaws(dice: Faker, draft: Draft): void {
  const { channel, fields, flaws } = draft;
  const { errors } = HABITS[channel];
  if (fields.given_name !== "") drawNameFlaws(dice, draft);
  const [, month = "", day = ""] = fields.birth_date.split("-");
  const mayBeTransposed = day !== "" && Number(day) <= 12 && day !== month;
  if (mayBeTransposed && chance(dice, shares.transposed))
    flaws.push({ field: "birth_date", kind: "transposed" });
  for (const field of typed) {
    const mayErr =
      fields[field] !== "" && (field !== "birth_date" || !hasFlaw(draft, "transposed"));
    if (mayErr && chance(dice, errors)) flaws.push({ field, kind: "error" });
  }
  // A card is scanned, but for those who read it out or write it down.
  const isReadOut = channel === "desk" || channel === "import" || channel === "web";
  const mayBeMisread = isReadOut && fields.loyalty_number !== "";
  if (mayBeMisread && chance(dice, errors / 2))
    flaws.push({ field: "loyalty_number", kind: "error" });
  leaveOneContact(dice, draft);
}

function drawNameFlaws(dice: Faker, draft: Draft): void {
  const { customer, channel, fields, flaws } = draft;
  const mayBeShort = customer.role !== "twin" && isProven(draft);
  if (NICKNAMES.has(fields.given_name) && chance(dice, HABITS[channel].nicknames))
    flaws.push({ field: "given_name", kind: "nickname" });
  else if (mayBeShort && chance(dice, shares.initial))
    flaws.push({ field: "given_name", kind: "initial" });
  if (chance(dice, shares.swapped)) flaws.push({ field: "family_name", kind: "swapped" });
  else if (chance(dice, shares.oneField)) flaws.push({ field: "family_name", kind: "one_field" });
}

/** A wrong number that stands alone could be anybody's. */
function leaveOneContact(dice: Faker, draft: Draft): void {
  const { fields, flaws } = draft;
  const shown = contacts.filter((field) => fields[field] !== "");
  if (shown.length === 0 || shown.some((field) => isRight(draft, field))) return;
  const right = dice.helpers.arrayElement(shown);
  flaws.splice(
    flaws.findIndex(({ field }) => field === right),
    1,
  );
}

/** Whether the record shows the field, and as it is. */
export const isRight = ({ fields, flaws }: Draft, field: Field): boolean =>
  fields[field] !== "" && flaws.every((flaw) => flaw.field !== field);

export const hasFlaw = ({ flaws }: Draft, kind: Flaw["kind"]): boolean =>
  flaws.some((flaw) => flaw.kind === kind);
