/**
 * Whose is what, for the oracle: what each till said about each key, and which of that is one person. It shares no code with
 * the machines.
 */
import type { RegularsEvent } from "@regulars/shared/events/event";

/** By fragment and stamp: what a stamp from a clock that was ahead counts as. */
export type ClampsByFragment = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Everything that one till said in one epoch about one key. */
export interface Pile {
  readonly fragment: string;
  readonly key: string;
  readonly events: Said[];
}

type Said = RegularsEvent & { readonly name: string; readonly time: string };

export function pilesOf(events: readonly RegularsEvent[], clamps: ClampsByFragment): Pile[] {
  const piles = new Map<string, Pile>();
  const inOrder = events.toSorted((a, b) => a.seq - b.seq);
  for (const event of inOrder) {
    const key = event.subject[0];
    if (key === undefined) continue;
    const fragment = `${event.source}/${event.epoch}/${key}`;
    const pile = piles.get(fragment) ?? { fragment, key, events: [] };
    piles.set(fragment, pile);
    const time = clamps.get(fragment)?.[event.stamp] ?? event.stamp;
    pile.events.push({ ...event, name: `${event.source}/${event.epoch}/${event.seq}`, time });
  }
  for (const pile of piles.values()) if (clamps.has(pile.fragment)) keepOrder(pile);
  return [...piles.values()];
}

/**
 * What a till said stays in its order. Of a stamp that has nothing left in its fragment, for all of it was said anew, nobody knows any
 * more what it counted as: no later than what came after it.
 */
function keepOrder({ events }: Pile): void {
  let next: string | null = null;
  for (const [at, event] of [...events.entries()].toReversed()) {
    if (next !== null && event.time > next) events[at] = { ...event, time: next };
    next = events[at]?.time ?? next;
  }
}

/** The earliest pile of each key. */
export function firstOfKeys(piles: readonly Pile[]): Map<string, Pile> {
  const firsts = new Map<string, Pile>();
  for (const pile of piles.toSorted(byFirstWord)) {
    if (!firsts.has(pile.key)) firsts.set(pile.key, pile);
  }
  return firsts;
}

export const byFirstWord = (a: Pile, b: Pile): number =>
  byText(
    [a.events[0]!.time, a.key, a.fragment].join(" "),
    [b.events[0]!.time, b.key, b.fragment].join(" "),
  );

export const isDevice = (key: string): boolean => key.startsWith("anonymous:");
export const keysOf = (piles: readonly Pile[]): Set<string> =>
  new Set(piles.flatMap(({ events }) => events.flatMap(({ subject }) => subject)));
const devicesOf = (piles: readonly Pile[]): Set<string> =>
  new Set([...keysOf(piles)].filter(isDevice));
const namesOf = (piles: readonly Pile[]): Set<string> => keysOf(piles).difference(devicesOf(piles));

/** Whoever names a common key that is no device's is one person; visits of nobody belong to who was seen with their browsers. */
export function together(piles: readonly Pile[]): Pile[][] {
  const isVisit = (pile: Pile): boolean => namesOf([pile]).size === 0;
  const people = joined(
    piles.filter((pile) => !isVisit(pile)).map((pile) => [pile]),
    namesOf,
  );
  const seenOn = (side: readonly Pile[]): Pile[][] =>
    people.filter((person) => !devicesOf(person).isDisjointFrom(devicesOf(side)));
  // What says the very same of the same browser counts as one word, whoever heard it.
  const visits = [...Map.groupBy(piles.filter(isVisit), wordOf).values()];
  const open = visits.filter((side) => seenOn(side).length <= 1);
  const alone = visits.filter((side) => seenOn(side).length > 1);
  for (const knot of joinedSides(open)) {
    const owners = new Set(knot.flatMap(seenOn));
    const [owner] = owners;
    if (owners.size > 1) alone.push(...knot);
    else if (owner) owner.push(...knot.flat());
    else people.push(knot.flat());
  }
  return [...people, ...alone];
}

function wordOf(pile: Pile): string {
  const claims: Record<string, unknown> = {};
  for (const { kind, body } of pile.events)
    if (kind === "claim") Object.assign(claims, body.claims);
  const { givenName } = claims;
  if (typeof givenName === "string") claims["givenName"] = asHeard(givenName);
  const said = Object.entries(claims).toSorted(([a], [b]) => byText(a, b));
  return JSON.stringify([pile.key, [...keysOf([pile])].toSorted(byText), said]);
}

/** A digit in a name is a slip: the letter that it looks like, else none. So "Ada t6" and "Ada t29" are one name, "Ada t3" another. */
const asHeard = (name: string): string =>
  name.replaceAll(/\d/g, (digit) => LOOKS_LIKE[Number(digit)] ?? "");
const LOOKS_LIKE = ["o", "i", "", "e", "a", "s", "", "t", "b", ""];

/** Those that have a name in common, directly or over others. */
function joined(sides: readonly Pile[][], by: (piles: readonly Pile[]) => Set<string>): Pile[][] {
  return groupsOf(sides, by).map((group) => group.flat());
}

const joinedSides = (sides: readonly Pile[][]): Pile[][][] => groupsOf(sides, devicesOf);

function groupsOf(
  sides: readonly Pile[][],
  by: (piles: readonly Pile[]) => Set<string>,
): Pile[][][] {
  const groups: { keys: Set<string>; sides: Pile[][] }[] = [];
  for (const side of sides) {
    const keys = by(side);
    const touching = groups.filter((group) => !group.keys.isDisjointFrom(keys));
    for (const group of touching) groups.splice(groups.indexOf(group), 1);
    groups.push({
      keys: new Set([...keys, ...touching.flatMap((group) => [...group.keys])]),
      sides: [side, ...touching.flatMap((group) => group.sides)],
    });
  }
  return groups.map((group) => group.sides);
}

export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
