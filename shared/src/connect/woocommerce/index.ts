/** WooCommerce: webhooks, and the same resources from its REST API (version 3). */
import { fail } from "../../result.ts";
import type { ConnectCapture } from "../captures.ts";
import { failureOf } from "../failure.ts";
import type { Mapper } from "../mapper.ts";
import { finish, nothing } from "../read/finish.ts";
import { isObject, readJson } from "../read/json.ts";
import { type Notes, Part } from "../read/part.ts";
import { type WooContext, whenOf } from "./context.ts";
import { isPing, PING, unwrap } from "./envelope.ts";
import { mapDeletedOrder, mapOrder } from "./order.ts";
import { customerOf } from "./person.ts";
import { mapRefund } from "./refund.ts";

export { deliveryKeyOf, topicOf, verifyWooCommerce, WOOCOMMERCE_HEADERS } from "./envelope.ts";

type MapPart = (part: Part, context: WooContext) => ConnectCapture[];

const TOPICS: Readonly<Record<string, MapPart>> = {
  "order.created": mapOrder,
  "order.updated": mapOrder,
  "order.restored": mapOrder,
  "order.deleted": mapDeletedOrder,
  "order.refunded": mapRefund,
  "refund.created": mapRefund,
  "customer.created": mapCustomer,
  "customer.updated": mapCustomer,
};

/** Understood, and kept nothing of. A deleted customer is a closed account, not a wish to be forgotten. */
const isIgnored = (topic: string): boolean =>
  topic === "customer.deleted" || /^(?:product|coupon|action)\./.test(topic);

export const mapWooCommerce: Mapper = (sent, account) => {
  const topic = sent.topic.trim().toLowerCase();
  if (topic === PING || isPing(sent.body)) return nothing();
  const read = readJson(sent.body);
  if (!read.ok) return read;
  if (isIgnored(topic)) return nothing();
  const map = Object.hasOwn(TOPICS, topic) ? TOPICS[topic] : undefined;
  if (!map) return fail(failureOf("unknown_topic"));
  const notes: Notes = { failure: null };
  const receivedAt = new Date(sent.receivedAtMs).toISOString();
  const captures: ConnectCapture[] = [];
  for (const { value, path, isDeleted } of unwrap(read.value)) {
    // Of a batch: what could not be done has changed nothing.
    if (isObject(value) && path !== "" && isObject(value["error"])) continue;
    if (isObject(value)) {
      captures.push(...map(new Part(value, path, notes), { account, receivedAt, isDeleted }));
    } else notes.failure ??= failureOf("bad_field", path === "" ? "body" : path);
  }
  return finish(notes, captures);
};

function mapCustomer(customer: Part, context: WooContext): ConnectCapture[] {
  if (context.isDeleted) return [];
  const id = customer.need(customer.id("id"), "id");
  if (id === undefined) return [];
  const at =
    whenOf(customer, "date_modified", context) ??
    whenOf(customer, "date_created", context) ??
    context.receivedAt;
  return [{ kind: "claim", key: `customer:${id}@${at}`, at, customer: customerOf(customer) }];
}
