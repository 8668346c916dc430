/**
 * Which records are filed under one code, as numbers in a few arrays that threads share. Pairs are found from the side of
 * the record with the lower place, so that any range of records can be gone through alone: its pairs are those that begin in
 * it, each once, whatever codes they have in common.
 */
import { blocksOf } from "./blocks.ts";
import { numberOfCode } from "./code-number.ts";
import { Numbering } from "./numbering.ts";
import type { Prepared } from "./prepare.ts";

/** A code that more records than this share says too little: its pairs are left to other codes. */
export const BLOCK_RECORDS = 100;

/** Codes of records one after the other; of the record `n` of them up to `ends[n]`. */
export interface Codes {
  readonly numbers: Float64Array;
  readonly ends: Int32Array;
}

/**
 * Codes that make pairs. The records of a code stand one after the other in `members`, rising, the last as its complement
 * (`~place`). Record `at` meets those that come after it in `members` from `rests[n]` on, for each `n` from `starts[at]` to
 * `starts[at + 1]`.
 */
export interface Filed {
  readonly starts: Int32Array;
  readonly rests: Int32Array;
  readonly members: Int32Array;
}

/** `keysOf`: identity keys of a record by its place in the list; who names one key is compared as well. */
export function codesOf(
  records: readonly Prepared[],
  keysOf: (at: number) => readonly string[],
): Codes {
  let numbers = new Float64Array(records.length * 24);
  const ends = new Int32Array(records.length);
  let length = 0;
  for (const [at, record] of records.entries()) {
    const own = blocksOf(record).map((block) => numberOfCode(block));
    for (const key of keysOf(at)) own.push(numberOfCode(`k/${key}`));
    if (length + own.length > numbers.length) {
      const larger = new Float64Array(numbers.length * 2 + own.length);
      larger.set(numbers);
      numbers = larger;
    }
    for (const number of own) numbers[length++] = number;
    ends[at] = length;
  }
  return { numbers: numbers.slice(0, length), ends };
}

export const sharedInts = (length: number): Int32Array =>
  new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));

/** Of records in their order, in as many parts as there are. */
export function fileCodes(parts: readonly Codes[]): Filed {
  const total = parts.reduce((sum, { numbers }) => sum + numbers.length, 0);
  const records = parts.reduce((sum, { ends }) => sum + ends.length, 0);
  const numbering = new Numbering(total);
  const codeOf = new Int32Array(total);
  let next = 0;
  for (const { numbers } of parts) {
    for (const number of numbers) codeOf[next++] = numbering.placeOf(number);
  }
  const counts = new Int32Array(numbering.count);
  for (const code of codeOf) counts[code] = (counts[code] ?? 0) + 1;
  const places = placesOf(counts);
  const members = sharedInts(places.total);
  const starts = sharedInts(records + 1);
  const rests = new Int32Array(places.total);
  let [at, length] = [0, 0];
  eachEnd(parts, (from, to) => {
    for (let n = from; n < to; n++) {
      const code = codeOf[n] ?? 0;
      const place = places.next[code] ?? -1;
      if (place === -1) continue;
      const isLast = place + 1 === places.end[code];
      members[place] = isLast ? ~at : at;
      places.next[code] = place + 1;
      if (!isLast) rests[length++] = place + 1;
    }
    starts[++at] = length;
  });
  return { starts, rests: sharedOf(rests.subarray(0, length)), members };
}

export function sharedOf(ints: Int32Array): Int32Array {
  const shared = sharedInts(ints.length);
  shared.set(ints);
  return shared;
}

const isKept = (count: number): boolean => count > 1 && count <= BLOCK_RECORDS;

/** Room for the records of each code of a bearable size: the next place and the end of it; -1 of any other code. */
function placesOf(counts: Int32Array): { next: Int32Array; end: Int32Array; total: number } {
  const next = new Int32Array(counts.length).fill(-1);
  const end = new Int32Array(counts.length).fill(-1);
  let total = 0;
  for (const [code, count] of counts.entries()) {
    if (!isKept(count)) continue;
    next[code] = total;
    total += count;
    end[code] = total;
  }
  return { next, end, total };
}

/** Goes over all records: from where to where their codes lie in the list of all. */
function eachEnd(parts: readonly Codes[], visit: (from: number, to: number) => void): void {
  let base = 0;
  for (const { ends, numbers } of parts) {
    let from = 0;
    for (const end of ends) {
      visit(base + from, base + end);
      from = end;
    }
    base += numbers.length;
  }
}

/** Goes over the pairs that begin in a range of records, each once, in one order. */
export function eachPair(
  { starts, rests, members }: Filed,
  range: { readonly from: number; readonly to: number },
  visit: (first: number, second: number) => void,
): void {
  const lastSeen = new Int32Array(starts.length - 1).fill(-1);
  for (let at = range.from; at < range.to; at++) {
    const end = starts[at + 1] ?? 0;
    // Not with itself, should two codes of it have one number.
    lastSeen[at] = at;
    for (let n = starts[at] ?? 0; n < end; n++) {
      for (let place = rests[n] ?? 0, isLast = false; !isLast; place++) {
        const member = members[place] ?? -1;
        isLast = member < 0;
        const other = isLast ? ~member : member;
        if (lastSeen[other] === at) continue;
        lastSeen[other] = at;
        visit(at, other);
      }
    }
  }
}
