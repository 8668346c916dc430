/**
 * What a profile says of web shop, app, programs and traits. Of all fragments' words on one thing the newest counts, by stamp
 * and then by event: a total order, so that the order of arrival is of no importance (IDN2).
 */
import { z } from "zod";
import { stampSchema } from "../clock.ts";
import { traitNameSchema, traitValueSchema } from "../events/trait.ts";
import {
  cartStateSchema,
  loyaltyStateSchema,
  orderStateSchema,
  programSchema,
  recentBehaviourSchema,
} from "../fragment/activity.ts";
import { boundTraits } from "../fragment/bound-traits.ts";
import type { Contribution } from "../fragment/contribution.ts";
import { eventKeyOf, fragmentIdOf } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { newestFirst, newestOfEach } from "./newest-first.ts";

const origin = { stamp: stampSchema, event: z.string(), fragment: z.string() };
const profileTraitSchema = z.object({ value: traitValueSchema, ...origin });
const profileLoyaltySchema = loyaltyStateSchema.omit({ seq: true }).extend(origin);
const profileCartSchema = cartStateSchema.extend({ event: z.string() });

/** From protocol 4 on; profiles of older builds have none of it. */
export const activityShape = {
  /** By name, each by the newest word on it. */
  traits: z.record(traitNameSchema, profileTraitSchema).default({}),
  /** Newest first, and so the next three. */
  behaviours: z.array(recentBehaviourSchema.extend({ event: z.string() })).default([]),
  carts: z.array(profileCartSchema).default([]),
  /** Carts that were ordered lately: what an older fragment says of them does not count any more. */
  closedCarts: z.array(profileCartSchema).default([]),
  orders: z.array(orderStateSchema.extend({ event: z.string() })).default([]),
  /** By program. */
  loyalty: z.record(programSchema, profileLoyaltySchema).default({}),
};
const activitySchema = z.object(activityShape);
export type ProfileActivity = z.infer<typeof activitySchema>;

/** What profiles of older builds say. */
export const NO_ACTIVITY = {
  traits: {},
  behaviours: [],
  carts: [],
  closedCarts: [],
  orders: [],
  loyalty: {},
} satisfies ProfileActivity;

/** Of anything that has these parts, these parts. */
export function activityIn(of: ProfileActivity): ProfileActivity {
  const { traits, behaviours, carts, closedCarts, orders, loyalty } = of;
  return { traits, behaviours, carts, closedCarts, orders, loyalty };
}

type Named<Value> = Value & { readonly name: string };

/** Everything that somebody says, before it is decided which of it counts. */
interface Words {
  readonly traits: readonly Named<z.infer<typeof profileTraitSchema>>[];
  readonly behaviours: ProfileActivity["behaviours"];
  readonly carts: ProfileActivity["carts"];
  readonly orders: ProfileActivity["orders"];
  readonly loyalty: readonly Named<z.infer<typeof profileLoyaltySchema>>[];
}

export function activityOf(contributions: readonly Contribution[]): ProfileActivity {
  return decide(contributions.map((each) => wordsOf(each)));
}

/** The same with these newer contributions in place of the older ones of theirs, as far as the profile remembers. */
export function overlayActivity(
  profile: ProfileActivity,
  newer: readonly Contribution[],
): ProfileActivity {
  const replaced = new Set(newer.map((each) => idOf(each)));
  const ours = newer.map((each) => wordsOf(each));
  const events = new Set(ours.flatMap(({ behaviours }) => behaviours.map(({ event }) => event)));
  const isKept = ({ fragment }: { fragment: string }): boolean => !replaced.has(fragment);
  const theirs: Words = {
    traits: namedIn(profile.traits).filter(isKept),
    behaviours: profile.behaviours.filter(({ event }) => !events.has(event)),
    carts: [...profile.carts, ...profile.closedCarts],
    orders: profile.orders,
    loyalty: namedIn(profile.loyalty).filter(isKept),
  };
  return decide([theirs, ...ours]);
}

function decide(words: readonly Words[]): ProfileActivity {
  const newestCarts = newestOfEach(
    words.flatMap(({ carts }) => carts),
    ({ store, cart }) => `${store ?? ""} ${cart}`,
  ).slice(0, LIMITS.recentCarts);
  const newestOrders = newestOfEach(
    words.flatMap(({ orders }) => orders),
    ({ store, order }) => `${store ?? ""} ${order}`,
  );
  return {
    traits: recordOf(boundTraits(byName(words.flatMap(({ traits }) => traits)))),
    behaviours: newestFirst(
      words.flatMap(({ behaviours }) => behaviours),
      LIMITS.recentBehaviours,
    ),
    carts: newestCarts.filter(({ state }) => state !== "ordered"),
    closedCarts: newestCarts.filter(({ state }) => state === "ordered"),
    orders: newestOrders.slice(0, LIMITS.recentOrders),
    loyalty: recordOf(
      byName(words.flatMap(({ loyalty }) => loyalty)).slice(0, LIMITS.loyaltyPrograms),
    ),
  };
}

const byName = <Value extends Named<{ stamp: string; event: string }>>(values: readonly Value[]) =>
  newestOfEach(values, ({ name }) => name);

const idOf = ({ source, epoch, key }: Contribution): string => fragmentIdOf(source, epoch, key);

function wordsOf(each: Contribution): Words {
  const fragment = idOf(each);
  const eventAt = (seq: number | string) => eventKeyOf(each.source, each.epoch, Number(seq));
  const dated = <Value>(section: Readonly<Record<string, Value>>) =>
    Object.entries(section).map(([seq, value]) => ({ ...value, event: eventAt(seq) }));
  return {
    traits: namedIn(each.traits).map(({ seq, ...trait }) => ({
      ...trait,
      event: eventAt(seq),
      fragment,
    })),
    behaviours: dated(each.behaviours),
    carts: dated(each.carts),
    orders: dated(each.orders),
    loyalty: namedIn(each.loyalty).map(({ seq, ...points }) => ({
      ...points,
      event: eventAt(seq),
      fragment,
    })),
  };
}

const namedIn = <Value extends object>(record: Readonly<Record<string, Value>>): Named<Value>[] =>
  Object.entries(record).map(([name, value]) => ({ ...value, name }));

/** By name, so that a profile and its copy are the same text. */
const recordOf = <Value extends object>(named: readonly Named<Value>[]) =>
  Object.fromEntries(
    named
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, ...value }) => [name, value] as const),
  );
