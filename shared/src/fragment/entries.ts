/**
 * The content of a fragment: named JSON values, kept as entries of one Yjs list (FRG2).
 *
 * A list and not a map, because of what is left of old values: in a Y.Map each overwritten value leaves a tombstone
 * of its own as soon as two keys alternate (20,000 sales: 900 kB), while deleted neighbours in a list become one.
 * For this a value is always set at the end of the list, and its old entry deleted (FRG3).
 */
import type * as Y from "yjs";

/** Of names and their values; `meta` is said of the fragment as a whole. */
export const SECTIONS = [
  "keys",
  "claims",
  "consents",
  "totals",
  "recent",
  "notes",
  // From schema 4 on:
  "traits",
  "behaviours",
  "carts",
  "orders",
  "loyalty",
] as const;
export type Section = "meta" | (typeof SECTIONS)[number];
export type Entry = readonly [section: string, name: string, value: unknown];

/** As its writer or a merger keeps it, or as a document that is put together from updates. */
export type Fragment = Y.Doc | { entries(): readonly Entry[] };

/**
 * One section as name → value. Throws when the document holds anything but entries; sections of newer writers are
 * left alone.
 */
export function readSection(fragment: Fragment, section: Section): Map<string, unknown> {
  const valueByName = new Map<string, unknown>();
  for (const [of, name, value] of entriesOf(fragment))
    if (of === section) valueByName.set(name, value);
  return valueByName;
}

/** The same of every section that has anything, in one look at the document. */
export function readSections(fragment: Fragment): (section: Section) => Record<string, unknown> {
  const entries = Map.groupBy(entriesOf(fragment), ([of]) => of);
  return (section) =>
    // As properties of its own, whatever they are called.
    Object.fromEntries((entries.get(section) ?? []).map(([, name, value]) => [name, value]));
}

function entriesOf(fragment: Fragment): readonly Entry[] {
  if ("entries" in fragment) return fragment.entries();
  const entries = fragment.getArray("entries").toArray();
  if (!entries.every(isEntry)) throw new TypeError("a fragment holds something that is no entry");
  return entries;
}

/** By hand and not by a schema: it runs several times per sale over everything that a fragment remembers. */
export function isEntry(value: unknown): value is Entry {
  if (!Array.isArray(value) || value.length !== 3) return false;
  // JSON has no undefined, and Yjs's encoding has.
  return typeof value[0] === "string" && typeof value[1] === "string" && value[2] !== undefined;
}
