/**
 * The oracle: who the customers are and what is known of them, worked out from the events alone, in the plainest way that
 * says the same. It shares no code with the machines, but for the names of ids.
 */
import { customerIdOf } from "@regulars/shared/ids";
import type { RegularsEvent } from "@regulars/shared/events/event";

/** By fragment and stamp: what a stamp from a clock that was ahead counts as. */
export type ClampsByFragment = ReadonlyMap<string, Readonly<Record<string, string>>>;

export interface ExpectedCustomer {
  readonly customer: string;
  readonly keys: readonly string[];
  /** Of these, those by which whoever asks finds this customer: a device that two were seen with leads to what was done on it. */
  readonly leading: readonly string[];
  /** Stores that captured something about the customer. */
  readonly stores: readonly string[];
  /** What a profile says, without customer and versions. */
  readonly content: object;
}

/** Everything that one till said in one epoch about one key. */
interface Pile {
  readonly fragment: string;
  readonly key: string;
  readonly events: Said[];
}

type Said = RegularsEvent & { readonly name: string; readonly time: string };

export function expectedCustomers(
  events: readonly RegularsEvent[],
  clamps: ClampsByFragment,
): ExpectedCustomer[] {
  const all = pilesOf(events, clamps);
  const firsts = firstOfKeys(all);
  return together(all).map((piles) => customerOf(piles, firsts));
}

function pilesOf(events: readonly RegularsEvent[], clamps: ClampsByFragment): Pile[] {
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
  return [...piles.values()];
}

/** The earliest pile of each key. */
function firstOfKeys(piles: readonly Pile[]): Map<string, Pile> {
  const firsts = new Map<string, Pile>();
  for (const pile of piles.toSorted(byFirstWord)) {
    if (!firsts.has(pile.key)) firsts.set(pile.key, pile);
  }
  return firsts;
}

const byFirstWord = (a: Pile, b: Pile): number =>
  byText(
    [a.events[0]!.time, a.key, a.fragment].join(" "),
    [b.events[0]!.time, b.key, b.fragment].join(" "),
  );

const isDevice = (key: string): boolean => key.startsWith("anonymous:");
const keysOf = (piles: readonly Pile[]): Set<string> =>
  new Set(piles.flatMap(({ events }) => events.flatMap(({ subject }) => subject)));
const devicesOf = (piles: readonly Pile[]): Set<string> =>
  new Set([...keysOf(piles)].filter(isDevice));
const namesOf = (piles: readonly Pile[]): Set<string> => keysOf(piles).difference(devicesOf(piles));

/** Whoever names a common key that is no device's is one person; visits of nobody belong to who was seen with their browsers. */
function together(piles: readonly Pile[]): Pile[][] {
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
  const said = Object.entries(claims).toSorted(([a], [b]) => byText(a, b));
  return JSON.stringify([pile.key, [...keysOf([pile])].toSorted(byText), said]);
}

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

function customerOf(piles: readonly Pile[], firsts: ReadonlyMap<string, Pile>): ExpectedCustomer {
  const inOrder = piles.toSorted(byFirstWord);
  // Somebody's id does not change when it turns out that others use the browser.
  const first = inOrder.find(({ key }) => !isDevice(key)) ?? inOrder[0]!;
  const events = piles.flatMap((pile) => pile.events);
  const keys = [...keysOf(piles)].toSorted(byStrength);
  const times = events.map(({ time }) => time).toSorted(byText);
  return {
    customer: customerIdOf(firsts.get(first.key) === first ? first.key : first.fragment),
    keys,
    leading: keys.filter((key) => !isDevice(key) || piles.includes(firsts.get(key)!)),
    stores: [...new Set(events.flatMap(({ store }) => store ?? []))],
    content: {
      asOf: lastTimeOf(piles) ?? times.at(-1),
      fields: fieldsOf(piles),
      keys,
      consents: consentsOf(piles),
      totals: totalsOf(piles.flatMap((pile) => salesOf(pile))),
      recent: newest(
        piles.flatMap((pile) => salesOf(pile).filter(isListed).slice(-10)),
        10,
      ),
      notes: newest(
        piles.flatMap((pile) => notesOf(pile).slice(-20)),
        20,
      ),
      fragments: Object.fromEntries(
        piles.map((pile) => [
          pile.fragment,
          { seq: pile.events.at(-1)!.seq, totals: totalsOf(salesOf(pile)) },
        ]),
      ),
      overrides: [],
      traits: traitsOf(piles),
      // Said by web shop and app, of which there is none in the simulated town.
      behaviours: [],
      carts: [],
      closedCarts: [],
      orders: [],
      loyalty: {},
    },
  };
}

/** The last thing that each till said, of these the latest. */
const lastTimeOf = (piles: readonly Pile[]): string | undefined =>
  piles
    .map(({ events }) => events.at(-1)!.time)
    .toSorted(byText)
    .at(-1);

// Fields: of each pile its last word; between piles the latest, for a birth date the earliest.

function fieldsOf(piles: readonly Pile[]): object {
  const words = piles.flatMap(({ fragment, events }) => {
    const last = new Map<
      string,
      { field: string; value: unknown; stamp: string; event: string; fragment: string }
    >();
    for (const { kind, body, time, name } of events) {
      if (kind !== "claim") continue;
      for (const [field, value] of Object.entries(body.claims)) {
        last.set(field, { field, value, stamp: time, event: name, fragment });
      }
    }
    return [...last.values()];
  });
  const fields: Record<string, object> = {};
  for (const [field, said] of Map.groupBy(words, (word) => word.field)) {
    const isFirstWord = field === "birthDate";
    const ranked = said
      .toSorted((a, b) => byText([b.stamp, b.event].join(" "), [a.stamp, a.event].join(" ")))
      .map(({ field: _field, ...word }) => word);
    if (isFirstWord) ranked.sort((a, b) => byText(a.stamp, b.stamp));
    const [winner, ...rest] = ranked;
    const losers: typeof rest = [];
    for (const word of rest) {
      const known = [winner!, ...losers].map(({ value }) => JSON.stringify(value));
      if (!known.includes(JSON.stringify(word.value)) && losers.length < 5) losers.push(word);
    }
    fields[field] = { ...winner, rule: isFirstWord ? "oldest" : "most_recent", losers };
  }
  return fields;
}

