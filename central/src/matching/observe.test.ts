import fc from "fast-check";
import { expect, test } from "vitest";
import { anyFeatures, features } from "../testing/features.ts";
import { comparePair } from "./compare.ts";
import { DEFAULT_MODEL, type Model } from "./model.ts";
import { createRarity, observePairs, outcomesOf } from "./observe.ts";
import { type PairList, samplePairs } from "./pairs.ts";
import { createLexicon, type Lexicon, prepare, type Prepared } from "./prepare.ts";
import { createRows } from "./rows.ts";

function observed(
  records: readonly Prepared[],
  pairs: PairList,
  lexicon: Lexicon,
  model: Model = DEFAULT_MODEL,
) {
  const recordAt = (at: number) => records[at]!;
  const rows = createRows(records.length, recordAt, lexicon);
  const tally = observePairs(pairs, rows, createRarity(model, recordAt, rows));
  return { outcomes: outcomesOf([tally]), outcomeOf: tally.outcomeOf };
}

test("every pair is counted once, under the levels that comparing it gives", () => {
  fc.assert(
    fc.property(fc.array(anyFeatures, { maxLength: 9 }), (all) => {
      const lexicon = createLexicon();
      const records = all.map((some) => prepare(some, lexicon));
      const pairs = samplePairs(records.length);
      const { outcomes, outcomeOf } = observed(records, pairs, lexicon);
      expect(outcomes.reduce((sum, { count }) => sum + count, 0)).toBe(pairs.count);
      for (let n = 0; n < pairs.count; n++) {
        const [a, b] = [records[pairs.first[n]!]!, records[pairs.second[n]!]!];
        expect(outcomes[outcomeOf[n]!]!.levels).toEqual(comparePair(a, b, lexicon));
      }
    }),
  );
});

test("pairs that agree in the same way are counted together", () => {
  const lexicon = createLexicon();
  const records = Array.from({ length: 4 }, () => prepare(features({ city: "leeds" }), lexicon));
  const { outcomes } = observed(records, samplePairs(4), lexicon);
  expect(outcomes.map(({ count }) => count)).toEqual([6]);
});

test("agreement on a rare value is another outcome than on a frequent one", () => {
  const lexicon = createLexicon();
  const records = ["smith", "smith", "zyw", "zyw"].map((name) =>
    prepare(features({ family: [name] }), lexicon),
  );
  const model: Model = {
    ...DEFAULT_MODEL,
    frequencies: { family: { common: { smith: 0.05 }, rare: 0.0001 } },
  };
  const { outcomes } = observed(records, samplePairs(4), lexicon, model);
  const exact = outcomes.filter(({ levels }) => levels.family === "exact");
  expect(exact.map(({ count }) => count)).toEqual([1, 1]);
  expect(exact[1]!.rarity - exact[0]!.rarity).toBe(Math.round(Math.log2(0.05 / 0.0001)));
});
