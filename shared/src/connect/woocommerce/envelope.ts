/** What comes around a WooCommerce message: its signature, its topic, its key. */
import type { Failure } from "../failure.ts";
import { isObject, type JsonValue, readJson } from "../read/json.ts";
import { checkBase64, digestKey, signatureOf, type Signed } from "../read/sign.ts";

/** All that is read of a message's headers. */
export const WOOCOMMERCE_HEADERS = [
  "x-wc-webhook-signature",
  "x-wc-webhook-topic",
  "x-wc-webhook-delivery-id",
] as const;

export const PING = "webhook.ping";

type Headers = Readonly<Record<string, string>>;

/**
 * HMAC-SHA-256 of the bytes as they came, as base64. The ping that WooCommerce sends when a webhook is made has no
 * signature; it says nothing, so it may come from anybody.
 */
export function verifyWooCommerce({ body, headers, secret }: Signed): Failure | null {
  const signature = headers["x-wc-webhook-signature"];
  if (signature === undefined && isPing(body)) return null;
  return checkBase64(signature, signatureOf(secret, body));
}

/** Form-encoded, and nothing else: `webhook_id=42`. */
export function isPing(body: Uint8Array): boolean {
  return body.length <= 40 && /^webhook_id=\d+$/.test(new TextDecoder().decode(body));
}

/** Without a header, as in files of the API: what the body looks like. Empty where that says nothing. */
export function topicOf(headers: Headers, body: Uint8Array): string {
  const said = headers["x-wc-webhook-topic"]?.trim().toLowerCase();
  if (said !== undefined && said !== "") return said.slice(0, 100);
  if (isPing(body)) return PING;
  const read = readJson(body);
  const [first] = read.ok ? unwrap(read.value) : [];
  return isObject(first?.value) ? topicOfObject(first.value) : "";
}

/**
 * The id of a delivery is made of the webhook and the second, so two orders may have the same one, and one order that is
 * sent by hand again has another. The bytes tell them apart.
 */
export const deliveryKeyOf = (headers: Headers, body: Uint8Array): string => {
  const delivery = headers["x-wc-webhook-delivery-id"]?.trim().slice(0, 60) ?? "";
  const digest = digestKey(headers["x-wc-webhook-topic"] ?? "", body);
  return delivery === "" ? digest : `${delivery}:${digest}`;
};

const MARKS: readonly (readonly [string, string])[] = [
  ["refunded_by", "refund.created"],
  ["refunded_payment", "refund.created"],
  ["payment_method_title", "order.updated"],
  ["is_paying_customer", "customer.updated"],
];

const topicOfObject = (value: object): string =>
  MARKS.find(([field]) => Object.hasOwn(value, field))?.[1] ?? "";

export interface Resource {
  readonly value: JsonValue;
  readonly path: string;
  /** Of a batch: it was deleted. */
  readonly isDeleted: boolean;
}

/** The resources in a body: one, a list, or the answer to a batch. */
export function unwrap(value: JsonValue): Resource[] {
  if (Array.isArray(value)) return listOf(value, "", false);
  if (!isObject(value)) return [{ value, path: "", isDeleted: false }];
  const lists = ["create", "update", "delete"].filter((name) => Array.isArray(value[name]));
  if (lists.length === 0) return [{ value, path: "", isDeleted: false }];
  return lists.flatMap((name) => {
    const list = value[name];
    return Array.isArray(list) ? listOf(list, `${name}.`, name === "delete") : [];
  });
}

const listOf = (list: readonly JsonValue[], prefix: string, isDeleted: boolean): Resource[] =>
  list.map((value, index) => ({ value, path: `${prefix}${index}`, isDeleted }));
