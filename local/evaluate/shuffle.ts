/** Another order of the same records, the same for the same seed. */
import { createDice } from "../town/dice.ts";

export function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  return createDice(seed).helpers.shuffle([...items]);
}
