/** The part of an address that says where in the place: which of its segments is the road, and what the others are. */
import { type Box, splitNumber, takeBox, takeUnit, withoutFloor } from "./address-parts.ts";
import { isNumber } from "./address-text.ts";
import {
  BUILDING_WORDS,
  DIRECTIONS,
  LEADING_STREET_TYPES,
  STREET_TYPES,
  TRAILING_STREET,
} from "./address-words.ts";
import { readRoad, roadScore } from "./road.ts";

export interface Street {
  readonly house: readonly string[];
  readonly number: string | null;
  readonly unit: string | null;
  readonly road: readonly string[];
  readonly poBox: string | null;
  /** Segments behind the road: suburb and city, where they are not known otherwise. */
  readonly places: readonly (readonly string[])[];
}

type Words = readonly string[];

export interface StreetOptions {
  readonly country: string | null;
  /** Segments from here on are places and no road. */
  readonly placesFrom: number;
  /** Whether a segment without number and kind of road may be the road: there are others for the place. */
  readonly mayBeBare: boolean;
}

export function readStreet(segments: readonly Words[], options: StreetOptions): Street {
  const units: string[] = [];
  const owner: string[] = [];
  let poBox: string | null = null;
  const streets: Words[] = [];
  const places: Words[] = [];
  for (const [at, segment] of segments.entries()) {
    const box: Box | null = poBox === null ? takeBox(segment) : null;
    if (box !== null) {
      poBox = box.value;
      const before = [...streets.splice(0), ...(box.before.length > 0 ? [box.before] : [])];
      // Whose box it is, unless the road is named as well.
      if (before.every((words) => roadScore(words) < 2)) owner.push(...before.flat());
      else streets.push(...before);
    }
    const unit = takeUnit(withoutFloor(box?.behind ?? segment));
    if (unit.value !== null) units.push(unit.value);
    if (unit.words.length === 0) continue;
    if (at < options.placesFrom) streets.push(unit.words);
    else places.push(unit.words);
  }
  const at = roadAt(streets, options.mayBeBare && poBox === null, places.length > 0);
  const found = at === -1 ? noRoad(streets) : roadOf(streets, at, options.country);
  const unit = [...units, ...(found.unit === null ? [] : [found.unit])].join(" ");
  return {
    ...found,
    house: [...owner, ...found.house],
    unit: unit || null,
    poBox,
    places: [...found.places, ...places],
  };
}

/** Which segment has the road: the one with the most signs of it. */
function roadAt(segments: readonly Words[], mayBeBare: boolean, hasPlaces: boolean): number {
  const scores = segments.map((words) => roadScore(words));
  const best = Math.max(0, ...scores);
  const first = scores.indexOf(best);
  if (best > 0) {
    // Newgate Court, High Street: the building comes first.
    const isBuilding = BUILDING_WORDS.has(segments[first]?.at(-1) ?? "");
    return best === 2 && isBuilding && scores[first + 1] === best ? first + 1 : first;
  }
  if (!mayBeBare || segments.length + (hasPlaces ? 1 : 0) < 2) return -1;
  const isBuilding = BUILDING_WORDS.has(segments[0]?.at(-1) ?? "");
  return isBuilding && segments.length + (hasPlaces ? 1 : 0) > 2 ? 1 : 0;
}

function noRoad(segments: readonly Words[]) {
  const number = segments.find((words) => isLoneNumber(words));
  return {
    house: [],
    number: number?.[0] ?? null,
    unit: null,
    road: [],
    places: segments.filter((words) => words !== number),
  };
}

function roadOf(segments: readonly Words[], at: number, country: string | null) {
  const read = readRoad(segments[at] ?? []);
  const before = segments.slice(0, at);
  const after = segments.slice(at + 1);
  // The number may have a segment of its own: "21, Kingswood Road", "Via Roma, 12".
  const inFront =
    read.number === null ? before.findLast((words) => isNumber(words[0] ?? "")) : undefined;
  const isBis = /^(?:bis|ter|quater)$/.test(inFront?.[1] ?? "");
  const behind =
    read.number === null &&
    inFront === undefined &&
    isNumber(after[0]?.[0] ?? "") &&
    (after[0]?.length ?? 0) < 4;
  const number =
    read.number ??
    (inFront === undefined ? null : inFront.slice(0, isBis ? 2 : 1).join("")) ??
    (behind ? (after[0]?.[0] ?? null) : null);
  const split = number === null ? { number, unit: null } : splitNumber(number, country);
  const house = before
    .map((words) => (words === inFront ? words.slice(isBis ? 2 : 1) : words))
    .flat();
  return {
    house: [...house, ...read.house],
    ...split,
    road: roadForm(read.road, country),
    places: [
      ...(read.rest.some((word) => /[a-z]{2}/.test(word)) ? [read.rest] : []),
      ...(behind ? after.slice(1) : after),
    ],
  };
}

const isLoneNumber = (words: Words) => words.length === 1 && isNumber(words[0] ?? "");

/** Kinds of road and directions in the one form they all become; "st" before a name is a saint. */
function roadForm(words: Words, country: string | null): readonly string[] {
  const isDirected = words.length > 2 && DIRECTIONS.has(words.at(-1) ?? "");
  const typeAt = words.length - (isDirected ? 2 : 1);
  const street = country === "NL" || country === "BE" ? "straat" : "strasse";
  const isSpanish = SPANISH.has(country ?? "");
  const road: string[] = [];
  for (const [at, word] of words.entries()) {
    const leading = at === 0 ? LEADING_STREET_TYPES.get(word) : undefined;
    const isLeading = words.length > 1 && !STREET_TYPES.has(words.at(-1) ?? "");
    const isType = at > 0 && (at === typeAt || isNumber(words[at + 1] ?? ""));
    const isEnd = (at === 0 || at === words.length - 1) && words.length > 2;
    const whole = word.replace(/str$/, street);
    const before = road.at(-1);
    if (leading !== undefined && isLeading) {
      road.push((isSpanish ? SPANISH_FORMS.get(leading) : undefined) ?? leading);
    } else if (OWN_TRAILING.test(whole) && before !== undefined && !UNATTACHED.has(before)) {
      // Berliner Straße, Berlinerstr.: people write one name both ways.
      road.push(`${road.pop() ?? ""}${whole}`);
    } else if (isType && STREET_TYPES.has(word)) road.push(STREET_TYPES.get(word) ?? word);
    else if (isEnd && DIRECTIONS.has(word)) road.push(DIRECTIONS.get(word) ?? word);
    else if (word === "st") road.push("saint");
    else road.push(TRAILING_STREET.test(word) ? whole : word);
  }
  return road;
}

/** Where av. and pl. are short for other words. */
const SPANISH: ReadonlySet<string> = new Set("ES MX AR CO CL PE UY VE EC".split(" "));
const SPANISH_FORMS: ReadonlyMap<string, string> = new Map([
  ["avenue", "avenida"],
  ["place", "plaza"],
]);

const OWN_TRAILING = /^(?:strasse|gasse|weg|platz|allee|straat|laan|plein|gracht)$/;
const UNATTACHED: ReadonlySet<string> = new Set(
  "am an der im in auf den dem die das zum zur van de het aan rue la le ter".split(" "),
);
