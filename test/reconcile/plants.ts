/** What a run plants into a store-day, and what head office has to be told of it. */
import type { Random } from "../simulate/random.ts";

export const PLANTS = [
  "gap", "tail_gap", "duplicate_receipt", "duplicate_external", "duplicate_resealed", "chain_content",
  "chain_predecessor", "fork", "tenders_flagged", "tenders_unflagged", "z_total", "z_tender", "z_count",
  "z_number", "seal_head", "seal_root", "card_unsettled", "settled_unknown", "settled_differs", "late",
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

/** A third of the days has none; no till has two. */
export function drawPlants(random: Random, place: PlantPlace): Plant[] {
  if (random.chance(1 / 3)) return [];
  const tills = place.tills.toSorted(() => random() - 0.5).slice(0, random.int(1, place.tills.length)); // prettier-ignore
  const possible = PLANTS.filter(
    (name) =>
      (place.settles || !OF_SETTLEMENT.has(name)) &&
      (!place.isLastDay || !NEEDS_TOMORROW.has(name)),
  );
  const plants = tills.map((till): Plant => {
    const name = random.pick(possible);
    return { name, till, at: 0.2 + random() * 0.6, amountMinor: random.int(1, 9) * 100 + 7 };
  });
  // One seal a day.
  const isSeal = ({ name }: Plant): boolean => name === "seal_head" || name === "seal_root";
  const [seal] = plants.filter((plant) => isSeal(plant));
  return plants.filter((plant) => !isSeal(plant) || plant === seal);
}
