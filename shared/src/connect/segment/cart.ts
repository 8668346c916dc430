/** Carts of the e-commerce events. */
import type { Item } from "../../events/behaviour.ts";
import type { Cart } from "../../events/cart.ts";
import { LIMITS } from "../../limits.ts";
import type { ConnectCapture } from "../captures.ts";
import { contentKey } from "../delivery-key.ts";
import { isObject, type JsonObject } from "../read/json.ts";
import type { Part } from "../read/part.ts";
import { itemsOf } from "./items.ts";
import type { Message } from "./message.ts";
import type { Said } from "./order.ts";

type CartCapture = Extract<ConnectCapture, { kind: "cart" }>;

export function cartOf(
  message: Message,
  properties: Part,
  change: Cart["change"],
  said: Said,
): CartCapture | null {
  const cart = cartIdOf(message, properties);
  if (cart === null) return null;
  const items = change === "ordered" ? [] : itemsOf(productsIn(properties.value), LIMITS.cartItems);
  return { ...said, kind: "cart", key: `${message.key}/cart`, cart, change, items };
}

const CART_CHARS = 128;

/** A shop that names no carts has one for each visitor. Of nobody's browser nothing is known. */
function cartIdOf({ ids }: Message, properties: Part): string | null {
  const named = properties.scalar("cart_id") ?? properties.scalar("checkout_id");
  const cart = named === undefined ? ids.anonymousId : String(named).trim().toWellFormed();
  if (cart === undefined) return null;
  return cart.length <= CART_CHARS ? cart : contentKey("cart", cart);
}

/** The list of products, or the one that the event is about. */
export function productsIn(properties: JsonObject): JsonObject[] {
  const { products } = properties;
  if (Array.isArray(products)) return products.filter((product) => isObject(product));
  const isProduct = ["product_id", "productId", "sku"].some((name) => name in properties);
  return isProduct ? [properties] : [];
}

export const itemsIn = (properties: JsonObject): Item[] =>
  itemsOf(productsIn(properties), LIMITS.behaviourItems);
