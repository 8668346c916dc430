import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyFeatures, features } from "../testing/features.ts";
import { blocksOf } from "./blocks.ts";
import { BLOCK_RECORDS } from "./filed.ts";
import { candidatePairs, Growing, type PairList, samplePairs } from "./pairs.ts";
import { createLexicon, prepare, type Prepared } from "./prepare.ts";

const listed = ({ count, first, second }: PairList): string[] =>
  Array.from({ length: count }, (_, n) => `${first[n]}-${second[n]}`);

const sharingMailbox = (count: number): Prepared[] => {
  const lexicon = createLexicon();
  return Array.from({ length: count }, () =>
    prepare(features({ phone: "+447700900123" }), lexicon),
  );
};

describe("candidate pairs", () => {
  test("are those with a code in common, each once, the lower place first", () => {
    fc.assert(
      fc.property(fc.array(anyFeatures, { maxLength: 12 }), (all) => {
        const lexicon = createLexicon();
        const records = all.map((some) => prepare(some, lexicon));
        const blocks = records.map((record) => new Set(blocksOf(record)));
        const expected = records.flatMap((_a, at) =>
          records.flatMap((_b, other) =>
            other > at && blocks[at]!.intersection(blocks[other]!).size > 0
              ? [`${at}-${other}`]
              : [],
          ),
        );
        expect(listed(candidatePairs(records)).toSorted()).toEqual(expected.toSorted());
      }),
    );
  });

  test("IDN3 a code that more records share than the cap says too little and makes no pair", () => {
    const most = BLOCK_RECORDS;
    expect(candidatePairs(sharingMailbox(most)).count).toBe((most * (most - 1)) / 2);
    expect(candidatePairs(sharingMailbox(most + 1)).count).toBe(0);
  });

  test("of a crowded code still meet under another", () => {
    const lexicon = createLexicon();
    const own = { phone: "+447700900123", email: "a@example.com" };
    const records = [
      ...sharingMailbox(BLOCK_RECORDS),
      prepare(features(own), lexicon),
      prepare(features(own), lexicon),
    ];
    expect(listed(candidatePairs(records))).toEqual([`${BLOCK_RECORDS}-${BLOCK_RECORDS + 1}`]);
  });
});

describe("pairs drawn without regard to what they say", () => {
  test("of few records are all", () => {
    expect(listed(samplePairs(4)).toSorted()).toEqual(["0-1", "0-2", "0-3", "1-2", "1-3", "2-3"]);
    expect([samplePairs(0).count, samplePairs(1).count]).toEqual([0, 0]);
  });

  test.each([700, 5_000, 200_001])(
    "of %d are a bounded number, of two records each, the same in every run",
    (records) => {
      const { count, first, second } = samplePairs(records);
      expect(count).toBeGreaterThan(150_000);
      expect(count).toBeLessThan(250_000);
      expect(first.every((a, n) => a >= 0 && a < second[n]! && second[n]! < records)).toBe(true);
      expect(samplePairs(records)).toEqual({ count, first, second });
      // Every record has its turn.
      expect(new Set([...first, ...second]).size).toBe(records);
    },
  );

  test("no pair is drawn much more often than others", () => {
    const pairs = listed(samplePairs(5_000));
    expect(new Set(pairs).size).toBeGreaterThan(pairs.length * 0.95);
  });
});

test("a growing list keeps what was put in, beyond its first size", () => {
  const list = new Growing();
  for (let n = 0; n < 3_000; n++) list.push(n * 2);
  expect([list.length, list.values().length]).toEqual([3_000, 3_000]);
  expect([...list.values()].every((value, n) => value === n * 2)).toBe(true);
});
