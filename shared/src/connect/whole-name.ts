/** A name in one field, as given and family name in the customer's own spelling. */
import { foldName, readName } from "../identity/read-name.ts";

export interface NamePair {
  readonly givenName?: string;
  readonly familyName?: string;
}

/** Null where it is no name, or cannot be told apart without losing letters. */
export function splitName(full: string): NamePair | null {
  const read = readName({ full });
  if (read.quality === "rejected") return null;
  const given = read.value.given.join("");
  const family = read.value.family.join("");
  const words = full
    .trim()
    .split(/[\s,]+/)
    .filter((word) => word !== "");
  // What stands before and after the name are titles and suffixes: seldom more than three words.
  for (let from = 0; from < Math.min(words.length, 4); from++) {
    for (let to = words.length; to > Math.max(from, words.length - 3); to--) {
      const pair = pairIn(words.slice(from, to), given, family);
      if (pair !== null) return pair;
    }
  }
  return null;
}

/** Splits the words where the folded halves are the names that were read, in either order. */
function pairIn(words: readonly string[], given: string, family: string): NamePair | null {
  for (let at = 0; at <= words.length; at++) {
    const head = words.slice(0, at).join(" ");
    const tail = words.slice(at).join(" ");
    if (squash(head) === given && squash(tail) === family) return pairOf(head, tail);
    if (squash(head) === family && squash(tail) === given) return pairOf(tail, head);
  }
  return null;
}

const squash = (text: string): string => foldName(text).replaceAll(" ", "");

const pairOf = (given: string, family: string): NamePair => ({
  ...(given === "" ? {} : { givenName: given }),
  ...(family === "" ? {} : { familyName: family }),
});
