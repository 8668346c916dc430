/** Malformed messages from valid ones, drawn from a seed: by byte, and by structure. Pure, so that every tier can use it. */
import type { Random } from "../simulate/random.ts";

/** In values that are put in, so that an answer or a log that repeats one is found. No name of a source or store. */
export const MARK = "Marked-Value-7f3a9c";
/** The same for keys: letters alone, as a name is. */
const MARKED_KEY = "MarkedKeyQz";

export const isMarked = (text: string): boolean => text.includes(MARK) || text.includes(MARKED_KEY);

export interface Bent {
  /** What was done, for whoever reads a failure. */
  readonly how: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

type Splice = readonly [how: string, from: number, to: number, put: Uint8Array];

export function bendBytes(random: Random, bytes: Uint8Array): Bent {
  const at = random.int(0, bytes.length - 1);
  const end = Math.min(bytes.length, at + random.int(1, 40));
  const byte = (): number => random.int(0, 255);
  const splices: Splice[] = [
    ["flip a bit", at, at + 1, Uint8Array.of((bytes[at] ?? 0) ^ (1 << random.int(0, 7)))],
    ["another byte", at, at + 1, Uint8Array.of(byte())],
    ["delete", at, end, Uint8Array.of()],
    ["insert", at, at, Uint8Array.of(byte(), byte(), byte())],
    ["truncate", at, bytes.length, Uint8Array.of()],
    ["repeat a range", at, at, bytes.slice(at, end)],
    ["no UTF-8", at, at, random.pick(NO_UTF8)],
    ["zeros", at, end, new Uint8Array(end - at)],
  ];
  const [how, from, to, other] = random.pick(splices);
  const bent = new Uint8Array(from + other.length + bytes.length - to);
  bent.set(bytes.subarray(0, from));
  bent.set(other, from);
  bent.set(bytes.subarray(to), from + other.length);
  return { how: `${how} at ${at}`, bytes: bent };
}

const NO_UTF8 = [
  Uint8Array.of(0xff),
  Uint8Array.of(0xc0, 0x80),
  Uint8Array.of(0xed, 0xa0, 0x80),
  Uint8Array.of(0xf4, 0x90, 0x80, 0x80),
  Uint8Array.of(0xe2, 0x82),
];

/** Every bit of the bytes, turned round one at a time. */
export function* everyFlip(bytes: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const bent = Uint8Array.from(bytes);
      bent[at] = (bent[at] ?? 0) ^ (1 << bit);
      yield bent;
    }
  }
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Stands in for text that no value serialises to. */
const HOLE = "a hole in the text";

const RAW: readonly string[] = [
  "null", "true", "0", "-1", "1.5", "-0", "1e308", "1e999", "9007199254740991", "-9007199254740991",
  "9007199254740993", "4294967296", '""', '"\\ud800"', '"\\u0000"', '"%"', '"c0123456789012345678901"',
  `"${MARK}"`, `["${MARK}"]`, `{"${MARK}":"${MARK}"}`, `{"${MARKED_KEY}":1}`, "[]", "{}", '"__proto__"', '{"__proto__":{"kind":"sale"}}',
  '{"constructor":{"prototype":{}}}', `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
  `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`, `"${MARK.repeat(3_000)}"`, `"${"é".repeat(600)}"`,
  `[${Array.from({ length: 700 }, () => `"${MARK}"`).join()}]`,
]; // prettier-ignore

const NAMES = ["__proto__", "constructor", "toString", "length", MARK, MARKED_KEY, "", "later"];

/** One change at a place that is drawn; `isHarmless` when it only adds what no reader knows. */
export interface BentText {
  readonly how: string;
  readonly text: string;
  readonly isHarmless: boolean;
}

export function bendStructure(random: Random, text: string): BentText {
  const root = JSON.parse(text) as Json;
  const place = random.pick(placesOf(root));
  const path = place.path.join(".");
  const options: (() => readonly [string, string | null])[] = [
    () => ["remove", remove(place)],
    () => ["swap", swap(random, place)],
    () => ["key order", reorder(place)],
    () => ["repeat", repeat(random, place)],
    () => ["a digit", digit(random, place)],
    ...Array.from({ length: 6 }, () => (): readonly [string, string] => {
      const raw = random.pick(RAW);
      return [`= ${raw.slice(0, 24)}`, put(place, raw)];
    }),
    () => ["key twice", addTo(place, place.name, random.pick(RAW))],
    () => ["prototype key", addTo(place, random.pick(NAMES), random.pick(RAW))],
    () => ["unknown field", addTo(place, "later", `"${MARK}"`)],
  ];
  const [how, raw] = random.pick(options)();
  if (raw === null) return bendStructure(random, text); // not possible at this place
  const bent = JSON.stringify(root).replace(JSON.stringify(HOLE), () => raw);
  return { how: `${path}: ${how}`, text: bent, isHarmless: how === "unknown field" };
}

interface Place {
  readonly holder: Json[] | { [key: string]: Json };
  readonly name: string;
  readonly value: Json;
  readonly path: readonly string[];
}

function placesOf(value: Json, path: readonly string[] = []): Place[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, inner]: [string, Json]) => [
    { holder: value, name, value: inner, path: [...path, name] },
    ...placesOf(inner, [...path, name]),
  ]);
}

/** Leaves the hole at the place; what is answered goes there. */
function put({ holder, name }: Place, raw: string): string {
  if (Array.isArray(holder)) holder[Number(name)] = HOLE;
  else holder[name] = HOLE;
  return raw;
}

function remove(place: Place): string {
  const { holder, name, value } = place;
  if (Array.isArray(holder)) holder.splice(Number(name), 1);
  else delete holder[name];
  return JSON.stringify(value); // nothing is left to put it in
}

function addTo(place: Place, name: string, raw: string): string | null {
  if (Array.isArray(place.holder)) return null;
  const value = JSON.stringify(place.value);
  put(place, "");
  return `${value},${JSON.stringify(name)}:${raw}`;
}

function swap(random: Random, { holder, name }: Place): string | null {
  if (!Array.isArray(holder) || holder.length < 2) return null;
  const other = random.int(0, holder.length - 1);
  const at = Number(name);
  [holder[at], holder[other]] = [holder[other] ?? null, holder[at] ?? null];
  return "";
}

function reorder({ holder }: Place): string | null {
  if (Array.isArray(holder)) return null;
  const entries = Object.entries(holder).toReversed();
  for (const [key] of entries) delete holder[key];
  Object.assign(holder, Object.fromEntries(entries));
  return "";
}

function repeat(random: Random, { holder, value }: Place): string | null {
  if (!Array.isArray(holder)) return null;
  for (let times = random.pick([1, 1, 1, 700]); times > 0; times--) holder.push(value);
  return "";
}

/** Another hash, stamp, number or base64: of the right form, and wrong. */
function digit(random: Random, place: Place): string | null {
  const text = JSON.stringify(place.value);
  const digits = [...text.matchAll(/\d/g)].map(({ index }) => index);
  if (digits.length === 0 || text.length > 4_000) return null;
  const at = random.pick(digits);
  put(place, "");
  return `${text.slice(0, at)}${random.int(0, 9)}${text.slice(at + 1)}`;
}
