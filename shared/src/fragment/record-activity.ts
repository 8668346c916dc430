/** Traits, behaviour, orders and points as a fragment remembers them: the newest, in short. */
import type { Behaviour, Item } from "../events/behaviour.ts";
import type { RegularsEvent } from "../events/event.ts";
import type { Traits } from "../events/trait.ts";
import { LIMITS } from "../limits.ts";
import {
  fragmentTraitSchema,
  ITEM_CHARS,
  ITEMS,
  type LoyaltyState,
  loyaltyStateSchema,
  type OrderState,
  orderStateSchema,
  PAGE_CHARS,
  type RecentBehaviour,
} from "./activity.ts";
import { boundTraits } from "./bound-traits.ts";
import { readSection, type Section } from "./entries.ts";
import { keepNewest } from "./keep-newest.ts";
import { shorten } from "./shorten.ts";
import type { WrittenFragment } from "./written.ts";

type EventOf<Kind extends RegularsEvent["kind"]> = Extract<RegularsEvent, { kind: Kind }>;

export const happenedOf = ({ at, stamp, store, channel }: RegularsEvent) => ({
  at,
  stamp,
  store,
  channel,
});

export const shortItem = ({ description, ...item }: Item): Item =>
  description === undefined ? item : { ...item, description: shorten(description, ITEM_CHARS) };

/** Set even when the value is the same: said again is newer. */
export function recordTraits(
  fragment: WrittenFragment,
  traits: Traits,
  { stamp, seq }: Pick<RegularsEvent, "stamp" | "seq">,
): void {
  for (const [name, value] of Object.entries(traits)) {
    fragment.set("traits", name, { value, stamp, seq });
  }
  const known = [...readSection(fragment, "traits")].map(([name, entry]) => ({
    ...fragmentTraitSchema.parse(entry),
    name,
  }));
  const kept = new Set(boundTraits(known).map(({ name }) => name));
  for (const { name } of known) if (!kept.has(name)) fragment.delete("traits", name);
}

export const shortBehaviour = ({ type, name, page, items = [] }: Behaviour) => ({
  type,
  name,
  ...(page === undefined ? {} : { page: shorten(page, PAGE_CHARS) }),
  items: items.slice(0, ITEMS).map((item) => shortItem(item)),
});

export function recordBehaviour(fragment: WrittenFragment, event: EventOf<"behaviour">): void {
  const value: RecentBehaviour = { ...happenedOf(event), ...shortBehaviour(event.body) };
  keepNewest(fragment, "behaviours", { seq: event.seq, max: LIMITS.recentBehaviours, value });
}

export function recordOrder(fragment: WrittenFragment, event: EventOf<"order">): void {
  const { reason: _reason, ...body } = event.body;
  const value: OrderState = { ...happenedOf(event), ...body };
  forget(fragment, "orders", (entry) => {
    const { order, store } = orderStateSchema.parse(entry);
    return order === body.order && store === event.store;
  });
  keepNewest(fragment, "orders", { seq: event.seq, max: LIMITS.recentOrders, value });
}

export function recordLoyalty(fragment: WrittenFragment, event: EventOf<"loyalty">): void {
  const { program, ...points } = event.body;
  const { at, stamp, seq } = event;
  const value: LoyaltyState = { ...points, at, stamp, seq };
  fragment.set("loyalty", program, value);
  const oldest = [...readSection(fragment, "loyalty")]
    .map(([name, entry]) => ({ name, seq: loyaltyStateSchema.parse(entry).seq }))
    .toSorted((a, b) => b.seq - a.seq)
    .slice(LIMITS.loyaltyPrograms);
  for (const { name } of oldest) fragment.delete("loyalty", name);
}

/** What stands under the number of an older event, where a newer one says it anew. */
export function forget(
  fragment: WrittenFragment,
  section: Section,
  isOld: (entry: unknown) => boolean,
): void {
  for (const [name, entry] of readSection(fragment, section)) {
    if (isOld(entry)) fragment.delete(section, name);
  }
}
