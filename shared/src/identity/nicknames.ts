/**
 * Which formal names a given name may stand for: Bob is a Robert, Alex an Alexander or an Alexandra. Evidence between two
 * records, never a reason to change a name: Jack may well be Jack.
 */
import { foldWords } from "./fold.ts";
import { ENGLISH_MEN, ENGLISH_WOMEN } from "./nicknames-english.ts";

import { GERMAN_AND_DUTCH, ROMANCE, SLAVIC } from "./nicknames-european.ts";
import { SPELLINGS } from "./nicknames-spellings.ts";

const FORMAL_BY_SHORT = byShortForm([
  ENGLISH_MEN,
  ENGLISH_WOMEN,
  GERMAN_AND_DUTCH,
  ROMANCE,
  SLAVIC,
  SPELLINGS,
]);

const FORMAL_BY_ENDING = byEnding(FORMAL_BY_SHORT);

/** Folded formal names that this folded name may stand for, itself included, sorted. */
export function formalNames(given: string): readonly string[] {
  const formal = FORMAL_BY_SHORT.get(given);
  if (formal !== undefined) return formal;
  const alike = FORMAL_BY_ENDING.get(endingOf(given));
  return alike === undefined ? [given] : [...new Set([given, ...alike])].toSorted();
}

/** Whether two different names can stand for the same formal one. */
export function areNicknames(a: string, b: string): boolean {
  if (a === b) return false;
  const formalOfB = formalNames(b);
  return formalNames(a).some((name) => formalOfB.includes(name));
}

/** Pet forms end as one likes: Stacy, Stacie, Stacey, Staci. */
function endingOf(name: string): string {
  return name.length > 3 ? name.replace(/(?:ie|ey|ee|i)$/, "y") : name;
}

function byShortForm(tables: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const formalByShort = new Map<string, Set<string>>();
  for (const entry of tables.join(";").split(";")) {
    const [formal, ...shorts] = foldWords(entry);
    if (formal === undefined) continue;
    for (const short of shorts) {
      const names = formalByShort.get(short) ?? new Set([short]);
      formalByShort.set(short, names.add(formal));
    }
  }
  return new Map([...formalByShort].map(([short, names]) => [short, [...names].toSorted()]));
}

function byEnding(formalByShort: ReadonlyMap<string, readonly string[]>) {
  const formalByEnding = new Map<string, string[]>();
  for (const [short, names] of formalByShort) {
    const ending = endingOf(short);
    if (!ending.endsWith("y")) continue;
    formalByEnding.set(ending, [...(formalByEnding.get(ending) ?? []), ...names]);
  }
  return formalByEnding;
}
