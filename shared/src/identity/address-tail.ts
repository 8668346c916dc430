/** The end of an address in one line: country, postal code and region, in whatever order they stand. */
import { COUNTIES } from "./address-words.ts";
import { findPostcode } from "./postcode.ts";
import { countryOfFolded, regionOfFolded } from "./places.ts";

export interface Tail {
  /** What is left, with the postal code's place as a border between segments. */
  readonly segments: readonly (readonly string[])[];
  /** Place in segments where the postal code stood: what stands behind it is a city. */
  readonly borderAt: number | null;
  readonly country: string | null;
  readonly postcode: string | null;
  readonly region: string | null;
  /** Whether the code had to be mended. */
  readonly isRepaired: boolean;
}

const NO_CODES: ReadonlySet<string> = new Set(
  "st la al cl pl sq gr tr so no st ne se sh bb".split(" "),
);

type Segments = readonly (readonly string[])[];

/** Countries whose states are written in addresses; where no country is known, they are tried in this order. */
const WITH_STATES = ["US", "CA", "AU"] as const;
/** Before a country's name these make it the name of a road or of something else. */
const BINDING: ReadonlySet<string> = new Set(
  "of the de d di del della du des la el al new rue calle via".split(" "),
);

export function readTail(all: Segments, hint: string | null): Tail {
  const { segments: named, country: told } = takeCountry(all, hint);
  const known = told ?? hint;
  const {
    segments: coded,
    postcode,
    isRepaired,
    borderAt,
    country: shown,
  } = takePostcode(named, known);
  const country = told ?? shown ?? hint;
  // The country may stand before the code: Isle of Man IM99 1JJ.
  const rest = told === null ? takeCountry(coded, country) : { segments: coded, country: null };
  const { segments, region } = takeRegion(rest.segments, rest.country ?? country, borderAt);
  return {
    segments,
    borderAt: borderAt === null || borderAt > segments.length ? null : borderAt,
    country: rest.country ?? country,
    postcode,
    region,
    isRepaired,
  };
}

function takeCountry(segments: Segments, hint: string | null) {
  const last = segments.at(-1) ?? [];
  for (let count = Math.min(4, last.length); count > 0; count -= 1) {
    const words = last.slice(-count);
    const isWhole = count === last.length;
    if (isWhole && segments.length === 1) continue;
    const text = words.join(" ");
    if (regionOf(text, hint) !== null && count > 1) break;
    const code = countryOfFolded(text);
    if (code === null || !isCountryHere(text, code, last, isWhole, hint)) continue;
    return { segments: withoutEnd(segments, count), country: code };
  }
  return { segments, country: null };
}

function isCountryHere(
  text: string,
  code: string,
  last: readonly string[],
  isWhole: boolean,
  hint: string | null,
): boolean {
  const before = last[last.length - 1 - text.split(" ").length] ?? "";
  // Norfolk is an island far away, too.
  if (BINDING.has(before) || countyOf(text, hint, true) !== null) return false;
  if (text.length === 2) {
    if (text === "uk" || text === "us" || code === hint) return true;
    // Words of an address are codes by chance: st, la, al.
    if ((hint !== null && !isWhole) || NO_CODES.has(text)) return false;
    // CA, DE and IN are states as well, unless a code stands where only the continent writes it: 13353 Berlin DE.
    return regionOf(text, hint) === null || last.some((word, at) => at < 2 && /^\d{5}$/.test(word));
  }
  if (text.length === 3) return isWhole || text === "usa";
  return hint === null || hint === code || regionOfFolded(text, hint) === null;
}

function takePostcode(segments: Segments, country: string | null) {
  for (let at = segments.length - 1; at >= 0; at -= 1) {
    const words = segments[at] ?? [];
    const isFirst = at === 0;
    const found = findPostcode(words, country);
    if (found === null) continue;
    // A lone number in front is a house's.
    if (isFirst && found.at === 0 && segments.length > 1 && /^\d{1,4}$/.test(found.code)) continue;
    const before = words.slice(0, found.at);
    const behind = words.slice(found.at + found.length);
    const left = [...segments.slice(0, at), ...(before.length > 0 ? [before] : [])];
    const right = [...(behind.length > 0 ? [behind] : []), ...segments.slice(at + 1)];
    return {
      segments: [...left, ...right],
      postcode: found.code,
      isRepaired: found.isRepaired,
      borderAt: left.length,
      country: found.country,
    };
  }
  return { segments, postcode: null, isRepaired: false, borderAt: null, country: null };
}

function takeRegion(
  all: Segments,
  country: string | null,
  borderAt: number | null,
): { segments: Segments; region: string | null } {
  const segments = country === "GB" ? all : withoutCounty(all, country);
  const last = segments.at(-1) ?? [];
  // 20121 Milano MI: the province.
  if (country === "IT" && last.length > 1 && /^[a-z]{2}$/.test(last.at(-1) ?? "")) {
    return { segments: withoutEnd(segments, 1), region: last.at(-1) ?? null };
  }
  for (let count = Math.min(4, last.length); count > 0; count -= 1) {
    const isWhole = count === last.length;
    // Behind the code stands the city, even if a state has the same name: 10117 Berlin.
    const isCity = borderAt === segments.length - 1 && !isStateWritten(country);
    if (isWhole && (segments.length === 1 || isCity)) continue;
    const text = last.slice(-count).join(" ");
    const code = isWhole || isStateWritten(country) ? regionOf(text, country) : null;
    const region = code?.toLowerCase() ?? countyOf(text, country, isWhole);
    if (region !== null) {
      const rest = withoutEnd(segments, count);
      return { segments: code === null ? rest : withoutCounty(rest, country), region };
    }
  }
  return { segments, region: null };
}

/** King County, Greater London: beside a state it says nothing more. */
function withoutCounty(segments: Segments, country: string | null): Segments {
  const last = segments.at(-1) ?? [];
  const isCounty =
    (last.length > 1 && last.at(-1) === "county" && (country === "US" || country === null)) ||
    (country === "GB" && countyOf(last.join(" "), country, true) !== null);
  return isCounty && segments.length > 1 ? segments.slice(0, -1) : segments;
}

/** Behind the city, without a comma. */
const isStateWritten = (country: string | null) =>
  country === null || WITH_STATES.some((each) => each === country);

function regionOf(text: string, country: string | null): string | null {
  if (country !== null) return regionOfFolded(text, country);
  for (const each of WITH_STATES) {
    const code = regionOfFolded(text, each);
    if (code !== null) return code;
  }
  return null;
}

function countyOf(text: string, country: string | null, isWhole: boolean): string | null {
  const counties = COUNTIES[country ?? ""];
  // London is a city before it is a county.
  return counties?.has(text) === true && (isWhole || text.endsWith("shire")) ? text : null;
}

function withoutEnd(segments: Segments, count: number): Segments {
  const rest = (segments.at(-1) ?? []).slice(0, -count);
  return rest.length > 0 ? [...segments.slice(0, -1), rest] : segments.slice(0, -1);
}
