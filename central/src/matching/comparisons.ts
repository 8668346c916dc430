/**
 * The comparisons: which values of two records are held against each other, and the levels that the answer can have.
 * Level 0 is always `missing`; the others go from best to worst.
 */
export const COMPARISONS = {
  given: ["missing", "exact", "nickname", "initial", "close", "similar", "different"],
  middle: ["missing", "exact", "initial", "different"],
  family: ["missing", "exact", "part", "close", "similar", "different"],
  suffix: ["missing", "exact", "different"],
  birth: ["missing", "exact", "close", "two_parts", "year", "different"],
  gender: ["missing", "exact", "different"],
  email: ["missing", "exact", "local", "close", "different"],
  phone: ["missing", "exact", "close", "different"],
  identifier: ["missing", "exact", "close", "near", "different"],
  street: ["missing", "exact", "close", "road", "number", "different"],
  locality: ["missing", "exact", "close", "different"],
  city: ["missing", "exact", "close", "different"],
  region: ["missing", "exact", "different"],
  postcode: ["missing", "exact", "close", "different"],
  birthPlace: ["missing", "exact", "close", "different"],
  occupation: ["missing", "exact", "different"],
} as const;

export type Comparison = keyof typeof COMPARISONS;
export type Level<Name extends Comparison = Comparison> = (typeof COMPARISONS)[Name][number];

const isComparison = (name: string): name is Comparison => Object.hasOwn(COMPARISONS, name);

export const COMPARISON_NAMES: readonly Comparison[] =
  Object.keys(COMPARISONS).filter(isComparison);

/** Number of each level of a comparison: 0 for `missing`, 1 for the best. */
export function numbersOf<Name extends Comparison>(
  name: Name,
): Readonly<Record<Level<Name>, number>> {
  const levels: readonly Level<Name>[] = COMPARISONS[name];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every level is in it, for it is made of their list
  return Object.fromEntries(levels.map((level, at) => [level, at])) as Record<Level<Name>, number>;
}

/** Written out, so that the compiler sees that none is left out. */
export const perComparison = <Value>(
  map: (name: Comparison) => Value,
): Record<Comparison, Value> => ({
  given: map("given"),
  middle: map("middle"),
  family: map("family"),
  suffix: map("suffix"),
  birth: map("birth"),
  gender: map("gender"),
  email: map("email"),
  phone: map("phone"),
  identifier: map("identifier"),
  street: map("street"),
  locality: map("locality"),
  city: map("city"),
  region: map("region"),
  postcode: map("postcode"),
  birthPlace: map("birthPlace"),
  occupation: map("occupation"),
});
