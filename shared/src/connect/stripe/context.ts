/** What the parts of a Stripe event are read with. */
import { LIMITS } from "../../limits.ts";
import type { MapAccount } from "../mapper.ts";
import type { Part } from "../read/part.ts";

export interface StripeContext {
  readonly account: MapAccount;
  readonly receivedAt: string;
  /** When the event came about: which of two is the later one. */
  readonly changedAt: string;
}

/** Under these names shops write into Stripe's objects which order of theirs they are about. */
const ORDER_NAMES = ["order_id", "order_number", "order_key", "orderId"] as const;

/**
 * Names of one order: the payment's own first. A refund knows only that one, and every other message of the payment has it,
 * so that all of Stripe's messages, and the shop's own, mean one order.
 */
export function namesOf(object: Part, own: readonly (string | undefined)[]): string[] {
  const metadata = object.part("metadata");
  const names = [...own, ...ORDER_NAMES.map((name) => metadata?.id(name))];
  const known = names.filter((name) => name !== undefined);
  return [...new Set(known)].slice(0, LIMITS.orderIds);
}

/** A reference to another object: its id, or the object itself where it was asked for. */
export function referenceOf(part: Part, name: string): string | undefined {
  const value = part.raw(name);
  return typeof value === "string" ? part.id(name) : part.part(name)?.id("id");
}
