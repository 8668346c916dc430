/** Square's notifications: what they are about, what proves them, and what makes two of them one. */
import type { Failure } from "../failure.ts";
import { contentKey, namedKey } from "../delivery-key.ts";
import { isObject, type JsonObject, readJson } from "../read/json.ts";
import { checkBase64, type Signed, signatureOf } from "../read/sign.ts";

export const SQUARE_TOPICS = [
  "order.created",
  "order.updated",
  "order.fulfillment.updated",
  "payment.created",
  "payment.updated",
  "refund.created",
  "refund.updated",
  "customer.created",
  "customer.updated",
  "customer.deleted",
  "loyalty.account.created",
  "loyalty.account.updated",
  "loyalty.account.deleted",
  "loyalty.event.created",
] as const;
export type SquareTopic = (typeof SQUARE_TOPICS)[number];

/** Answer of Square's API, whichever: orders, payments, refunds, customers, loyalty accounts. */
export const SQUARE_API_TOPIC = "api";

/** base64(HMAC-SHA-256(address of the notification + body)): the address as it is set at Square, byte for byte. */
export function verifySquare({ body, headers, secret, url }: Signed): Failure | null {
  const expected = signatureOf(secret, url ?? "", body);
  return checkBase64(headers["x-square-hmacsha256-signature"], expected);
}

/** The `type`, or `unknown` for one that is not taken in. */
export function squareTopicOf(body: Uint8Array): SquareTopic | "unknown" {
  const type = envelopeOf(body)["type"];
  return SQUARE_TOPICS.find((topic) => topic === type) ?? "unknown";
}

/** `square:<event_id>`: Square sends an event again until it is answered. */
export function squareDeliveryKeyOf(body: Uint8Array): string {
  const id = envelopeOf(body)["event_id"];
  return typeof id === "string" && id !== "" ? namedKey("square", id) : contentKey("square", body);
}

function envelopeOf(body: Uint8Array): JsonObject {
  const read = readJson(body);
  return read.ok && isObject(read.value) ? read.value : {};
}
