import type { Stamp } from "../clock.ts";
import type { TraitValue } from "../events/trait.ts";
import { LIMITS } from "../limits.ts";

interface Named {
  readonly name: string;
  readonly value: TraitValue;
  readonly stamp: Stamp;
}

/**
 * The newest, as many as a fragment or profile may have, and as long as all of them together may be (SYN10). What was said
 * by one event goes by name, so that every tier keeps the same ones (GLD2).
 */
export function boundTraits<Trait extends Named>(traits: readonly Trait[]): Trait[] {
  const newestFirst = traits.toSorted(
    (a, b) => ascending(b.stamp, a.stamp) || ascending(a.name, b.name),
  );
  let chars = 0;
  const beyond = newestFirst.findIndex(({ name, value }, at) => {
    chars += name.length + String(value).length;
    return at === LIMITS.traits || chars > LIMITS.traitsChars;
  });
  return beyond === -1 ? newestFirst : newestFirst.slice(0, beyond);
}

const ascending = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
