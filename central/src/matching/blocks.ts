/**
 * Blocking: the codes under which a record is filed, so that it meets those that it may match and not all others. Several
 * codes per record, each forgiving other errors; two records with one code in common are compared.
 */
import type { Prepared, Word } from "./prepare.ts";

export function blocksOf(record: Prepared): string[] {
  const { features, given, family } = record;
  const blocks: string[] = [];
  const add = (kind: string, ...parts: readonly string[]): void => {
    if (parts.every((part) => part !== "")) blocks.push(`${kind}/${parts.join("/")}`);
  };
  const sounds = [soundOf(given), soundOf(family)].toSorted();
  const { birth, postcode, email, phone, identifier } = features;
  const [year, month, day] = [birth.slice(0, 4), birth.slice(5, 7), birth.slice(8, 10)];
  add("n", ...sounds, year.slice(0, 3));
  if (sounds.every((sound) => sound !== "")) {
    add("np", ...sounds, postcode.slice(0, 3));
    add("nc", ...sounds, features.city.slice(0, 4));
    add("nm", ...sounds);
  }
  add("b", birth.length === 10 ? birth : "", initialOf(given));
  add("bf", birth.length === 10 ? birth : "", initialOf(family));
  if (day !== "") {
    add("by", year, [month, day].toSorted().join(""));
    add("d", year, month, soundOf(family));
    add("e", month, day, soundOf(given));
    add("g", year, day, soundOf(given));
    add("ms", month, day, soundOf(family));
  }
  add("y", year, soundOf(family), initialOf(given));
  add("yg", year, given?.text ?? "", postcode);
  add("m", email);
  add("l", record.emailLocal?.text ?? "");
  add("p", phone);
  add("i", identifier);
  if (identifier.length >= 6) {
    const half = Math.floor(identifier.length / 2);
    add("ia", identifier.slice(0, half), year || (family?.text ?? ""));
    add("ib", identifier.slice(half), year || (family?.text ?? ""));
  }
  add("a", features.number, features.road, initialOf(given));
  add("r", features.road, soundOf(given));
  add("z", postcode, soundOf(family));
  add("zg", postcode, soundOf(given));
  add("f", family?.text ?? "", features.city, initialOf(given));
  add(
    "x",
    family?.text.slice(0, 4) ?? "",
    given?.text.slice(0, 3) ?? "",
    features.city.slice(0, 3),
  );
  return [...new Set(blocks)];
}

const soundOf = (word: Word | null): string => word?.sound || word?.text || "";
const initialOf = (word: Word | null): string => word?.text.slice(0, 1) ?? "";
