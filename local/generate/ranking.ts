/** Draws from a list whose first items are the common ones: few names are many people's, most are a few people's. */
import type { Faker } from "@faker-js/faker";

export type Draw = (dice: Faker) => string;

/**
 * The item at a rank weighs 1 / (rank + flatness). By divisions alone: powers and logarithms may differ in the last
 * digit between machines, and the same seed must give the same bytes on each.
 */
export function createRanking(items: readonly string[], flatness: number): Draw {
  let sum = 0;
  const sums = items.map((_, rank) => (sum += 1 / (rank + flatness)));
  return (dice) => items[rankAt(sums, dice.number.float() * sum)] ?? "";
}

/** The first place whose sum is above the point. */
function rankAt(sums: readonly number[], point: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) > point) high = middle;
    else low = middle + 1;
  }
  return low;
}
