/** Reads what a record says, field by field, into what is compared; how well each field could be read stands beside it. */
import type { Claims } from "@regulars/shared/events/claim";
import type { Quality } from "@regulars/shared/identity/normalised";
import { readAddress } from "@regulars/shared/identity/read-address";
import { type DateOptions, readBirthDate } from "@regulars/shared/identity/read-date";
import { readEmail } from "@regulars/shared/identity/read-email";
import { foldName, readName } from "@regulars/shared/identity/read-name";
import { readPhone } from "@regulars/shared/identity/read-phone";
import { type Features, NO_FEATURES } from "./features.ts";

/** Fields as they were written. */
export const TEXT_FIELDS = [
  "fullName",
  "givenName",
  "middleName",
  "familyName",
  "suffix",
  "birthDate",
  "birthYear",
  "birthMonth",
  "birthDay",
  "gender",
  "email",
  "phone",
  "identifier",
  "streetNumber",
  "street",
  "street2",
  "city",
  "region",
  "postalCode",
  "country",
  "birthPlace",
  "occupation",
] as const;
export type TextField = (typeof TEXT_FIELDS)[number];
export type Texts = Readonly<Partial<Record<TextField, string>>>;

export interface ReadOptions extends DateOptions {
  /** ISO 3166 country of phone numbers and addresses that name none; null when there is no usual one. */
  readonly country: string | null;
}

export type Qualities = Readonly<
  Partial<Record<"name" | "birth" | "email" | "phone" | "address", Quality>>
>;

export interface ReadFeatures {
  readonly features: Features;
  /** Of the fields that hold anything. */
  readonly quality: Qualities;
}

/** A rejected field is missing to the comparison, except for a birth date whose digits may still be nearly right. */
export function readFeatures(texts: Texts, options: ReadOptions): ReadFeatures {
  const features: Features = {
    ...NO_FEATURES,
    gender: genderOf(texts.gender ?? ""),
    identifier: (texts.identifier ?? "").toUpperCase().replaceAll(/[^A-Z\d]/g, ""),
    birthPlace: foldName(texts.birthPlace ?? ""),
    occupation: foldName(texts.occupation ?? ""),
  };
  const quality: Partial<Record<keyof Qualities, Quality>> = {};
  readNames(texts, features, quality);
  readBirth(texts, options, features, quality);
  if (isGiven(texts.email)) {
    const email = readEmail(texts.email);
    quality.email = email.quality;
    if (email.quality !== "rejected") features.email = email.value.canonical;
  }
  if (isGiven(texts.phone)) {
    const phone = readPhone(texts.phone, options.country);
    quality.phone = phone.quality;
    // Without a plan to read it by, its digits can still be compared.
    features.phone = phone.quality === "rejected" ? digitsOf(texts.phone, 7) : phone.value.e164;
  }
  readPlace(texts, options, features, quality);
  return { features, quality };
}

/** Of a source record's claims. */
export function featuresOfClaims(claims: Partial<Claims>, options: ReadOptions): ReadFeatures {
  const { address } = claims;
  const street2 = address?.line2;
  const country = address?.country ?? options.country;
  const texts: Record<string, string | undefined> = {
    givenName: claims.givenName,
    familyName: claims.familyName,
    birthDate: claims.birthDate,
    email: claims.email,
    phone: claims.phone,
    street: address?.line1,
    street2,
    city: address?.city,
    region: address?.region,
    postalCode: address?.postalCode,
  };
  return readFeatures(withoutGaps(texts), { ...options, order: "ymd", country });
}

type Reading = Partial<Record<keyof Qualities, Quality>>;

