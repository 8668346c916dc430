/** The three messages by which Shopify hands on that somebody exercises a right. */
import type { ConnectCapture } from "../captures.ts";
import { defined, type Part } from "../read/part.ts";
import type { ShopifyContext } from "./context.ts";

export function mapAccessRequest(message: Part, context: ShopifyContext): ConnectCapture[] {
  return personal(message, "access", "orders_requested", context);
}

export function mapErasureRequest(message: Part, context: ShopifyContext): ConnectCapture[] {
  return personal(message, "erase", "orders_to_redact", context);
}

export function mapShopErasure(message: Part, context: ShopifyContext): ConnectCapture[] {
  message.need(message.id("shop_id") ?? message.id("shop_domain"), "shop_id");
  const { deliveryKey, receivedAt } = context;
  return [
    {
      kind: "privacy",
      key: `privacy:erase_shop:${deliveryKey}`,
      at: receivedAt,
      request: "erase_shop",
    },
  ];
}

/** The same customer may ask twice: the key is the message's. */
function personal(
  message: Part,
  request: "access" | "erase",
  ordersName: string,
  { deliveryKey, receivedAt }: ShopifyContext,
): ConnectCapture[] {
  const person = message.need(message.part("customer"), "customer");
  if (!person) return [];
  const customer = defined({
    userId: person.id("id"),
    email: person.scalar("email"),
    phone: person.scalar("phone"),
  });
  if (Object.keys(customer).length === 0) person.fail("no_identity", "id");
  const given = message.raw(ordersName) ?? [];
  const orders = (Array.isArray(given) ? given : [])
    .filter((id) => typeof id === "string" || typeof id === "number")
    .map((id) => String(id).slice(0, 128))
    .filter((id) => id !== "");
  if (orders.length > 1_000) message.fail("too_large", ordersName);
  const key = `privacy:${request}:${deliveryKey}`;
  return [{ kind: "privacy", key, at: receivedAt, request, customer, orders }];
}
