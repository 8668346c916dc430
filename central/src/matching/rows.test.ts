import fc from "fast-check";
import { expect, test } from "vitest";
import { anyFeatures } from "../testing/features.ts";
import { comparePair } from "./compare.ts";
import { levelsOf, noLevels } from "./levels.ts";
import { createLexicon, OF_A_BATCH, prepare } from "./prepare.ts";
import { createRows } from "./rows.ts";

test("IDN2 rows of numbers come to the levels that the records come to, whichever is first", () => {
  fc.assert(
    fc.property(fc.array(anyFeatures, { minLength: 2, maxLength: 6 }), (all) => {
      const lexicon = createLexicon(OF_A_BATCH);
      const records = all.map((each) => prepare(each, lexicon));
      const { compare } = createRows(records.length, (at) => records[at]!, lexicon);
      const numbers = noLevels();
      for (const [first, a] of records.entries()) {
        for (const [second, b] of records.entries()) {
          compare(numbers, first, second);
          expect(levelsOf(numbers)).toEqual(comparePair(a, b, createLexicon()));
        }
      }
    }),
    { numRuns: 300 },
  );
});
