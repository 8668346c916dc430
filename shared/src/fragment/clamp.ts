/**
 * Clamping: a stamp from a clock that was far ahead counts as the moment at which the edge accepted it, so that a till
 * set to next year does not win every argument until then (CLK1). The fragment keeps what its writer wrote; what is
 * read from it is replaced, by the same function at edge and centre.
 */
import { z } from "zod";
import {
  CLOCK_START,
  clockOfStamp,
  isLater,
  type Stamp,
  stampOf,
  stampSchema,
  stampToMs,
  tick,
  writerOfStamp,
} from "../clock.ts";
import { LIMITS } from "../limits.ts";
import type { Contribution } from "./contribution.ts";

/** By stamp: each event has its own, so this names the events too. */
export const clampsSchema = z.record(stampSchema, stampSchema);
export type Clamps = Readonly<Record<Stamp, Stamp>>;

export const NO_CLAMPS: Clamps = {};

export function clampContribution(contribution: Contribution, clamps: Clamps): Contribution {
  if (Object.keys(clamps).length === 0) return contribution;
  const clamped = <Said extends { stamp: Stamp }>(said: Said): Said => ({
    ...said,
    stamp: clamps[said.stamp] ?? said.stamp,
  });
  const { claims, consents, recent, notes, keys, first, last } = contribution;
  const { traits, behaviours, carts, orders, loyalty } = contribution;
  return {
    ...contribution,
    first: clamps[first] ?? first,
    last: clamps[last] ?? last,
    keys: mapValues(keys, (stamp) => clamps[stamp] ?? stamp),
    claims: mapValues(claims, clamped),
    consents: mapValues(consents, clamped),
    recent: mapValues(recent, clamped),
    notes: mapValues(notes, clamped),
    traits: mapValues(traits, clamped),
    behaviours: mapValues(behaviours, clamped),
    carts: mapValues(carts, clamped),
    orders: mapValues(orders, clamped),
    loyalty: mapValues(loyalty, clamped),
  };
}

/** With a clamp for each stamp that is too far ahead of the edge's time; what one till said stays in its order. */
export function extendClamps(contribution: Contribution, clamps: Clamps, nowMs: number): Clamps {
  const limitMs = nowMs + LIMITS.clockAheadMs;
  const ahead = stampsOf(contribution)
    .filter((stamp) => stampToMs(stamp) > limitMs && !(stamp in clamps))
    .toSorted();
  if (ahead.length === 0) return clamps;
  const extended = { ...clamps };
  let clock = Object.values(clamps).reduce((newest, stamp) => {
    const given = clockOfStamp(stamp);
    return isLater(given, newest) ? given : newest;
  }, CLOCK_START);
  for (const stamp of ahead) {
    clock = tick(clock, nowMs);
    extended[stamp] = stampOf(clock, writerOfStamp(stamp));
  }
  return extended;
}

/** Those that the fragment still has a use for: it forgets old sales, and so bounds this list as well. */
export function keptClamps(contribution: Contribution, clamps: Clamps): Clamps {
  if (Object.keys(clamps).length === 0) return clamps;
  const used = new Set(stampsOf(contribution));
  return Object.fromEntries(Object.entries(clamps).filter(([stamp]) => used.has(stamp)));
}

function stampsOf(contribution: Contribution): Stamp[] {
  const { claims, consents, recent, notes, keys, first, last } = contribution;
  const { traits, behaviours, carts, orders, loyalty } = contribution;
  const said = [
    ...Object.values(claims),
    ...Object.values(consents),
    ...Object.values(recent),
    ...Object.values(notes),
    ...Object.values(traits),
    ...Object.values(behaviours),
    ...Object.values(carts),
    ...Object.values(orders),
    ...Object.values(loyalty),
  ].map(({ stamp }) => stamp);
  return [...new Set([first, last, ...Object.values(keys), ...said])];
}

function mapValues<Name extends string, Value>(
  record: Readonly<Partial<Record<Name, Value>>>,
  change: (value: Value) => Value,
): Record<Name, Value> {
  const changed = Object.entries<Value | undefined>(record).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, change(value)]],
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same names as before
  return Object.fromEntries(changed) as Record<Name, Value>;
}
