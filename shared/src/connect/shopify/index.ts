/** Shopify: webhooks, and the same resources from its API. */
import { fail } from "../../result.ts";
import type { ConnectCapture } from "../captures.ts";
import { failureOf } from "../failure.ts";
import type { Mapper, Sent } from "../mapper.ts";
import { finish, nothing } from "../read/finish.ts";
import { instantOf } from "../read/instant.ts";
import { isObject, readJson } from "../read/json.ts";
import { type Notes, Part } from "../read/part.ts";
import { mapCart, mapCheckout } from "./cart.ts";
import type { ShopifyContext } from "./context.ts";
import { mapConsent, mapCustomer } from "./customer.ts";
import { ABANDONED, deliveryKeyOf, unwrap } from "./envelope.ts";
import { mapDeletedOrder, mapOrder } from "./order.ts";
import { mapAccessRequest, mapErasureRequest, mapShopErasure } from "./privacy.ts";
import { mapRefund } from "./refund.ts";

export { deliveryKeyOf, SHOPIFY_HEADERS, topicOf, verifyShopify } from "./envelope.ts";

type MapPart = (part: Part, context: ShopifyContext) => ConnectCapture[];

const TOPICS: Readonly<Record<string, MapPart>> = {
  "orders/create": mapOrder,
  "orders/updated": mapOrder,
  "orders/paid": mapOrder,
  "orders/cancelled": mapOrder,
  "orders/fulfilled": mapOrder,
  "orders/partially_fulfilled": mapOrder,
  "orders/delete": mapDeletedOrder,
  "refunds/create": mapRefund,
  "customers/create": mapCustomer,
  "customers/update": mapCustomer,
  "customers/enable": mapCustomer,
  "customers/disable": mapCustomer,
  "customers_email_marketing_consent/update": mapConsent,
  "customers_marketing_consent/update": mapConsent,
  "checkouts/create": mapCheckout,
  "checkouts/update": mapCheckout,
  [ABANDONED]: mapCheckout,
  "carts/create": mapCart,
  "carts/update": mapCart,
  "customers/data_request": mapAccessRequest,
  "customers/redact": mapErasureRequest,
  "shop/redact": mapShopErasure,
};

/**
 * Understood, and kept nothing of. An edit says only what was added and taken out: the order as it stands then comes as
 * `orders/updated` at the same moment. A deleted customer is a closed account, not a wish to be forgotten: that comes as
 * `customers/redact`. A deleted checkout names neither its cart nor its customer. A draft is an offer.
 */
const IGNORED: ReadonlySet<string> = new Set([
  "orders/edited",
  "customers/delete",
  "checkouts/delete",
  "draft_orders/create",
  "draft_orders/update",
  "draft_orders/delete",
  "app/uninstalled",
]);

export const mapShopify: Mapper = (sent, account) => {
  const topic = sent.topic.trim().toLowerCase();
  const read = readJson(sent.body);
  if (!read.ok) return read;
  if (IGNORED.has(topic)) return nothing();
  const map = Object.hasOwn(TOPICS, topic) ? TOPICS[topic] : undefined;
  if (!map) return fail(failureOf("unknown_topic"));
  const notes: Notes = { failure: null };
  const context: ShopifyContext = {
    account,
    topic,
    receivedAt: sentAt(sent),
    deliveryKey: deliveryKeyOf(sent.headers, sent.body),
  };
  const captures: ConnectCapture[] = [];
  for (const { value, path } of unwrap(read.value)) {
    if (isObject(value)) captures.push(...map(new Part(value, path, notes), context));
    else notes.failure ??= failureOf("bad_field", path === "" ? "body" : path);
  }
  return finish(notes, captures);
};

/** When the shop noticed; a message may have waited for hours before it came. */
function sentAt({ headers, receivedAtMs }: Sent): string {
  const triggered = instantOf(headers["x-shopify-triggered-at"] ?? "");
  return triggered ?? new Date(receivedAtMs).toISOString();
}
