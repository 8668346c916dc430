/** The evidence around a few units, worked out again from what is stored: what explanations are made of. */
import type { Storage } from "@regulars/shared/storage/port";
import { type Component, componentsOf } from "../resolve/components.ts";
import type { MatchingContext } from "../resolve/matching-context.ts";
import { readSurroundings, type Surroundings } from "../resolve/surroundings.ts";
import { NO_DECISIONS } from "../resolve/arrivals.ts";
import { SELECT_UNITS, type UnitState, unitStateOf } from "../resolve/unit-changes.ts";

export interface Evidence {
  /** Those that were asked for. */
  readonly units: readonly UnitState[];
  readonly around: Surroundings;
  readonly components: readonly Component[];
}

/** `which` is the end of a query for units. */
export async function readEvidence(
  storage: Storage,
  which: string,
  args: readonly string[],
  context: MatchingContext,
): Promise<Evidence> {
  const [rows = []] = await storage.read([{ sql: `${SELECT_UNITS} where ${which}`, args }]);
  const units = rows.map((row) => unitStateOf(row));
  const around = await readSurroundings(
    storage,
    {
      units: {
        added: [],
        removed: [],
        restated: units,
        compared: [],
        records: new Map(),
        empty: [],
      },
      filing: { blocksOf: new Map(), blocks: new Map(), keys: new Map() },
      pairs: { kept: [], gone: [] },
      pending: NO_DECISIONS,
    },
    context,
  );
  return { units, around, components: componentsOf(around, context) };
}
