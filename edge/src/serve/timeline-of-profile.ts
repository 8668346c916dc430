/** The newest part of a customer's timeline: what the profile remembers. */
import { consentTimeOf } from "@regulars/shared/fragment/contribution";
import { LIMITS } from "@regulars/shared/limits";
import type { Profile } from "@regulars/shared/survivorship/profile";
import {
  compareItems,
  placeOf,
  type TimelineItem,
  type TimelinePlace,
} from "@regulars/shared/timeline/entry";
import { timeOf } from "./view.ts";

export interface RememberedTimeline {
  /** Newest first. */
  readonly items: readonly TimelineItem[];
  /** Before this one the profile has forgotten something; null while it has everything. */
  readonly horizon: TimelinePlace | null;
}

export function rememberedOf(profile: Profile): RememberedTimeline {
  const lists = listsOf(profile);
  const items = [
    ...lists.flatMap((list) => list.items),
    ...consentsOf(profile),
    ...claimsOf(profile),
    ...pointsOf(profile),
  ];
  // A list that is full has an end, beyond which only the centre knows.
  const ends = lists.flatMap(({ items: of, max }) => (of.length < max ? [] : of.slice(-1)));
  const [newestEnd] = ends.toSorted(compareItems);
  return {
    items: items.toSorted(compareItems),
    horizon: newestEnd ? placeOf(newestEnd) : null,
  };
}

interface List {
  readonly items: readonly TimelineItem[];
  readonly max: number;
}

/** What a profile remembers the newest of. */
function listsOf({ recent, notes, behaviours, carts, closedCarts, orders }: Profile): List[] {
  return [
    {
      items: recent.map(({ stamp, ...sale }) => ({ stamp, entry: sale })),
      max: LIMITS.recentSales,
    },
    {
      items: notes.map(({ stamp, ...note }) => ({ stamp, entry: { kind: "note", ...note } })),
      max: LIMITS.recentNotes,
    },
    {
      items: behaviours.map(({ stamp, ...behaviour }) => ({
        stamp,
        entry: { kind: "behaviour", ...behaviour },
      })),
      max: LIMITS.recentBehaviours,
    },
    {
      items: orders.map(({ stamp, ...order }) => ({ stamp, entry: { kind: "order", ...order } })),
      max: LIMITS.recentOrders,
    },
    {
      items: [...carts, ...closedCarts].map((cart) => cartItem(cart)).toSorted(compareItems),
      max: LIMITS.recentCarts,
    },
  ];
}

function cartItem({ stamp, ...cart }: Profile["carts"][number]): TimelineItem {
  const { items: _items, lines: _lines, ...entry } = cart;
  return { stamp, entry: { kind: "cart", ...entry } };
}

const pointsOf = ({ loyalty }: Profile): TimelineItem[] =>
  Object.entries(loyalty).map(([program, { stamp, fragment: _fragment, ...points }]) => ({
    stamp,
    entry: { kind: "loyalty", program, ...points },
  }));

function consentsOf({ consents }: Profile): TimelineItem[] {
  return Object.entries(consents).map(([name, consent]) => {
    const { state, stamp, fragment, seq } = consent;
    const event = eventIn(fragment, seq);
    return { stamp, entry: { kind: "consent", event, at: consentTimeOf(consent), name, state } };
  });
}

interface SaidAt {
  readonly stamp: string;
  readonly event: string;
}

/** Each event that has said something which is still remembered, also where something else won. */
function claimsOf({ fields, traits }: Profile): TimelineItem[] {
  const claims = new Map<string, { stamp: string; fields: Set<string>; traits: Set<string> }>();
  const claimOf = ({ stamp, event }: SaidAt) => {
    const known = claims.get(event) ?? { stamp, fields: new Set(), traits: new Set() };
    claims.set(event, known);
    return known;
  };
  for (const [field, survivor] of Object.entries(fields)) {
    if (!survivor) continue;
    // A steward's decision is no event of the customer's.
    const said = survivor.pinned ? survivor.losers : [survivor, ...survivor.losers];
    for (const each of said) {
      for (const one of [each, ...(each.same ?? [])]) claimOf(one).fields.add(field);
    }
  }
  for (const [name, trait] of Object.entries(traits)) claimOf(trait).traits.add(name);
  return [...claims].map(([event, claim]) => ({
    stamp: claim.stamp,
    entry: {
      kind: "claim",
      event,
      at: timeOf(claim.stamp),
      fields: [...claim.fields].toSorted(),
      traits: [...claim.traits].toSorted(),
    },
  }));
}

/** A fragment's id is its writer and its key. */
const eventIn = (fragment: string, seq: number): string =>
  `${fragment.slice(0, fragment.lastIndexOf("/"))}/${seq}`;
