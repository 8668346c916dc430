/** What comes around a Stripe event: its signature, its type, its key. */
import { type Failure, failureOf } from "../failure.ts";
import { isObject, type JsonObject, readJson } from "../read/json.ts";
import { digestKey, fromHex, isSame, signatureOf, type Signed } from "../read/sign.ts";

/** All that is read of a message's headers. */
export const STRIPE_HEADERS = ["stripe-signature"] as const;

/** A signature holds for five minutes, as in Stripe's own libraries: what was overheard is worth nothing later. */
const TOLERANCE_MS = 300_000;

type Headers = Readonly<Record<string, string>>;

/**
 * `t=<seconds>,v1=<hex>,v1=<hex>`: HMAC-SHA-256 of `<seconds>.<body>`. There are several while a secret is being changed, and
 * one of them has to be right. A clock that is ahead is as wrong as one that is behind.
 */
export function verifyStripe({ body, headers, secret, nowMs }: Signed): Failure | null {
  const pairs = (headers["stripe-signature"] ?? "").slice(0, 4_096).split(",");
  const valuesOf = (name: string) =>
    pairs
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(`${name}=`))
      .map((pair) => pair.slice(name.length + 1));
  const [seconds] = valuesOf("t");
  const signatures = valuesOf("v1");
  if (seconds === undefined || !/^\d{1,12}$/.test(seconds) || signatures.length === 0) {
    return failureOf("no_signature");
  }
  const expected = signatureOf(secret, `${seconds}.`, body);
  const isRight = signatures.some((signature) => isSame(expected, fromHex(signature)));
  if (!isRight) return failureOf("bad_signature");
  const isOld = Math.abs(nowMs - Number(seconds) * 1_000) > TOLERANCE_MS;
  return isOld ? failureOf("old_signature") : null;
}

/** The type of an event; of an object of the API, the event that would bring it. Empty where it is neither. */
export function topicOf(_headers: Headers, body: Uint8Array): string {
  const message = messageOf(body);
  if (!message) return "";
  if (typeof message["type"] === "string" && isObject(message["data"])) {
    return message["type"].slice(0, 100);
  }
  return typeof message["object"] === "string" ? topicOfObject(message) : "";
}

/** The event's id: the same however often it is sent. */
export function deliveryKeyOf(headers: Headers, body: Uint8Array): string {
  const id = messageOf(body)?.["id"];
  const isEvent = typeof id === "string" && id.startsWith("evt_");
  return isEvent ? id.slice(0, 100) : digestKey(topicOf(headers, body), body);
}

/** Of a list, its first object says what all of them are. */
function topicOfObject(message: JsonObject): string {
  const list = message["object"] === "list" ? message["data"] : undefined;
  const first = Array.isArray(list) ? list[0] : message;
  const object = isObject(first) ? first["object"] : undefined;
  if (typeof object !== "string" || !Object.hasOwn(OBJECTS, object)) return "";
  return OBJECTS[object] ?? "";
}

const OBJECTS: Readonly<Record<string, string>> = {
  charge: "charge.updated",
  refund: "refund.updated",
  customer: "customer.updated",
  "checkout.session": "checkout.session.completed",
};

function messageOf(body: Uint8Array): JsonObject | null {
  const read = readJson(body);
  return read.ok && isObject(read.value) ? read.value : null;
}
