/**
 * Reads postal addresses, in one line or in fields, into folded parts that can be compared. By rules and short lists
 * alone: whoever must tell a suburb from a city everywhere needs a gazetteer of gigabytes, and two spellings of the same
 * address are read alike without one.
 */
import { LIMITS } from "../limits.ts";
import { readTail } from "./address-tail.ts";
import { joined, numberForm, segmentsOf } from "./address-text.ts";
import { BEFORE_CITY, CITIES, PLACEHOLDERS } from "./address-words.ts";
import { foldWords } from "./fold.ts";
import { accepted, type Normalised, rejected } from "./normalised.ts";
import { countryCodeOf, regionCodeOf } from "./places.ts";
import { findPostcode, readPostcode } from "./postcode.ts";
import { readStreet, type Street } from "./read-street.ts";

export interface AddressParts {
  readonly house: string | null;
  readonly number: string | null;
  readonly unit: string | null;
  readonly road: string | null;
  readonly suburb: string | null;
  readonly city: string | null;
  readonly region: string | null;
  readonly postcode: string | null;
  /** ISO 3166 alpha-2 */
  readonly country: string | null;
  readonly poBox: string | null;
}

export interface AddressFields {
  readonly line1?: string;
  readonly line2?: string;
  readonly city?: string;
  readonly region?: string;
  readonly postalCode?: string;
  readonly country?: string;
}

export type AddressReason = "empty" | "too-long" | "not-an-address" | "placeholder";

export interface AddressOptions {
  /** Where an address is that names no country. */
  readonly country: string | null;
}

type Reading = Normalised<AddressParts, AddressReason>;

export function readAddress(raw: string | AddressFields, options: AddressOptions): Reading {
  const fields: AddressFields = typeof raw === "string" ? { line1: raw } : raw;
  const texts = [fields.line1, fields.line2, fields.city, fields.region, fields.postalCode].map(
    (text) => text?.trim() ?? "",
  );
  if (texts.some((text) => text.length > LIMITS.fieldChars)) return rejected("too-long");
  if ((fields.country?.length ?? 0) > LIMITS.fieldChars) return rejected("too-long");
  if (texts.every((text) => text === "")) return rejected("empty");
  if (PLACEHOLDERS.has(texts.map((text) => foldWords(text).join("")).join(""))) {
    return rejected("placeholder");
  }
  const hasPlace = texts.slice(2).some((text) => text !== "");
  return hasPlace ? readFields(fields, options) : readLines(fields, options);
}

/** Everything in one or two lines. */
function readLines(fields: AddressFields, options: AddressOptions): Reading {
  const segments = segmentsOf(`${fields.line1 ?? ""}\n${fields.line2 ?? ""}`);
  const told = countryCodeOf(fields.country ?? "");
  const tail = readTail(segments, told ?? options.country);
  const street = readStreet(tail.segments, {
    country: tail.country,
    placesFrom: tail.borderAt === null || tail.borderAt === 0 ? Infinity : tail.borderAt,
    mayBeBare: tail.postcode !== null,
  });
  return judge({ street, ...tail, ...placesOf(street.places) });
}

/** Forms with fields for the place; what the lines say of it again is dropped. */
function readFields(fields: AddressFields, options: AddressOptions): Reading {
  const country = countryCodeOf(fields.country ?? "") ?? options.country;
  const named = wordsOf(fields.city);
  const given = readPostcode(fields.postalCode ?? "", country);
  // The code in the field of the city: 01067 Dresden.
  const found = findPostcode(named, country);
  const isMoved = found !== null && (given === null || given.code === found.code);
  const postcode = given ?? found;
  const city = isMoved ? named.toSpliced(found.at, found.length) : named;
  const region = wordsOf(fields.region);
  const lines = segmentsOf(`${fields.line1 ?? ""}\n${fields.line2 ?? ""}`);
  const known = new Set([city, region].map((words) => words.join(" ")));
  const street = readStreet(
    lines.filter((words, at) => at === 0 || !known.has(words.join(" "))),
    { country, placesFrom: Infinity, mayBeBare: true },
  );
  return judge({
    street,
    city: joined(city) ?? joined(street.places.at(-1) ?? []),
    suburb: joined(street.places.slice(0, city.length > 0 ? undefined : -1).flat()),
    region: regionCodeOf(region.join(" "), country)?.toLowerCase() ?? joined(region),
    postcode: postcode?.code ?? null,
    country,
    isRepaired: isMoved || postcode?.isRepaired === true,
  });
}

interface Parts {
  readonly street: Street;
  readonly city: string | null;
  readonly suburb: string | null;
  readonly region: string | null;
  readonly postcode: string | null;
  readonly country: string | null;
  readonly isRepaired: boolean;
}

function judge({ street, city, suburb, region, postcode, country, isRepaired }: Parts): Reading {
  const parts: AddressParts = {
    house: joined(street.house),
    number: street.number === null ? null : numberForm(street.number),
    unit: street.unit,
    road: joined(street.road),
    suburb,
    city,
    region,
    postcode,
    country,
    poBox: street.poBox,
  };
  const isPlaced = [parts.road, city, postcode, parts.poBox, parts.house].some(
    (part) => part !== null,
  );
  return isPlaced ? accepted(parts, isRepaired) : rejected("not-an-address");
}

/** The last place is the city; a city that is named twice ("Madrid Madrid") is one. */
function placesOf(places: Street["places"]) {
  const last = places.at(-1) ?? [];
  const half = last.length / 2;
  const isTwice = last.length > 0 && last.slice(0, half).join(" ") === last.slice(half).join(" ");
  const words = isTwice ? last.slice(0, half) : last;
  const from = cityFrom(words);
  const city = joined(words.slice(from));
  const suburb = joined([...places.slice(0, -1).flat(), ...words.slice(0, from)]);
  return { city, suburb: suburb === city ? null : suburb };
}

/** Shoreditch London: before a city that everybody knows stands a part of it, unless it is another city's name. */
function cityFrom(words: readonly string[]): number {
  const last = words.length - 1;
  const isKnown = last > 0 && CITIES.has(words[last] ?? "");
  return isKnown && !words.slice(0, last).every((word) => BEFORE_CITY.has(word)) ? last : 0;
}

const wordsOf = (text: string | undefined) => segmentsOf(text ?? "").flat();
