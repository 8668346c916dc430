/** What a customer shows at one moment through one channel, as it is true then, and which cases that makes. */
import type { Faker } from "@faker-js/faker";
import { chance } from "../town/dice.ts";
import { drawCapture, drawChannel, drawTime, HABITS } from "./channels.ts";
import {
  BEGIN_MS,
  type Customer,
  END_MS,
  isChangedAt,
  type Must,
  type Shown,
  valueAt,
} from "./customer.ts";
import { keyOf, lineOf } from "./places.ts";
import { createFields, type Draft } from "./source-record.ts";
import { type LabelledTown, wholeName } from "./town.ts";

const guestShare = 0.45; // of the web shop
const awayShare = 0.15; // in another store than the near one
const sharedShare = 0.2; // who has both gives the household's
const oldNameShare = 0.15; // after a marriage

export function createDraft(town: LabelledTown, customer: Customer, must?: Must): Draft {
  const { dice, stores } = town;
  const channel = drawChannel(dice, customer);
  const at = drawTime(dice, channel, must?.from ?? BEGIN_MS, must?.to ?? END_MS - 1);
  const store = chance(dice, awayShare) ? dice.helpers.arrayElement(stores) : customer.home;
  const isGuest = channel === "web" && !must?.show.includes("card") && chance(dice, guestShare);
  const fields = createFields();
  const capture = drawCapture(dice, channel, customer, store);
  Object.assign(fields, capture, { channel, captured_at: instantOf(at) });
  const draft = { customer, at, channel, store, isGuest, address: undefined, fields } as const;
  return fill(town, { ...draft, cases: new Set() }, must);
}

const instantOf = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

function fill(town: LabelledTown, draft: Draft, must: Must | undefined): Draft {
  const { dice } = town;
  const { shows } = HABITS[draft.channel];
  const isShown = (what: Shown): boolean =>
    must?.show.includes(what) === true || chance(dice, shows[what]);
  if (!draft.isGuest && isShown("card")) showCard(draft);
  if (isShown("email")) showEmail(dice, draft, must);
  if (isShown("phone")) showPhone(town, draft, must);
  if (isShown("name")) showName(dice, draft, must);
  if (isShown("address")) showAddress(town, draft);
  if (chance(dice, shows.birthDate)) draft.fields.birth_date = draft.customer.birthDate;
  makeEnough(town, draft);
  nameRelations(town, draft);
  if (draft.isGuest) draft.cases.add("guest");
  return draft;
}

function showCard({ customer, at, fields, cases }: Draft): void {
  fields.loyalty_number = valueAt(customer.card, at) ?? "";
  if (fields.loyalty_number !== "" && isChangedAt(customer.card, at)) cases.add("lost_card");
}

function showEmail(dice: Faker, draft: Draft, must: Must | undefined): void {
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

function showPhone({ dice, known }: LabelledTown, draft: Draft, must: Must | undefined): void {
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

function showName(dice: Faker, draft: Draft, must?: Must): void {
  const { customer, at, fields, cases } = draft;
  const isChanged = isChangedAt(customer.familyName, at);
  const isOld = isChanged && must === undefined && chance(dice, oldNameShare);
  fields.given_name = customer.givenName;
  fields.family_name = valueAt(customer.familyName, isOld ? 0 : at) ?? "";
  if (isChanged && !isOld) cases.add("married_name");
}

const unwrittenFlatShare = 0.35;

function showAddress({ dice, known }: LabelledTown, draft: Draft): void {
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

/** Whether the record shows something that is this customer's alone. */
export function isProven({ fields, cases }: Draft): boolean {
  const isSharedPhone = (["shared_phone", "parent_child", "recycled_phone"] as const).some((each) =>
    cases.has(each),
  );
  return (
    fields.loyalty_number !== "" ||
    (fields.email !== "" && !cases.has("shared_email")) ||
    (fields.phone !== "" && !isSharedPhone)
  );
}

const undecidableShare = 0.1;

/** Adds what a clerk would ask for: a record that could be anybody's is no test of who reads it. */
function makeEnough(town: LabelledTown, draft: Draft): void {
  if (isProven(draft)) return;
  const { dice } = town;
  const { customer, fields } = draft;
  if (fields.given_name === "") showName(dice, draft);
  const isContact = fields.email !== "" || fields.phone !== "";
  const isSupported = isContact || fields.birth_date !== "" || draft.address !== undefined;
  if (!isSupported && chance(dice, 0.5)) fields.birth_date = customer.birthDate;
  else if (!isSupported) showAddress(town, draft);
  const isOneOfTwoNames = customer.role === "senior" || customer.role === "junior";
  if (isOneOfTwoNames && !chance(dice, undecidableShare)) fields.birth_date = customer.birthDate;
  if (town.known.namesakes.has(customer.id) && draft.address === undefined)
    showAddress(town, draft);
}

/** Cases that come from whom the customer can be taken for, by what the record shows. */
function nameRelations({ known }: LabelledTown, draft: Draft): void {
  const { customer, fields, cases } = draft;
  const { role } = customer;
  const isNamed = fields.given_name !== "";
  if (isNamed && known.namesakes.has(customer.id)) cases.add("namesake");
  if (role === "twin" && (isNamed || fields.birth_date !== "")) cases.add("twins");
  if (isNamed && (role === "senior" || role === "junior")) cases.add("senior_junior");
  const name = wholeName(customer.givenName, valueAt(customer.familyName, END_MS) ?? "");
  const isCommon = isNamed && known.commonNames.has(name);
  if (isCommon && fields.loyalty_number === "" && fields.email === "") cases.add("common_name");
  const shown = [fields.loyalty_number, fields.email, fields.phone].filter((text) => text !== "");
  const isBare = !isNamed && fields.birth_date === "" && draft.address === undefined;
  if (isBare && shown.length === 1) cases.add("missing");
}
