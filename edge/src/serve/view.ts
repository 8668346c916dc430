/**
 * The view of a profile as text: one line of JSON for each group, so that an answer to any caller is put together from what
 * was stored when the profile was merged, and nothing is parsed for a read (EDG3).
 */
import { stampToMs } from "@regulars/shared/clock";
import type { Claims } from "@regulars/shared/events/claim";
import { consentTimeOf } from "@regulars/shared/fragment/contribution";
import type { Profile } from "@regulars/shared/survivorship/profile";
import type { FieldGroup } from "@regulars/shared/access/actions";
import { maskAddress, maskEmail, maskPhone } from "@regulars/shared/access/mask";
import { nameOf, VIEW_GROUPS } from "./groups.ts";
import type { View } from "./view-schema.ts";

/** Grows when the lines change their form: lines of another format are made anew from the profile. */
const FORMAT = "1";

export type ViewLines = readonly string[];

export function linesOf(profile: Profile): ViewLines {
  const view = viewOf(profile);
  const parts = { ...view, contactMasked: masked(view.contact) };
  const asOf = profile.asOf === null ? null : timeOf(profile.asOf);
  return [JSON.stringify(asOf), ...VIEW_GROUPS.map((group) => JSON.stringify(parts[group]))];
}

/** JSON has no line breaks of its own. */
export const textOfLines = (lines: ViewLines): string => `${FORMAT}\n${lines.join("\n")}`;

/** Not so when another build has written it. */
export const isReadable = (text: string): boolean => text.startsWith(`${FORMAT}\n`);

/** Of a text that is readable. */
export const readLines = (text: string): ViewLines => text.split("\n").slice(1);

/** Newest moment that the profile knows of, as JSON. */
export const asOfLine = (lines: ViewLines): string => lines[0] ?? "null";

/** The view as JSON, of these groups alone. */
export function profileJson(lines: ViewLines, groups: ReadonlySet<FieldGroup>): string {
  const parts: string[] = [];
  for (const [at, group] of VIEW_GROUPS.entries()) {
    if (groups.has(group)) parts.push(`"${nameOf(group)}":${lines[at + 1] ?? "null"}`);
  }
  return `{${parts.join(",")}}`;
}

/** All of it. */
export type WholeView = { readonly [Group in keyof View]-?: NonNullable<View[Group]> };

export function viewOf(profile: Profile): WholeView {
  const said = valuesOf(profile);
  const { givenName, familyName, language, country, email, phone, address } = said;
  return {
    identity: { givenName, familyName, language, country },
    contact: { email, phone, address },
    birth: { birthDate: said.birthDate },
    consents: Object.fromEntries(
      Object.entries(profile.consents).map(([name, consent]) => [
        name,
        { state: consent.state, at: consentTimeOf(consent) },
      ]),
    ),
    purchases: {
      totals: profile.totals,
      recent: profile.recent.map((sale) => unstamped(sale)),
      orders: profile.orders.map((order) => unstamped(order)),
      carts: profile.carts.map((cart) => unstamped(cart)),
    },
    notes: profile.notes.map(({ event, at, text, staff }) => ({ event, at, text, staff })),
    traits: Object.fromEntries(
      Object.entries(profile.traits).map(([name, { value }]) => [name, value]),
    ),
    behaviour: profile.behaviours.map((behaviour) => unstamped(behaviour)),
    loyalty: {
      number: said.loyaltyNumber,
      programs: Object.fromEntries(
        Object.entries(profile.loyalty).map(([program, points]) => [program, pointsOf(points)]),
      ),
    },
    keys: profile.keys,
  };
}

/** A stamp orders, and says no more to an app than the time beside it. */
function unstamped<Entry extends { readonly stamp: string }>({ stamp: _stamp, ...entry }: Entry) {
  return entry;
}

const pointsOf = ({ balancePoints, lifetimePoints, at }: Profile["loyalty"][string]) => ({
  balancePoints,
  lifetimePoints,
  at,
});

/** The values that stand. */
export function valuesOf({ fields }: Pick<Profile, "fields">): Claims {
  return Object.fromEntries(
    Object.entries(fields).map(([field, survivor]) => [field, survivor?.value]),
  );
}

type Contact = NonNullable<View["contact"]>;

function masked({ email, phone, address }: Contact): Contact {
  return {
    email: email && maskEmail(email),
    phone: phone && maskPhone(phone),
    address: address && maskAddress(address),
  };
}

export const timeOf = (stamp: string): string => new Date(stampToMs(stamp)).toISOString();
