/** The newest part of a customer's timeline: what the profile remembers. */
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
  const receipts = profile.recent.map(({ stamp, ...sale }): TimelineItem => ({
    stamp,
    entry: sale,
  }));
  const notes = profile.notes.map(({ stamp, ...note }): TimelineItem => ({
    stamp,
    entry: { kind: "note", ...note },
  }));
  const lists = [
    { items: receipts, max: LIMITS.recentSales },
    { items: notes, max: LIMITS.recentNotes },
  ];
  const items = [
    ...lists.flatMap((list) => list.items),
    ...consentsOf(profile),
    ...claimsOf(profile),
  ];
  // A list that is full has an end, beyond which only the centre knows.
  const ends = lists.flatMap(({ items: of, max }) => (of.length < max ? [] : of.slice(-1)));
  const [newestEnd] = ends.toSorted(compareItems);
  return {
    items: items.toSorted(compareItems),
    horizon: newestEnd ? placeOf(newestEnd) : null,
  };
}

function consentsOf({ consents }: Profile): TimelineItem[] {
  return Object.entries(consents).map(([name, { state, stamp, fragment, seq }]) => ({
    stamp,
    entry: { kind: "consent", event: eventIn(fragment, seq), at: timeOf(stamp), name, state },
  }));
}

/** Each event that has said something which is still remembered, also where something else won. */
function claimsOf({ fields }: Profile): TimelineItem[] {
  const claims = new Map<string, { stamp: string; fields: Set<string> }>();
  const add = (field: string, { stamp, event }: { stamp: string; event: string }): void => {
    const known = claims.get(event) ?? { stamp, fields: new Set() };
    claims.set(event, { ...known, fields: known.fields.add(field) });
  };
  for (const [field, survivor] of Object.entries(fields)) {
    if (!survivor) continue;
    // A steward's decision is no event of the customer's.
    const said = survivor.pinned ? survivor.losers : [survivor, ...survivor.losers];
    for (const each of said) for (const one of [each, ...(each.same ?? [])]) add(field, one);
  }
  return [...claims].map(([event, claim]) => ({
    stamp: claim.stamp,
    entry: {
      kind: "claim",
      event,
      at: timeOf(claim.stamp),
      fields: [...claim.fields].toSorted(),
      traits: [],
    },
  }));
}

/** A fragment's id is its writer and its key. */
const eventIn = (fragment: string, seq: number): string =>
  `${fragment.slice(0, fragment.lastIndexOf("/"))}/${seq}`;
