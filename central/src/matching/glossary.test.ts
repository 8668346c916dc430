import fc from "fast-check";
import { expect, test } from "vitest";
import { createGlossary } from "./glossary.ts";
import { createLexicon, OF_A_BATCH, type Word } from "./prepare.ts";
import { editDistance } from "./strings.ts";

const letters = fc.string({ unit: fc.constantFrom("a", "b", "e", "1", "@", "."), maxLength: 8 });
/** Of texts that have little in common any bound is low enough. */
const likeEachOther = fc
  .tuple(letters, letters, fc.nat(3))
  .map(([one, put, left]) => [`x${one}`, `x${put.slice(0, 2)}${one.slice(left)}`] as const);

test("two words are at least as many edits apart as the glossary says", () => {
  fc.assert(
    fc.property(likeEachOther, ([one, two]) => {
      const lexicon = createLexicon(OF_A_BATCH);
      const known = [lexicon.word(one), lexicon.word(two)] as const;
      const words: Word[] = [];
      for (const word of known) words[word.id] = word;
      const least = createGlossary(words, lexicon).editsAtLeast(known[0].id, known[1].id);
      expect(least).toBeLessThanOrEqual(editDistance(one, two, 20));
      expect(least).toBeGreaterThanOrEqual(Math.abs(one.length - two.length));
    }),
    { numRuns: 1000 },
  );
});