function readNames(texts: Texts, features: Features, quality: Reading): void {
  const parts = withoutGaps({
    full: texts.fullName,
    given: texts.givenName,
    middle: texts.middleName,
    family: texts.familyName,
  });
  if (Object.keys(parts).length === 0) return;
  // A name in one field beside its parts says the same once more.
  const hasParts = parts["given"] !== undefined || parts["family"] !== undefined;
  const { full: _full, ...apart } = parts;
  const name = readName(hasParts ? apart : parts);
  quality.name = name.quality;
  if (name.quality === "rejected") return;
  features.given = [...name.value.given];
  features.family = [...name.value.family];
  features.suffix = name.value.suffix ?? foldName(texts.suffix ?? "");
}

function readBirth(texts: Texts, options: ReadOptions, features: Features, quality: Reading): void {
  const { birthYear: year, birthMonth: month, birthDay: day } = texts;
  const isApart = !isGiven(texts.birthDate) && isGiven(year);
  const raw = isApart
    ? [year, month, day]
        .filter(isGiven)
        .map((part) => part.padStart(2, "0"))
        .join("-")
    : (texts.birthDate ?? "");
  if (raw.trim() === "") return;
  const date = readBirthDate(raw, isApart ? { ...options, order: "ymd" } : options);
  quality.birth = date.quality;
  features.birth =
    date.quality === "rejected"
      ? date.reason === "placeholder"
        ? ""
        : datelike(raw, options)
      : date.value.iso;
}

/** Eight digits in the shape of a date, though no day of the calendar: one of them may be wrong. Or a year and no more. */
function datelike(raw: string, { order }: ReadOptions): string {
  const digits = raw.replaceAll(/\D/g, "");
  if (/^(19|20)\d{2}$/.test(raw.trim())) return raw.trim();
  if (digits.length !== 8) return "";
  const isYearFirst = order === "ymd" || order === undefined || /^\D*\d{4}\D/.test(raw);
  const [one, two, year] = isYearFirst
    ? [digits.slice(4, 6), digits.slice(6), digits.slice(0, 4)]
    : [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)];
  const [month, day] = !isYearFirst && order === "dmy" ? [two, one] : [one, two];
  return `${year}-${month}-${day}`;
}

function readPlace(
  texts: Texts,
  { country }: ReadOptions,
  features: Features,
  quality: Reading,
): void {
  const number = texts.streetNumber?.trim() ?? "";
  const line1 = [number, texts.street ?? ""].filter((part) => part.trim() !== "").join(" ");
  const fields = withoutGaps({
    line1,
    line2: texts.street2,
    city: texts.city,
    region: texts.region,
    postalCode: texts.postalCode,
    country: texts.country,
  });
  if (Object.keys(fields).length === 0) return;
  const address = readAddress(fields, { country });
  quality.address = address.quality;
  if (address.quality === "rejected") {
    features.postcode = foldName(texts.postalCode ?? "").replaceAll(" ", "");
    return;
  }
  const { value } = address;
  features.number = [value.number, value.unit].filter((part) => part !== null).join(" ");
  features.road = value.road ?? value.poBox ?? "";
  features.locality = value.house ?? value.suburb ?? "";
  features.city = value.city ?? "";
  features.region = value.region ?? "";
  features.postcode = value.postcode ?? "";
}

const GENDERS: Readonly<Record<string, string>> = {
  m: "m", male: "m", man: "m", mr: "m", boy: "m", mann: "m", maennlich: "m", homme: "m", hombre: "m",
  f: "f", female: "f", woman: "f", mrs: "f", ms: "f", girl: "f", w: "f", frau: "f", weiblich: "f", femme: "f", mujer: "f",
}; // prettier-ignore

function genderOf(raw: string): string {
  const folded = foldName(raw);
  return Object.hasOwn(GENDERS, folded) ? (GENDERS[folded] ?? folded) : folded;
}

const isGiven = (text: string | undefined): text is string =>
  text !== undefined && text.trim() !== "";

function digitsOf(text: string, least: number): string {
  const digits = text.replaceAll(/\D/g, "");
  return digits.length < least ? "" : digits;
}

function withoutGaps(texts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, text] of Object.entries(texts)) if (isGiven(text)) given[name] = text;
  return given;
}
