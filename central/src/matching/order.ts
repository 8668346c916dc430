/**
 * In which order a batch lays out its records: by their names. Records of like names are filed under the same codes and compared
 * with each other, one after the other: what is needed for the next pair was mostly needed for the one before, and is in the
 * processor's cache still. By their ids alone, two thirds as many pairs are compared in the same time.
 */
import type { Features } from "./features.ts";
import { sharedOf } from "./filed.ts";
import type { PairList } from "./pairs.ts";

export interface Order<Of> {
  readonly byId: readonly Of[];
  /** By name, and by id where the name is the same. */
  readonly ordered: readonly Of[];
  /** Where the n-th by id is in `ordered`. */
  readonly placeOfRank: Int32Array;
}

/** The same whichever order the records come in. */
export function orderOf<Of extends { readonly id: string; readonly features: Features }>(
  records: readonly Of[],
): Order<Of> {
  const byId = records.toSorted((a, b) => compareTexts(a.id, b.id));
  const named = byId
    .map((record, rank) => ({ record, rank, name: nameOf(record.features) }))
    .toSorted((a, b) => compareTexts(a.name, b.name));
  const placeOfRank = new Int32Array(byId.length);
  for (const [place, { rank }] of named.entries()) placeOfRank[rank] = place;
  return { byId, ordered: named.map(({ record }) => record), placeOfRank };
}

/**
 * Pairs of ranks as pairs of places, for threads to share. Whoever draws pairs by chance draws ranks: at one distance in the
 * order of names nobody stands from a namesake, and strangers would seem never to have one.
 */
export function placed({ count, first, second }: PairList, placeOfRank: Int32Array): PairList {
  const placesOf = (ranks: Int32Array): Int32Array =>
    sharedOf(ranks.map((rank) => placeOfRank[rank] ?? -1));
  return { count, first: placesOf(first), second: placesOf(second) };
}

const nameOf = ({ family, given }: Features): string => [family.join(" "), ...given].join("\0");

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
