/**
 * Lines that arrive in one order and leave in another. Kept as bytes in slabs, because half a million strings cost the
 * collector more than the text itself.
 */
import type { Faker } from "@faker-js/faker";

export interface ShuffledLines {
  readonly length: number;
  add(line: string): void;
  /** In an order that tells nothing of that of arrival; `at` is the place of arrival. */
  shuffled(dice: Faker): Generator<{ at: number; line: Buffer }>;
}

const slabBytes = 4 * 1024 * 1024;

export function createShuffledLines(): ShuffledLines {
  const slabs: Buffer[] = [];
  const [starts, sizes]: [number[], number[]] = [[], []];
  let end = slabBytes; // of what is used of the last slab
  return {
    get length() {
      return starts.length;
    },
    add: (line) => {
      const size = Buffer.byteLength(line);
      if (end + size > slabBytes) {
        slabs.push(Buffer.allocUnsafe(slabBytes));
        end = 0;
      }
      slabs.at(-1)?.write(line, end);
      starts.push((slabs.length - 1) * slabBytes + end);
      sizes.push(size);
      end += size;
    },
    *shuffled(dice) {
      for (const at of shuffle(dice, starts.length)) {
        const [start = 0, size = 0] = [starts[at], sizes[at]];
        const slab = slabs[Math.floor(start / slabBytes)];
        const from = start % slabBytes;
        if (slab) yield { at, line: slab.subarray(from, from + size) };
      }
    },
  };
}

/** Fisher and Yates. */
function shuffle(dice: Faker, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, at) => at);
  for (let last = count - 1; last > 0; last--) {
    const other = dice.number.int(last);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}
