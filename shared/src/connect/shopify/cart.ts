/** `carts/*` and `checkouts/*`: what lies in a cart, until it is ordered or left behind. */
import { LIMITS } from "../../limits.ts";
import type { ConnectCapture } from "../captures.ts";
import { defined, type Part } from "../read/part.ts";
import { checkoutConsent } from "./consent.ts";
import type { ShopifyContext } from "./context.ts";
import { ABANDONED } from "./envelope.ts";
import { itemOf } from "./lines.ts";
import { anonymousOf, buyerOf } from "./person.ts";
import { shopMinor } from "./shop-money.ts";

export function mapCart(cart: Part, { receivedAt }: ShopifyContext): ConnectCapture[] {
  const token = cart.need(cart.id("token") ?? cart.id("id"), "token");
  if (token === undefined) return [];
  const at = cart.instant("updated_at") ?? cart.instant("created_at") ?? receivedAt;
  return [
    {
      kind: "cart",
      key: `cart:${token}@${at}:set`,
      at,
      cart: token,
      change: "set",
      items: itemsOf(cart),
      customer: { anonymousIds: anonymousOf(token, undefined) },
    },
  ];
}

/** A checkout is its cart with a name on it: both go by the token of the cart, where there is one. */
export function mapCheckout(checkout: Part, context: ShopifyContext): ConnectCapture[] {
  const token = checkout.id("token");
  const cartToken = checkout.id("cart_token");
  const cart = checkout.need(cartToken ?? token, "token");
  if (cart === undefined) return [];
  const at =
    checkout.instant("completed_at") ??
    checkout.instant("updated_at") ??
    checkout.instant("created_at") ??
    context.receivedAt;
  const change = changeOf(checkout, context.topic);
  const currency = checkout.currency("currency");
  const customer = buyerOf(checkout, anonymousOf(cartToken, token));
  return [
    {
      kind: "cart",
      key: `cart:${cart}@${at}:${change}`,
      at,
      cart,
      change,
      items: itemsOf(checkout),
      ...defined({
        customer,
        currency,
        totalMinor:
          currency === undefined ? undefined : shopMinor(checkout, "total_price", currency),
      }),
    },
    ...checkoutConsent(checkout, `checkout:${cart}`, customer, at),
  ];
}

/** Closed without being completed is left behind, and so is all that the list of abandoned checkouts holds. */
function changeOf(checkout: Part, topic: string): "ordered" | "abandoned" | "set" {
  if (checkout.raw("completed_at") !== undefined) return "ordered";
  const isLeft = checkout.raw("closed_at") !== undefined || topic === ABANDONED;
  return isLeft ? "abandoned" : "set";
}

const itemsOf = (cart: Part) => cart.parts("line_items").slice(0, LIMITS.cartItems).map(itemOf);
