/** Carts as a fragment remembers them: what lies in each after all that its writer was told. */
import type { Item } from "../events/behaviour.ts";
import type { Cart } from "../events/cart.ts";
import type { RegularsEvent } from "../events/event.ts";
import { LIMITS } from "../limits.ts";
import { addDecimals } from "../money.ts";
import { type CartState, cartStateSchema } from "./activity.ts";
import { readSection } from "./entries.ts";
import { keepNewest } from "./keep-newest.ts";
import { forget, happenedOf, shortItem } from "./record-activity.ts";
import type { WrittenFragment } from "./written.ts";

type CartEvent = Extract<RegularsEvent, { kind: "cart" }>;

export function recordCart(fragment: WrittenFragment, event: CartEvent): void {
  const isSame = ({ cart, store }: CartState): boolean =>
    cart === event.body.cart && store === event.store;
  const before = [...readSection(fragment, "carts").values()]
    .map((entry) => cartStateSchema.parse(entry))
    .find(isSame);
  const value: CartState = {
    ...happenedOf(event),
    cart: event.body.cart,
    ...changedCart(before, event.body),
  };
  forget(fragment, "carts", (entry) => isSame(cartStateSchema.parse(entry)));
  keepNewest(fragment, "carts", { seq: event.seq, max: LIMITS.recentCarts, value });
}

type Content = Pick<CartState, "state" | "items" | "lines" | "currency" | "totalMinor">;

/** One that was ordered is kept for a while without its items, so that what others knew of it before does not come back. */
function changedCart(before: CartState | undefined, body: Cart): Content {
  const given = body.items.map((item) => shortItem(item));
  const known = before?.items ?? [];
  /** Too many to be remembered one by one. */
  const hidden = (before?.lines ?? 0) - known.length;
  const worth = worthOf(body);
  switch (body.change) {
    case "set":
      return { state: "open", ...boundItems(given, 0), ...worth };
    case "add":
      return { state: "open", ...boundItems(given.reduce(withItem, known), hidden), ...worth };
    case "remove":
      return { state: "open", ...boundItems(given.reduce(withoutItem, known), hidden), ...worth };
    case "abandoned":
      return given.length > 0
        ? { state: "abandoned", ...boundItems(given, 0), ...worth }
        : {
            state: "abandoned",
            items: known,
            lines: known.length + hidden,
            ...worthOf(before, body),
          };
    case "ordered":
      return { state: "ordered", items: [], lines: 0 };
  }
}

const boundItems = (items: readonly Item[], hidden: number): Pick<Content, "items" | "lines"> => ({
  items: items.slice(-LIMITS.recentCartItems),
  lines: items.length + hidden,
});

type Worth = Pick<Cart, "currency" | "totalMinor">;

/** Of the last that says anything about it. */
function worthOf(...said: readonly (Worth | undefined)[]): Worth {
  const worth: { currency?: string; totalMinor?: number } = {};
  for (const { currency, totalMinor } of said.flatMap((each) => each ?? [])) {
    if (currency !== undefined) worth.currency = currency;
    if (totalMinor !== undefined) worth.totalMinor = totalMinor;
  }
  return worth;
}

function withItem(items: Item[], added: Item): Item[] {
  const known = items.find(({ sku }) => sku === added.sku);
  if (!known) return [...items, added];
  const quantity = addDecimals(known.quantity ?? "1", added.quantity ?? "1");
  const rest = items.filter((item) => item !== known);
  return [...rest, { ...known, ...added, ...(quantity === null ? {} : { quantity }) }];
}

/** All of it, where no quantity is said. */
function withoutItem(items: Item[], removed: Item): Item[] {
  const known = items.find(({ sku }) => sku === removed.sku);
  if (!known) return items;
  const left =
    removed.quantity === undefined
      ? null
      : addDecimals(known.quantity ?? "1", negated(removed.quantity));
  if (left === null || !isPositive(left)) return items.filter((item) => item !== known);
  return items.map((item) => (item === known ? { ...item, quantity: left } : item));
}

const negated = (decimal: string): string =>
  decimal.startsWith("-") ? decimal.slice(1) : `-${decimal}`;

const isPositive = (decimal: string): boolean => !decimal.startsWith("-") && /[1-9]/.test(decimal);
