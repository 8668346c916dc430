/** How often values occur: to agree on a rare surname says more than to agree on Smith. */
import type { Comparison } from "./comparisons.ts";
import type { Features } from "./features.ts";
import { FREQUENCY_FIELDS, type Frequencies, type FrequencyField, type Model } from "./model.ts";

/** Of each field, as many of the most frequent values are kept one by one. */
const COMMON_VALUES = 5_000;
/** In fewer records than this, frequencies are noise. */
const RECORDS_MIN = 100;
/** A value that no more records have than this may be one person's own. */
const RARE_RECORDS = 2;

/** Values that stand out are kept with their share; all others count as rare, at the share of an average one of them. */
export function frequenciesOf(records: readonly Features[]): Model["frequencies"] {
  return Object.fromEntries(
    FREQUENCY_FIELDS.flatMap((field): [string, Frequencies][] => {
      const counts = new Map<string, number>();
      let known = 0;
      for (const features of records) {
        const value = frequencyValue(field, features);
        if (value === "") continue;
        known++;
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      return known < RECORDS_MIN ? [] : [[field, frequenciesOfCounts(counts, known)]];
    }),
  );
}

function frequenciesOfCounts(counts: ReadonlyMap<string, number>, known: number): Frequencies {
  const common = [...counts]
    .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, COMMON_VALUES)
    .filter(([, count]) => count > RARE_RECORDS);
  const rest = counts.size - common.length;
  const restCount = known - common.reduce((sum, [, count]) => sum + count, 0);
  const rare = (rest > 0 ? restCount / rest : 1) / known;
  return {
    common: Object.fromEntries(common.map(([value, count]) => [value, shareOf(count / known)])),
    rare: shareOf(rare),
  };
}

/** Everybody has the value: it says nothing, and its logarithm stays finite. */
const shareOf = (share: number): number => Math.min(share, 0.999);

/** Share of the records that have the value of this record; null where it is not known. */
export function frequencyOf(
  frequencies: Model["frequencies"],
  name: Comparison,
  features: Features,
): number | null {
  if (!isFrequencyField(name)) return null;
  const table = frequencies[name];
  if (!table) return null;
  const value = frequencyValue(name, features);
  return Object.hasOwn(table.common, value) ? (table.common[value] ?? table.rare) : table.rare;
}

export function isFrequencyField(name: Comparison): name is FrequencyField {
  return (FREQUENCY_FIELDS as readonly Comparison[]).includes(name);
}

function frequencyValue(name: FrequencyField, features: Features): string {
  switch (name) {
    case "given":
      return features.given[0] ?? "";
    case "family":
      return features.family.join(" ");
    case "street":
      return features.road === "" ? "" : `${features.number} ${features.road}`;
    case "city":
    case "postcode":
    case "birth":
    case "locality":
    case "birthPlace":
    case "occupation":
      return features[name];
  }
}
