/** Puts what is true of a customer at the record's time into the record, with the cases that this makes. */
import type { Faker } from "@faker-js/faker";
import { chance } from "../town/dice.ts";
import type { Case } from "./cases.ts";
import { isChangedAt, type Must, valueAt } from "./customer.ts";
import { keyOf, lineOf } from "./places.ts";
import type { Draft } from "./source-record.ts";
import type { LabelledTown } from "./town.ts";

const sharedShare = 0.2; // who has both gives the household's
const oldNameShare = 0.15; // after a marriage

export function showCard({ customer, at, fields, cases }: Draft): void {
  fields.loyalty_number = valueAt(customer.card, at) ?? "";
  if (fields.loyalty_number !== "" && isChangedAt(customer.card, at)) cases.add("lost_card");
}

export function showEmail(dice: Faker, draft: Draft, must?: Must): void {
  const { customer, at, fields, cases } = draft;
  const own = valueAt(customer.email, at);
  const isAsked = must?.show.includes("email") === true;
  const isShared = isAsked ? must.isShared : own === null || chance(dice, sharedShare);
  if (isShared && customer.sharedEmail !== null) {
    fields.email = customer.sharedEmail;
    cases.add("shared_email");
  } else if (own !== null) {
    fields.email = own;
    if (isChangedAt(customer.email, at)) cases.add("new_email");
  }
}

export function showPhone({ dice, known }: LabelledTown, draft: Draft, must?: Must): void {
  const { customer, at, fields, cases } = draft;
  const own = valueAt(customer.phone, at);
  const mothers = customer.mother && valueAt(customer.mother.phone, at);
  const isAsked = must?.show.includes("phone") === true;
  const isShared = isAsked ? must.isShared : own === null || chance(dice, sharedShare);
  if (isShared && (mothers ?? customer.sharedPhone) !== null) {
    fields.phone = mothers ?? customer.sharedPhone ?? "";
    cases.add(mothers === null ? "shared_phone" : "parent_child");
  } else if (own !== null) {
    fields.phone = own;
    if (customer.isMotherOfNumberless) cases.add("parent_child");
    if (isChangedAt(customer.phone, at)) cases.add("new_phone");
  }
  if (known.recycled.has(fields.phone)) cases.add("recycled_phone");
}

export function showName(dice: Faker, draft: Draft, must?: Must): void {
  const { customer, at, fields, cases } = draft;
  const isChanged = isChangedAt(customer.familyName, at);
  const isOld = isChanged && must === undefined && chance(dice, oldNameShare);
  fields.given_name = customer.givenName;
  fields.family_name = valueAt(customer.familyName, isOld ? 0 : at) ?? "";
  if (isChanged && !isOld) cases.add("married_name");
}

const unwrittenFlatShare = 0.35;

export function showAddress({ dice, known }: LabelledTown, draft: Draft): void {
  const { customer, at, fields, cases } = draft;
  const address = valueAt(customer.address, at);
  if (address === null) return;
  const isUnwritten = address.flat !== "" && chance(dice, unwrittenFlatShare);
  draft.address = isUnwritten ? { ...address, flat: "" } : address;
  fields.street = lineOf(draft.address);
  fields.city = address.city;
  fields.postcode = address.postcode;
  fields.country = "GB";
  if (isChangedAt(customer.address, at)) cases.add("moved");
  const isHouse = isUnwritten && known.sharedHouses.has(address.house);
  if (isHouse || customer.role === "sharer" || known.reoccupied.has(keyOf(address))) {
    cases.add("same_address");
  }
}

const sharedPhoneCases = ["shared_phone", "parent_child", "recycled_phone"] as const;

export const isSharedPhone = (cases: ReadonlySet<Case>): boolean =>
  sharedPhoneCases.some((each) => cases.has(each));

/** Whether the record shows something that is this customer's alone. */
export const isProven = ({ fields, cases }: Draft): boolean =>
  fields.loyalty_number !== "" ||
  (fields.email !== "" && !cases.has("shared_email")) ||
  (fields.phone !== "" && !isSharedPhone(cases));
