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
  /**
   * Of an ignore: the one claim that does not count; without it no claim of the field from that record does. Of a pin: the
   * claim that it confirms, where its value was not written by hand.
   */
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
 * What is left when the decisions have settled among themselves. A pin and an ignore contradict each other where they are
 * about the same: about all that a record says of a field, or about one claim; then the newest counts. Of the pins that
 * stand, the newest counts.
 */
export function rulingsOf(overrides: readonly Override[]): Rulings {
  const newestFirst = overrides.toSorted(compareOverrides);
  const ignores = Map.groupBy(
    newestFirst.filter(({ kind }) => kind === "ignore"),
    (each) => placeOf(each),
  );
  const isLifted = (pin: Pin): boolean =>
    (ignores.get(placeOf(pin)) ?? []).some(
      (ignore) => isAbout(ignore, pin.event) && compareOverrides(ignore, pin) < 0,
    );
  const pins = new Map<ClaimField, Pin>();
  for (const each of newestFirst) {
    if (isPin(each) && !pins.has(each.field) && !isLifted(each)) pins.set(each.field, each);
  }
  return {
    pins,
    ignoring: (claim) =>
      ignores.get(placeOf(claim))?.find((ignore) => isAbout(ignore, claim.event)),
  };
}

const isAbout = (ignore: Override, event: string | undefined): boolean =>
  ignore.event === undefined || ignore.event === event;

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
