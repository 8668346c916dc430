/**
 * Words by their numbers. What mostly settles that two differ - their letters, their lengths, what is remembered of them -
 * lies side by side in a few arrays, where the words themselves are all over the memory.
 */
import {
  type LIKE,
  lettersApart,
  likeness,
  mostAlike,
  REMEMBERED,
  SIMILARITIES,
  type VERY_LIKE,
} from "./likeness.ts";
import { type Lexicon, UNKNOWN, type Word } from "./prepare.ts";

export interface Glossary {
  readonly wordAt: (number: number) => Word;
  /** So many edits lie between two words at least. */
  readonly editsAtLeast: (a: number, b: number) => number;
  /** Whether they are `LIKE` or `VERY_LIKE` at least. */
  readonly areAlike: (a: number, b: number, least: typeof LIKE | typeof VERY_LIKE) => boolean;
}

/** `words`: by their numbers; `lexicon`: theirs, and it has forgotten none of them. */
export function createGlossary(words: readonly (Word | undefined)[], lexicon: Lexicon): Glossary {
  const letters = Int32Array.from(words, (word) => word?.letters ?? 0);
  const lengths = Int32Array.from(words, (word) => word?.text.length ?? 0);
  const heads = Uint16Array.from(words, (word) => word?.text.charCodeAt(0) ?? 0);

  const outline = (number: number) => ({
    length: lengths[number] ?? 0,
    letters: letters[number] ?? 0,
  });
  function wordAt(number: number): Word {
    const word = words[number];
    if (!word) throw new Error("a row names a word that is not there");
    return word;
  }
  return {
    wordAt,
    editsAtLeast: (a, b) =>
      Math.max(
        lettersApart(letters[a] ?? 0, letters[b] ?? 0),
        Math.abs((lengths[a] ?? 0) - (lengths[b] ?? 0)),
      ),
    areAlike(a, b, least) {
      if (a === b) return true;
      const most = mostAlike(outline(a), outline(b), heads[a] === heads[b]);
      if (most < (SIMILARITIES[least - 1] ?? 0)) return false;
      const known = lexicon.recall(REMEMBERED.likeness, a, b);
      return (known === UNKNOWN ? likeness(wordAt(a), wordAt(b), lexicon) : known) >= least;
    },
  };
}
