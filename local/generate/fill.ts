/** What a customer shows at one moment through one channel, as it is true then, and which cases that makes. */
import { chance } from "../town/dice.ts";
import { drawCapture, drawChannel, drawTime, HABITS } from "./channels.ts";
import { BEGIN_MS, type Customer, END_MS, type Must, type Shown, valueAt } from "./customer.ts";
import { isProven, showAddress, showCard, showEmail, showName, showPhone } from "./show.ts";
import { createFields, type Draft } from "./source-record.ts";
import { type LabelledTown, wholeName } from "./town.ts";

const guestShare = 0.45; // of the web shop
const awayShare = 0.15; // in another store than the near one

export function createDraft(town: LabelledTown, customer: Customer, must: Must | undefined): Draft {
  const { dice, stores } = town;
  const channel = drawChannel(dice, customer);
  const at = drawTime(dice, channel, must?.from ?? BEGIN_MS, must?.to ?? END_MS - 1);
  const store = chance(dice, awayShare) ? dice.helpers.arrayElement(stores) : customer.home;
  const isGuest = channel === "web" && !must?.show.includes("card") && chance(dice, guestShare);
  const fields = createFields();
  const capture = drawCapture(dice, channel, customer, store);
  Object.assign(fields, capture, { channel, captured_at: instantOf(at) });
  const draft = { customer, at, channel, store, isGuest, address: undefined, fields } as const;
  const filled = fill(town, { ...draft, cases: new Set(), flaws: [] }, must);
  makeEnough(town, filled);
  return filled;
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
  if (draft.isGuest) draft.cases.add("guest");
  return draft;
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

/** Cases that come from whom the customer can be taken for, by what the record shows in the end. */
export function nameRelations({ known }: LabelledTown, draft: Draft): void {
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
