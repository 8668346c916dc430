/**
 * Overrides: what a steward has decided about one field of one customer, where no rule can know better (GLD1).
 *
 * Each hangs on a source record and not on a customer, so that it follows that record when customers are merged or split:
 * whoever has the record has the decision, and whoever loses it is free of it.
 */
import { z } from "zod";
import { type Stamp, stampSchema } from "../clock.ts";
import { LIMITS } from "../limits.ts";
import { type ClaimField, claimFieldSchema, claimValueSchema } from "../events/claim.ts";

export const overrideSchema = z.object({
  /** Of the decision. */
  id: z.string().min(1).max(64),
  /** `pin`: this value stands. `ignore`: what this record says does not count. */
  kind: z.enum(["pin", "ignore"]),
  field: claimFieldSchema,
  /** The source record it hangs on: `source/epoch/key`. */
  fragment: z.string().min(1).max(256),
  /** Of a pin; one without a value pins nothing. */
  value: claimValueSchema.optional(),
  /** Of an ignore: the one claim that does not count. Without it no claim of the field from that record does. */
  event: z.string().min(1).max(256).optional(),
  stamp: stampSchema,
  /** Who has decided it. */
  by: z.string().min(1).max(64),
});
export type Override = z.infer<typeof overrideSchema>;
export type Pin = Override & { readonly value: NonNullable<Override["value"]> };

export interface Rulings {
  /** The pin that stands, by field. */
  readonly pins: ReadonlyMap<ClaimField, Pin>;
  /** The decision by which this claim does not count. */
  ignoring(claim: Claimed): Override | undefined;
}

interface Claimed {
  readonly field: ClaimField;
  readonly event: string;
  readonly fragment: string;
}

/**
 * What is left when the decisions have settled among themselves. About one field of one record the newest word counts, so
 * a pin stands only where no newer ignore does; of the pins that stand, the newest counts.
 */
export function rulingsOf(overrides: readonly Override[]): Rulings {
  const newestFirst = overrides.toSorted(compareOverrides);
  const newestOfPlace = new Map<string, Override>();
  for (const each of newestFirst) {
    if (!newestOfPlace.has(placeOf(each))) newestOfPlace.set(placeOf(each), each);
  }
  const pins = new Map<ClaimField, Pin>();
  for (const each of newestOfPlace.values()) {
    if (isPin(each) && !pins.has(each.field)) pins.set(each.field, each);
  }
  const ignores = Map.groupBy(
    newestFirst.filter(({ kind }) => kind === "ignore"),
    (each) => placeOf(each),
  );
  return {
    pins,
    ignoring: (claim) =>
      ignores
        .get(placeOf(claim))
        ?.find(({ event }) => event === undefined || event === claim.event),
  };
}

/**
 * One of each decision, and only those about these records, in an order of their own (IDN2): the newest, as many as a
 * profile carries, so that edge and centre count the same ones.
 */
export function overridesOn(
  overrides: readonly Override[],
  hasFragment: (id: string) => boolean,
): Override[] {
  const newestFirst = overrides
    .filter(({ fragment }) => hasFragment(fragment))
    .toSorted(compareOverrides);
  const byId = new Map(newestFirst.toReversed().map((each) => [each.id, each]));
  return [...byId.values()]
    .toSorted(compareOverrides)
    .slice(0, LIMITS.overridesPerCustomer)
    .toSorted((a, b) => ascending(a.id, b.id));
}

const isPin = (each: Override): each is Pin => each.kind === "pin" && each.value !== undefined;

const placeOf = ({ field, fragment }: { field: ClaimField; fragment: string }): string =>
  `${field} ${fragment}`;

/** Newest first, by the hybrid logical clock; between equal stamps the higher id. */
function compareOverrides(a: Aged, b: Aged): number {
  return ascending(b.stamp, a.stamp) || ascending(b.id, a.id);
}

interface Aged {
  readonly stamp: Stamp;
  readonly id: string;
}

const ascending = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
