/**
 * Ties a record to the customer's earlier ones by what is true then and is written as it is. Card in one record and e-mail
 * in another are one person's only if a third shows both; without that no resolution could be right, and its recall would
 * measure the generator. A field that will be wrong ties nothing.
 */
import type { Faker } from "@faker-js/faker";
import { chance } from "../town/dice.ts";
import { HABITS } from "./channels.ts";
import { isRight } from "./flaws.ts";
import { keyOf } from "./places.ts";
import { isSharedPhone, showAddress, showCard, showEmail, showName, showPhone } from "./show.ts";
import type { Draft, Field } from "./source-record.ts";
import type { LabelledTown } from "./town.ts";

/** As in life: somebody gives something new each time. */
const untiedShare = 0.01;

/** Of one customer, in the order of time. */
export function tie(town: LabelledTown, drafts: readonly Draft[]): void {
  for (const [at, draft] of drafts.entries()) {
    if (at === 0 || chance(town.dice, untiedShare)) continue;
    const earlier = drafts.slice(0, at);
    if (!isTied(draft, earlier)) showMore(town, draft, earlier);
  }
}

const isTied = (draft: Draft, earlier: readonly Draft[]): boolean => {
  const tells = tellsOf(draft);
  return (
    tells.length > 0 && earlier.some((each) => tellsOf(each).some((tell) => tells.includes(tell)))
  );
};

/** More of what the channel could have asked for; if nothing of it has been seen, an earlier channel asked for it too. */
function showMore(town: LabelledTown, draft: Draft, earlier: readonly Draft[]): void {
  const ways = waysToShow(town, draft);
  for (const show of ways) {
    const undo = remember(draft);
    show(draft);
    if (isTied(draft, earlier)) return;
    undo();
  }
  for (const other of town.dice.helpers.shuffle([...earlier])) {
    for (const show of ways) {
      const undo = [remember(draft), remember(other)];
      show(draft);
      show(other);
      if (isTied(draft, [other])) return;
      for (const each of undo) each();
    }
  }
}

/** What a channel is used to ask for comes first, mostly. */
function waysToShow(town: LabelledTown, { channel }: Draft): ((draft: Draft) => void)[] {
  const { dice } = town;
  const { shows } = HABITS[channel];
  return shuffledByWeight(dice, [
    { weight: shows.card, value: showCardUnlessGuest },
    { weight: shows.email, value: (draft) => draft.fields.email || showEmail(dice, draft) },
    { weight: shows.phone, value: (draft) => draft.fields.phone || showPhone(town, draft) },
    { weight: shows.birthDate, value: (draft) => showBirthDate(dice, draft) },
    { weight: shows.address, value: (draft) => showHome(town, draft) },
  ]);
}

function showCardUnlessGuest(draft: Draft): void {
  if (!draft.isGuest) showCard(draft);
}

function showBirthDate(dice: Faker, draft: Draft): void {
  if (draft.fields.given_name === "") showName(dice, draft);
  draft.fields.birth_date = draft.customer.birthDate;
}

function showHome(town: LabelledTown, draft: Draft): void {
  if (draft.fields.given_name === "") showName(town.dice, draft);
  if (draft.address === undefined) showAddress(town, draft);
}

/** As if drawn one after the other without putting back. */
function shuffledByWeight<Value>(
  dice: Faker,
  given: readonly { readonly weight: number; readonly value: Value }[],
): Value[] {
  return given
    .map(({ weight, value }) => ({ value, key: dice.number.float() ** (1 / weight) }))
    .toSorted((one, other) => other.key - one.key)
    .map(({ value }) => value);
}

function remember(draft: Draft): () => void {
  const [fields, cases, { address }] = [{ ...draft.fields }, [...draft.cases], draft];
  return () => {
    Object.assign(draft.fields, fields);
    draft.address = address;
    draft.cases.clear();
    for (const each of cases) draft.cases.add(each);
  };
}

const nameFields = ["given_name", "family_name"] as const;
const addressFields = ["street", "city", "postcode"] as const;

/** By what stays right. What others have too tells somebody only with a name. */
export function tellsOf(draft: Draft): string[] {
  const { fields, cases, address } = draft;
  const right = (field: Field): string => (isRight(draft, field) ? fields[field] : "");
  const areRight = (of: readonly Field[]): boolean => of.every((field) => isRight(draft, field));
  const name = areRight(nameFields) ? `${fields.given_name} ${fields.family_name}` : "";
  const home = address && areRight(addressFields) ? keyOf(address) : "";
  const named = (text: string): string => text && name && `${text} ${name}`;
  return [
    right("loyalty_number"),
    cases.has("shared_email") ? named(right("email")) : right("email"),
    isSharedPhone(cases) ? named(right("phone")) : right("phone"),
    named(right("birth_date")),
    named(home),
  ].filter((tell) => tell !== "");
}
