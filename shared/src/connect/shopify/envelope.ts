/** What comes around a Shopify message: its signature, its topic, its key. */
import type { Failure } from "../failure.ts";
import { isObject, type JsonValue, readJson } from "../read/json.ts";
import { checkBase64, digestKey, signatureOf, type Signed } from "../read/sign.ts";

/** All that is read of a message's headers. */
export const SHOPIFY_HEADERS = [
  "x-shopify-hmac-sha256",
  "x-shopify-topic",
  "x-shopify-webhook-id",
  "x-shopify-event-id",
  "x-shopify-triggered-at",
] as const;

/** No webhook's topic: the API's list of checkouts that were left behind. */
export const ABANDONED = "abandoned_checkouts";

type Headers = Readonly<Record<string, string>>;

/** HMAC-SHA-256 of the bytes as they came, as base64. The signature has no time: what comes again has its key again. */
export function verifyShopify({ body, headers, secret }: Signed): Failure | null {
  return checkBase64(headers["x-shopify-hmac-sha256"], signatureOf(secret, body));
}

/** Without a header, as in files of the API: what the body is wrapped in, or looks like. Empty where that says nothing. */
export function topicOf(headers: Headers, body: Uint8Array): string {
  const said = headers["x-shopify-topic"]?.trim().toLowerCase();
  if (said !== undefined && said !== "") return said.slice(0, 100);
  const read = readJson(body);
  return read.ok ? topicOfJson(read.value) : "";
}

/**
 * The id of a webhook is the same in all attempts to deliver it. An event's id is shared by all webhooks that it sets off,
 * so the topic is part of that key.
 */
export function deliveryKeyOf(headers: Headers, body: Uint8Array): string {
  const webhook = headers["x-shopify-webhook-id"]?.trim().slice(0, 100);
  if (webhook !== undefined && webhook !== "") return webhook;
  const topic = topicOf(headers, body);
  const event = headers["x-shopify-event-id"]?.trim().slice(0, 100);
  return event !== undefined && event !== "" ? `${event}:${topic}` : digestKey(topic, body);
}

/** What the API wraps a resource in, and the topic under which the same comes as a webhook. */
const WRAPPERS: Readonly<Record<string, string>> = {
  order: "orders/updated",
  orders: "orders/updated",
  refund: "refunds/create",
  refunds: "refunds/create",
  customer: "customers/update",
  customers: "customers/update",
  checkout: "checkouts/update",
  checkouts: "checkouts/update",
  draft_order: "draft_orders/update",
  draft_orders: "draft_orders/update",
  order_edit: "orders/edited",
};

/** Fields by which a resource that is wrapped in nothing is known. */
const MARKS: readonly (readonly [string, string])[] = [
  ["refund_line_items", "refunds/create"],
  ["financial_status", "orders/updated"],
  ["abandoned_checkout_url", "checkouts/update"],
  ["orders_to_redact", "customers/redact"],
  ["orders_requested", "customers/data_request"],
  ["verified_email", "customers/update"],
];

function topicOfJson(value: JsonValue): string {
  const first = Array.isArray(value) ? value[0] : value;
  if (!isObject(first)) return "";
  const names = Object.keys(first);
  const only = names.length === 1 ? names[0] : undefined;
  if (only !== undefined) return topicOfWrapped(only, first[only]);
  return MARKS.find(([field]) => Object.hasOwn(first, field))?.[1] ?? "";
}

/** Webhooks are wrapped in nothing: a checkout that is comes from the API's list of those that were left behind. */
function topicOfWrapped(name: string, inner: JsonValue | undefined): string {
  const first = Array.isArray(inner) ? inner[0] : inner;
  if (isObject(first) && Object.hasOwn(first, "abandoned_checkout_url")) return ABANDONED;
  return Object.hasOwn(WRAPPERS, name) ? (WRAPPERS[name] ?? "") : "";
}

/** The resources in a body: bare, wrapped as the API does, or several of them. */
export function unwrap(value: JsonValue): { readonly value: JsonValue; readonly path: string }[] {
  if (Array.isArray(value)) return value.map((each, at) => ({ value: each, path: String(at) }));
  if (!isObject(value)) return [{ value, path: "" }];
  const names = Object.keys(value);
  const name = names.length === 1 ? names[0] : undefined;
  if (name === undefined || !Object.hasOwn(WRAPPERS, name)) return [{ value, path: "" }];
  const inner = value[name] ?? null;
  if (!Array.isArray(inner)) return [{ value: inner, path: name }];
  return inner.map((each, at) => ({ value: each, path: `${name}.${at}` }));
}
