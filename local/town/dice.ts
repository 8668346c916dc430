/** The only randomness of the town: the same seed, the same throws. */
import { base, en, en_GB, Faker } from "@faker-js/faker";

/** Of a seed and a part, so that one part can throw more often and the others stay as they were. */
export function createDice(seed: number, part?: number): Faker {
  const dice = new Faker({ locale: [en_GB, en, base], seed });
  if (part !== undefined) dice.seed([seed, part]);
  return dice;
}

export const chance = (dice: Faker, probability: number): boolean =>
  dice.datatype.boolean(probability);
