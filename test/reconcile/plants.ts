/** What a run plants into a store-day, and what head office has to be told of it. */
import type { Random } from "../simulate/random.ts";

export const PLANTS = [
  "gap", "tail_gap", "duplicate_receipt", "duplicate_external", "duplicate_resealed", "chain_content",
  "chain_predecessor", "fork", "tenders_flagged", "tenders_unflagged", "z_total", "z_tender", "z_count",
  "z_number", "seal_head", "seal_root", "seal_left_out", "card_unsettled", "settled_unknown", "settled_differs", "late",
  "late_unflagged", "clock", "return_exceeds", "return_twice", "loyalty", "golden", "over", "short",
  "unreadable", "aside",
] as const; // prettier-ignore
export type PlantName = (typeof PLANTS)[number];

export interface Plant {
  readonly name: PlantName;
  /** Which of the store's tills. */
  readonly till: number;
  /** After which of its sales (share of all). */
  readonly at: number;
  readonly amountMinor: number;
}

/** What the centre has to say: exactly this, and nothing else. */
export interface Expected {
  readonly plant: PlantName | "trend";
  readonly store: string;
  readonly businessDay: string;
  readonly kind: string;
  readonly source: string | null;
  readonly epoch: number | null;
  readonly seq: number | null;
  readonly currency: string | null;
  readonly amountMinor: number | null;
}

const OF_SETTLEMENT: ReadonlySet<string> = new Set(["card_unsettled", "settled_unknown", "settled_differs"]); // prettier-ignore
const NEEDS_TOMORROW: ReadonlySet<string> = new Set(["late", "late_unflagged"]);

export interface PlantPlace {
  readonly tills: readonly number[];
  readonly settles: boolean;
  readonly isLastDay: boolean;
}

/** Gives out every kind once, in an order of its own, before it gives one out again. */
export interface Deck {
  draw(isPossible: (name: PlantName) => boolean): PlantName | null;
}

export function createDeck(random: Random, kinds: readonly PlantName[] = PLANTS): Deck {
  let names: PlantName[] = [];
  return {
    draw(isPossible) {
      if (!names.some((name) => isPossible(name))) names.push(...shuffled(random, kinds));
      const at = names.findIndex((name) => isPossible(name));
      return names.splice(at, 1)[0] ?? null;
    },
  };
}

const shuffled = (random: Random, kinds: readonly PlantName[]): PlantName[] =>
  kinds
    .map((name) => ({ name, order: random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ name }) => name);

/** A quarter of the days has none; no till has two, and no day two seals. */
export function drawPlants(random: Random, deck: Deck, place: PlantPlace): Plant[] {
  if (random.chance(1 / 4)) return [];
  const plants: Plant[] = [];
  for (const till of place.tills) {
    if (random.chance(0.4)) continue;
    const hasSeal = plants.some(({ name }) => SEALS.has(name));
    const name = deck.draw(
      (each) =>
        (place.settles || !OF_SETTLEMENT.has(each)) &&
        (!place.isLastDay || !NEEDS_TOMORROW.has(each)) &&
        (!hasSeal || !SEALS.has(each)) &&
        // The one that seals is never left out.
        (till > 0 || each !== "seal_left_out"),
    );
    if (name) plants.push({ name, till, at: 0.2 + random() * 0.6, amountMinor: random.int(1, 9) * 100 + 7 }); // prettier-ignore
  }
  return plants;
}

const SEALS: ReadonlySet<string> = new Set(["seal_head", "seal_root", "seal_left_out"]);
