/** The only randomness of the town: the same seed, the same throws. */
import { base, en, en_GB, Faker } from "@faker-js/faker";

export function createDice(seed: number): Faker {
  return new Faker({ locale: [en_GB, en, base], seed });
}

export const chance = (dice: Faker, probability: number): boolean =>
  dice.datatype.boolean(probability);
