/** What a message is told by, beside what it says. */
import type { MapAccount } from "../mapper.ts";
import type { Part } from "../read/part.ts";

export interface Told {
  readonly account: MapAccount;
  /** When it was told of: where a thing has no time of its own. */
  readonly at: string;
}

/** The store of a location. An account that names its locations knows all of them: another one is a failure. */
export function placeOf(part: Part, { locations }: MapAccount): { readonly store?: string } {
  const location = part.id("location_id");
  if (location === undefined || locations === undefined) return {};
  const store = Object.hasOwn(locations, location) ? locations[location] : undefined;
  if (store === undefined) return part.fail("unknown_store", "location_id") ?? {};
  return { store };
}
