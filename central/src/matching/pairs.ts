/** Pairs of many records at once: those found through their blocks, and those drawn by chance. */
import { codesOf, eachPair, fileCodes } from "./filed.ts";
import type { Prepared } from "./prepare.ts";

export interface PairList {
  readonly count: number;
  /** Of pair `n`: places of both records in the list. */
  readonly first: Int32Array;
  readonly second: Int32Array;
}

/** `keysOf`: identity keys of a record by its place; who names one key is compared as well. */
export function candidatePairs(
  records: readonly Prepared[],
  keysOf: (at: number) => readonly string[] = () => [],
): PairList {
  const first = new Growing();
  const second = new Growing();
  const range = { from: 0, to: records.length };
  eachPair(fileCodes([codesOf(records, keysOf)]), range, (a, b) => {
    first.push(a);
    second.push(b);
  });
  return { count: first.length, first: first.values(), second: second.values() };
}

/** Whole numbers, as many as come, without an object for each. */
export class Growing {
  #values = new Int32Array(1024);
  length = 0;
  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }
  values(): Int32Array {
    return this.#values.subarray(0, this.length);
  }
}

const SAMPLE_PAIRS = 200_000;
const GOLDEN_RATIO = 0.618_033_988_75;

/**
 * Pairs drawn without regard to what they say: all of few records; of many, each record with others at distances that are
 * spread evenly, the same in every run.
 */
export function samplePairs(records: number): PairList {
  const first = new Growing();
  const second = new Growing();
  const add = (a: number, b: number): void => {
    first.push(a);
    second.push(b);
  };
  if ((records * (records - 1)) / 2 <= SAMPLE_PAIRS) {
    for (let a = 0; a < records; a++) for (let b = a + 1; b < records; b++) add(a, b);
  } else {
    const each = Math.max(1, Math.floor(SAMPLE_PAIRS / records));
    for (let n = 1; n <= each; n++) {
      const distance = 1 + Math.floor(((records - 1) * n * GOLDEN_RATIO) % (records - 1));
      for (let a = 0; a < records; a++) {
        const b = (a + distance) % records;
        if (a !== b) add(Math.min(a, b), Math.max(a, b));
      }
    }
  }
  return { count: first.length, first: first.values(), second: second.values() };
}