// Traits: the last word of all piles on each name.

function traitsOf(piles: readonly Pile[]): object {
  const traits = new Map<string, { value: unknown; stamp: string; event: string }>();
  for (const { fragment, events } of piles) {
    for (const { kind, body, time: stamp, name: event } of events) {
      if (kind !== "claim") continue;
      for (const [name, value] of Object.entries(body.traits ?? {})) {
        const word = { value, stamp, event, fragment };
        const standing = traits.get(name);
        if (!standing || ageOf(word) > ageOf(standing)) traits.set(name, word);
      }
    }
  }
  return Object.fromEntries([...traits].toSorted(([a], [b]) => byText(a, b)));
}

const ageOf = (word: { stamp: string; event: string }): string =>
  [word.stamp, word.event].join(" ");

// Consents: the latest to the millisecond; of words at the same time, the withdrawal.

function consentsOf(piles: readonly Pile[]): object {
  const consents = new Map<
    string,
    { state: string; stamp: string; seq: number; fragment: string }
  >();
  for (const { fragment, events } of piles) {
    const own = new Map<string, { state: string; stamp: string; seq: number; fragment: string }>();
    for (const { kind, body, time, seq } of events) {
      if (kind !== "consent") continue;
      own.set(`${body.purpose}/${body.channel}`, { state: body.state, stamp: time, seq, fragment });
    }
    for (const [name, word] of own) {
      const standing = consents.get(name);
      if (!standing || rankOf(word) > rankOf(standing)) consents.set(name, word);
    }
  }
  return Object.fromEntries(consents);
}

const rankOf = (word: { state: string; stamp: string; fragment: string }): string =>
  [word.stamp.slice(0, 12), word.state === "withdrawn" ? 1 : 0, word.stamp + word.fragment].join(
    " ",
  );

// Money: sales and returns as they were, each void against the receipt that it names.

interface Sale {
  readonly entry: {
    readonly kind: "sale" | "return";
    readonly receipt: string;
    readonly stamp: string;
    readonly event: string;
    voided?: boolean;
  } | null;
  readonly stamp: string;
  readonly event: string;
  readonly currency: string;
  readonly sales: number;
  readonly returns: number;
  readonly minor: number;
}

const isListed = ({ entry }: Sale): boolean => entry !== null;

function salesOf({ events }: Pile): Sale[] {
  const sales: Sale[] = [];
  for (const { kind, body, time: stamp, name: event, at, store } of events) {
    if (kind === "void") {
      // Far back, the list no longer knows what it was.
      const listed = sales.filter(isListed).slice(-10);
      const voided = listed.filter(({ entry }) => entry?.receipt === body.voids);
      for (const { entry } of voided) if (entry) entry.voided = true;
      const was = voided.at(-1)?.entry?.kind ?? (body.totalMinor > 0 ? "return" : "sale");
      const { currency, totalMinor: minor } = body;
      const [less, none] = [-1, 0];
      sales.push({
        entry: null, stamp, event, currency, minor,
        sales: was === "sale" ? less : none, returns: was === "return" ? less : none,
      }); // prettier-ignore
    }
    if (kind !== "sale" && kind !== "return") continue;
    const { receipt, currency, totalMinor, lines } = body;
    const items = lines.slice(0, 3).map((line) => line.description ?? line.sku);
    const entry = {
      kind,
      receipt,
      at,
      stamp,
      store,
      currency,
      totalMinor,
      lines: lines.length,
      items,
      ...(kind === "sale" && body.order !== undefined
        ? { order: body.order, shop: body.shop }
        : {}),
      event,
    };
    sales.push({
      entry, stamp, event, currency, minor: totalMinor,
      sales: kind === "sale" ? 1 : 0, returns: kind === "return" ? 1 : 0,
    }); // prettier-ignore
  }
  return sales;
}

function totalsOf(sales: readonly Sale[]): object {
  const totals: Record<string, { sales: number; returns: number; minor: number }> = {};
  for (const sale of sales) {
    const sum = (totals[sale.currency] ??= { sales: 0, returns: 0, minor: 0 });
    sum.sales += sale.sales;
    sum.returns += sale.returns;
    sum.minor += sale.minor;
  }
  return totals;
}

function notesOf({ events }: Pile) {
  return events.flatMap(({ kind, body, at, time: stamp, name: event }) => {
    if (kind !== "note") return [];
    return [{ entry: { text: body.text, at, stamp, event }, stamp, event }];
  });
}

const newest = (
  list: readonly { entry: object | null; stamp: string; event: string }[],
  max: number,
) =>
  list
    .toSorted((a, b) => byText([b.stamp, b.event].join(" "), [a.stamp, a.event].join(" ")))
    .slice(0, max)
    .map(({ entry }) => entry);

const STRENGTH = ["loyalty", "user", "email", "phone", "anonymous"];
const byStrength = (a: string, b: string): number =>
  STRENGTH.indexOf(a.split(":")[0]!) - STRENGTH.indexOf(b.split(":")[0]!) || byText(a, b);
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
