/** Candidate pairs of many records at once, found through their blocks. */
import { blocksOf } from "./blocks.ts";
import type { Prepared } from "./prepare.ts";

export interface PairList {
  readonly count: number;
  /** Of pair `n`: places of both records in the list, the first the lower. */
  readonly first: Int32Array;
  readonly second: Int32Array;
}

/** A code that more records than this share says too little: its pairs are left to other codes. */
export const BLOCK_RECORDS = 100;

/** `keysOf`: identity keys of a record by its place; who names one key is compared as well. */
export function candidatePairs(
  records: readonly Prepared[],
  keysOf: (at: number) => readonly string[] = () => [],
): PairList {
  const { members, blocks } = fileRecords(records, keysOf);
  const alive = members.map((list) => list.length > 1 && list.length <= BLOCK_RECORDS);
  const lastSeen = new Int32Array(records.length).fill(-1);
  const first = new Growing();
  const second = new Growing();
  for (const [at, own] of blocks.entries()) {
    for (const block of own) {
      if (!alive[block]) continue;
      for (const other of members[block] ?? []) {
        if (other <= at || lastSeen[other] === at) continue;
        lastSeen[other] = at;
        first.push(at);
        second.push(other);
      }
    }
  }
  return { count: first.length, first: first.values(), second: second.values() };
}

function fileRecords(
  records: readonly Prepared[],
  keysOf: (at: number) => readonly string[],
): { members: number[][]; blocks: number[][] } {
  const numbers = new Map<string, number>();
  const members: number[][] = [];
  const blocks = records.map((record, at) =>
    [...blocksOf(record), ...keysOf(at).map((key) => `k/${key}`)].map((block) => {
      let number = numbers.get(block);
      if (number === undefined) {
        number = members.length;
        numbers.set(block, number);
        members.push([]);
      }
      members[number]?.push(at);
      return number;
    }),
  );
  return { members, blocks };
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
