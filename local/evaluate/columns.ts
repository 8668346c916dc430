/** Which column says what: guessed from the names of columns, or told by a mapping. */
import type { ClaimedKind } from "@regulars/shared/identity/key";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { z } from "zod";
import { TEXT_FIELDS, type TextField } from "../../central/src/matching/read-features.ts";
import { CommandFailure } from "../command.ts";

export type Role = TextField | "loyaltyNumber";
export const ROLES: readonly Role[] = [...TEXT_FIELDS, "loyaltyNumber"];

/** By role, the columns that say it, in their order: several are put together with a space. */
export type Columns = Readonly<Partial<Record<Role, readonly string[]>>>;

/** Names as folded by `plainName`; the first role that knows a name has it. */
const NAMES: readonly (readonly [Role, RegExp])[] = [
  ["birthPlace", /^(birth_?place|place_of_birth|birth_?city|town_of_birth)$/],
  ["birthYear", /^(birth_?year|year_?of_?birth|yob|by|byear)$/],
  ["birthMonth", /^(birth_?month|month_?of_?birth|mob|bm|bmonth)$/],
  ["birthDay", /^(birth_?day_?of_?month|day_?of_?birth|bd|bday)$/],
  ["birthDate", /^(dob|date_?of_?birth|birth_?date|birth_?day|born|birth_?dt|geburtsdatum|fecha_nacimiento|date_naissance)$/],
  ["email", /^(e_?mail(_?addr(ess)?)?|contact_?email|email_?1|mail)$/],
  ["phone", /^(phone(_?(number|no|num|1))?|tel(ephone)?(_?(number|no))?|mobile(_?(phone|number|no))?|cell(_?phone)?|msisdn|contact_?(number|phone)|home_?phone|full_phone_num(ber)?|telefon)$/],
  ["identifier", /^(soc_?sec_?(id|number|no)?|ssn|social_?security(_?(number|no|id))?|national_?(id|number)|nino|ni_?number|passport(_?(number|no))?|tax_?(id|number)|nhs_?(number|no)|driver_?licen[cs]e(_?number)?|medicare(_?number)?|id_?card(_?number)?)$/],
  ["loyaltyNumber", /^(loyalty(_?(number|no|id|card))?|card(_?(number|no))?|member(ship)?(_?(number|no|card))?|club_?card)$/],
  ["middleName", /^(middle(_?(name|names|initial|init))?|mname|midl_?name|second_?name|other_?names?|fname_?c?2|given_?name_?2)$/],
  ["givenName", /^(given(_?names?)?|first(_?names?)?|fore(_?names?)?|fname(_?c?1)?|firstname|christian_?name|givenname(_?1)?|vorname|nombre|prenom|voornaam)$/],
  ["familyName", /^(sur_?name|last(_?names?)?|family(_?names?)?|lname(_?c?1)?|lastname|secondname|nachname|apellidos?|nom(_de_famille)?|achternaam)$/],
  ["fullName", /^(full_?name|name|person_?name|customer_?name|display_?name|first_and_surname|contact_?name|names)$/],
  ["suffix", /^(suffix|name_?suffix(_lbl)?|name_?sufx.*)$/],
  ["gender", /^(gender(_?code)?|sex(_?code)?|geschlecht)$/],
  ["streetNumber", /^(street_?(number|no|num)|house_?(number|no|num)|building_?number|number|hausnummer)$/],
  ["street2", /^(address_?(line_?)?2|addr_?2|street_?2|unit(_?(number|no))?|apartment|apt|suite|flat|locality|district)$/],
  ["street", /^(address(_?(line_?)?1)?|addr(_?1)?|street(_?(name|address|1))?|road|res_street_address|strasse|full_?address|home_?address)$/],
  ["city", /^(city|town|suburb|place|municipality|res_city_desc|ort|stadt|city_?name)$/],
  ["region", /^(state(_?(code|cd|name))?|region|province|county|res_state_cd|prefecture|department)$/],
  ["postalCode", /^(post_?code|postal(_?code)?|zip(_?(code|5))?|plz|postcode_fake|zipcode)$/],
  ["country", /^(country(_?(code|name))?|land|nation)$/],
  ["occupation", /^(occupation|profession|job(_?title)?|trade)$/],
]; // prettier-ignore

const plainName = (name: string): string =>
  name
    .trim()
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, "_")
    .replaceAll(/^_|_$/g, "");

/** Of several columns with one role the first counts. */
export function guessColumns(names: readonly string[], not: ReadonlySet<string>): Columns {
  const columns: Partial<Record<Role, readonly string[]>> = {};
  for (const name of names) {
    if (not.has(name)) continue;
    const role = NAMES.find(([, pattern]) => pattern.test(plainName(name)))?.[0];
    if (role !== undefined) columns[role] ??= [name];
  }
  return columns;
}

const mappingSchema = z.partialRecord(
  z.enum(ROLES),
  z.union([z.string(), z.array(z.string()).min(1)]),
);

export async function readMapping(path: string, names: readonly string[]): Promise<Columns> {
  const file = basename(path);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new CommandFailure(`The mapping ${file} cannot be read as JSON.`, { cause: error });
  }
  const mapping = mappingSchema.safeParse(json);
  if (!mapping.success) {
    throw new CommandFailure(
      `The mapping ${file} is not {"role": "column" or ["column", …]} with these roles: ${ROLES.join(", ")}.`,
    );
  }
  const entries = Object.entries(mapping.data).map(
    ([role, value]) => [role, [value].flat()] as const,
  );
  for (const [role, wanted] of entries) {
    const missing = wanted.find((column) => !names.includes(column));
    if (missing !== undefined) {
      throw new CommandFailure(
        `The mapping ${file} gives ${role} a column that the records do not have.`,
      );
    }
  }
  return Object.fromEntries(entries);
}

/** Nothing by which two people could be told apart. */
export function isUseless(columns: Columns): boolean {
  const telling: readonly Role[] = ["fullName", "givenName", "familyName", "birthDate", "birthYear", "email", "phone", "identifier", "loyaltyNumber", "street"]; // prettier-ignore
  return telling.every((role) => columns[role] === undefined);
}

export const describeColumns = (columns: Columns): string =>
  ROLES.flatMap((role) => (columns[role] ? [`${role} = ${columns[role].join(" + ")}`] : [])).join(
    ", ",
  );

export const KEY_ROLES = {
  loyalty: "loyaltyNumber",
  email: "email",
  phone: "phone",
} as const satisfies Record<ClaimedKind, Role>;
