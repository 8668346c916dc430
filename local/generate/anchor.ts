/**
 * Ties a record to the customer's others. Card in one record and e-mail in another are one person's only if a third shows
 * both; without that no resolution could be right, and its recall would measure the generator.
 */
import { chance } from "../town/dice.ts";
import { valueAt } from "./customer.ts";
import { keyOf } from "./places.ts";
import { isSharedPhone, showAddress, showCard, showEmail, showName, showPhone } from "./show.ts";
import type { Draft } from "./source-record.ts";
import type { LabelledTown } from "./town.ts";

/** What tells a customer, as earlier records have shown it, before any error. */
export type Seen = Set<string>;

/** As in life: somebody gives something new each time. */
const untiedShare = 0.01;

export function anchor(town: LabelledTown, draft: Draft, seen: Seen): void {
  const isTied = (): boolean => seen.size === 0 || tellsOf(draft).some((each) => seen.has(each));
  if (!isTied() && !chance(town.dice, untiedShare)) {
    for (const show of town.dice.helpers.shuffle(waysToTie(town, draft))) {
      const undo = remember(draft);
      show();
      if (isTied()) break;
      undo();
    }
  }
  for (const each of tellsOf(draft)) seen.add(each);
}

/** More of what the channel could have asked for. */
function waysToTie(town: LabelledTown, draft: Draft): (() => void)[] {
  const { fields, customer, isGuest } = draft;
  const { dice } = town;
  const name = (): void => {
    if (fields.given_name === "") showName(dice, draft);
  };
  const birthDate = (): void => {
    name();
    fields.birth_date = customer.birthDate;
  };
  const home = (): void => {
    name();
    showAddress(town, draft);
  };
  return [
    ...(isGuest || fields.loyalty_number !== "" ? [] : [() => showCard(draft)]),
    ...(fields.email === "" ? [() => showEmail(dice, draft)] : []),
    ...(fields.phone === "" ? [() => showPhone(town, draft)] : []),
    ...(fields.birth_date === "" || fields.given_name === "" ? [birthDate] : []),
    ...(draft.address === undefined || fields.given_name === "" ? [home] : []),
  ];
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

export function tellsOf({ fields, cases, address, customer, at }: Draft): string[] {
  const name = fields.given_name && `${fields.given_name} ${fields.family_name}`;
  const home = address && valueAt(customer.address, at);
  const contacts = [
    tellOf(fields.email, cases.has("shared_email"), name),
    tellOf(fields.phone, isSharedPhone(cases), name),
  ];
  const named = [fields.birth_date, home ? keyOf(home) : ""].map((text) =>
    tellOf(text, true, name),
  );
  return [fields.loyalty_number, ...contacts, ...named].filter((tell) => tell !== "");
}

/** What others have too tells somebody only with a name. */
function tellOf(text: string, isShared: boolean, name: string): string {
  if (text === "" || (isShared && name === "")) return "";
  return isShared ? `${text} ${name}` : text;
}
