/**
 * The oracle: who the customers are and what is known of them, worked out from the events alone, in the plainest way that
 * says the same. It shares no code with the machines, but for the names of ids.
 */
import { customerIdOf } from "@regulars/shared/ids";
import type { RegularsEvent } from "@regulars/shared/events/event";
import {
  byFirstWord,
  byText,
  type ClampsByFragment,
  firstOfKeys,
  isDevice,
  keysOf,
  type Pile,
  pilesOf,
  together,
} from "./piles.ts";

export interface ExpectedCustomer {
  readonly customer: string;
  readonly keys: readonly string[];
  /** Of these, those by which whoever asks finds this customer: a browser, which several may have been seen with, leads nowhere. */
  readonly leading: readonly string[];
  /** Stores that captured something about the customer. */
  readonly stores: readonly string[];
  /** What a profile says, without customer and versions. */
  readonly content: object;
}

export function expectedCustomers(
  events: readonly RegularsEvent[],
  clamps: ClampsByFragment,
): ExpectedCustomer[] {
  const all = pilesOf(events, clamps);
  const firsts = firstOfKeys(all);
  return together(all).map((piles) => customerOf(piles, firsts));
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
    leading: keys.filter((key) => !isDevice(key)),
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

interface Word {
  readonly state: string;
  readonly stamp: string;
  readonly seq: number;
  readonly fragment: string;
  readonly at?: string;
}

function consentsOf(piles: readonly Pile[]): object {
  const consents = new Map<string, Word>();
  for (const { fragment, events } of piles) {
    const own = new Map<string, Word>();
    for (const { kind, body, time, seq, at, stamp } of events) {
      if (kind !== "consent") continue;
      // The moment of the word, where its writer's clock had gone on from another one (CON2).
      const apartMs = Math.abs(Date.parse(at) - Number.parseInt(stamp.slice(0, 12), 16));
      const moment = apartMs > 60_000 ? { at } : {};
      const word = { state: body.state, stamp: time, seq, fragment, ...moment };
      own.set(`${body.purpose}/${body.channel}`, word);
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
