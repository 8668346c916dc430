/** What columns about people are called in files of all kinds, for whoever has to guess what a file says. */
export type PersonColumn =
  | "birthPlace"
  | "birthYear"
  | "birthMonth"
  | "birthDay"
  | "birthDate"
  | "email"
  | "phone"
  | "identifier"
  | "loyaltyNumber"
  | "middleName"
  | "givenName"
  | "familyName"
  | "fullName"
  | "suffix"
  | "gender"
  | "streetNumber"
  | "street2"
  | "street"
  | "city"
  | "region"
  | "postalCode"
  | "country"
  | "occupation";

/** Names as folded by `plainName`; the first role that knows a name has it. */
const NAMES: readonly (readonly [PersonColumn, RegExp])[] = [
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

/** A header in plain letters: `E-Mail Address` and `eMailAddress` are `e_mail_address`. */
export const plainName = (name: string): string =>
  name
    .trim()
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, "_")
    .replaceAll(/^_|_$/g, "");

export function personColumnOf(header: string): PersonColumn | null {
  const name = plainName(header);
  return NAMES.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
}
