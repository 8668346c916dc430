/**
 * The content of a fragment: named JSON values, kept as entries of one Yjs list (FRG2).
 *
 * A list and not a map, because of what is left of old values: in a Y.Map each overwritten value leaves a tombstone
 * of its own as soon as two keys alternate (20,000 sales: 900 kB), while deleted neighbours in a list become one.
 * For this a value is always set at the end of the list, and its old entry deleted (FRG3).
 */
import type * as Y from "yjs";

export type Section =
  | "meta"
  | "keys"
  | "claims"
  | "consents"
  | "totals"
  | "recent"
  | "notes"
  // From schema 4 on:
  | "traits"
  | "behaviours"
  | "carts"
  | "orders"
  | "loyalty";
type Entry = readonly [section: string, name: string, value: unknown];

/**
 * One section as name → value. Throws when the document holds anything but entries; sections of newer writers are
 * left alone.
 */
export function readSection(doc: Y.Doc, section: Section): Map<string, unknown> {
  const valueByName = new Map<string, unknown>();
  for (const [of, name, value] of entriesOf(doc)) if (of === section) valueByName.set(name, value);
  return valueByName;
}

/** The same of every section that has anything, in one look at the document. */
export function readSections(doc: Y.Doc): (section: Section) => Record<string, unknown> {
  const entries = Map.groupBy(entriesOf(doc), ([of]) => of);
  return (section) =>
    // As properties of its own, whatever they are called.
    Object.fromEntries((entries.get(section) ?? []).map(([, name, value]) => [name, value]));
}

export function setEntry(doc: Y.Doc, section: Section, name: string, value: unknown): void {
  deleteEntry(doc, section, name);
  const entry: Entry = [section, name, value];
  listOf(doc).push([entry]);
}

export function deleteEntry(doc: Y.Doc, section: Section, name: string): void {
  const at = entriesOf(doc).findIndex((entry) => entry[0] === section && entry[1] === name);
  if (at !== -1) listOf(doc).delete(at);
}

const listOf = (doc: Y.Doc): Y.Array<unknown> => doc.getArray("entries");

function entriesOf(doc: Y.Doc): Entry[] {
  const entries = listOf(doc).toArray();
  if (!entries.every(isEntry)) throw new TypeError("a fragment holds something that is no entry");
  return entries;
}

/** By hand and not by a schema: it runs several times per sale over everything that a fragment remembers. */
function isEntry(value: unknown): value is Entry {
  if (!Array.isArray(value) || value.length !== 3) return false;
  return typeof value[0] === "string" && typeof value[1] === "string";
}
