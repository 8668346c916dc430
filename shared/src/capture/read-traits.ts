/** Traits of a customer part: text, numbers and booleans by a usable name; the rest is set aside (CAP4). */
import { traitNameSchema, type Traits, traitValueSchema } from "../events/trait.ts";
import { LIMITS } from "../limits.ts";

export interface ReadTraits {
  readonly traits: Traits;
  /** What could not be used, as it was given; null when all of it could. */
  readonly rest: unknown;
}

export function readTraits(raw: object): ReadTraits {
  const traits: Traits = {};
  const rest: [string, unknown][] = [];
  for (const [name, value] of Object.entries(raw) as [string, unknown][]) {
    if (value === null || value === undefined || value === "") continue;
    const usable = traitNameSchema.safeParse(name);
    const read = traitValueSchema.safeParse(asWritten(value));
    const isFull = Object.keys(traits).length === LIMITS.traits;
    if (usable.success && read.success && !isFull) traits[usable.data] = read.data;
    else rest.push([name, value]);
  }
  return { traits, rest: rest.length === 0 ? null : Object.fromEntries(rest) };
}

/** As it will be read back: half a character is another one after its way, and there is one zero. */
function asWritten(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  return value === 0 ? 0 : value;
}
