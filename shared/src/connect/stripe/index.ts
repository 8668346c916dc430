/** Stripe: events, and the same objects from its API. */
import { fail } from "../../result.ts";
import type { ConnectCapture } from "../captures.ts";
import { failureOf } from "../failure.ts";
import type { Mapper } from "../mapper.ts";
import { finish, nothing } from "../read/finish.ts";
import { isObject, type JsonObject, readJson } from "../read/json.ts";
import { type Notes, Part } from "../read/part.ts";
import { mapCharge, mapRefund } from "./charge.ts";
import { mapCheckout } from "./checkout.ts";
import type { StripeContext } from "./context.ts";
import { personOf } from "./person.ts";

export { deliveryKeyOf, STRIPE_HEADERS, topicOf, verifyStripe } from "./envelope.ts";

type MapPart = (part: Part, context: StripeContext) => ConnectCapture[];

const TOPICS: Readonly<Record<string, MapPart>> = {
  "charge.succeeded": mapCharge,
  "charge.updated": mapCharge,
  "charge.captured": mapCharge,
  "charge.refunded": mapCharge,
  "charge.failed": mapCharge,
  "refund.created": mapRefund,
  "refund.updated": mapRefund,
  "charge.refund.updated": mapRefund,
  "customer.created": mapCustomer,
  "customer.updated": mapCustomer,
  "checkout.session.completed": mapCheckout,
  "checkout.session.async_payment_succeeded": mapCheckout,
};

/**
 * Understood, and kept nothing of: charges say all that their payment says, and what failed, expired or is pending moved no
 * money. A deleted customer is a closed account, not a wish to be forgotten.
 */
const isIgnored = (topic: string): boolean =>
  topic.startsWith("payment_intent.") || IGNORED.has(topic);

const IGNORED: ReadonlySet<string> = new Set([
  "charge.pending",
  "charge.expired",
  "refund.failed",
  "customer.deleted",
  "checkout.session.expired",
  "checkout.session.async_payment_failed",
]);

export const mapStripe: Mapper = (sent, account) => {
  const topic = sent.topic.trim();
  const read = readJson(sent.body);
  if (!read.ok) return read;
  if (isIgnored(topic)) return nothing();
  const map = Object.hasOwn(TOPICS, topic) ? TOPICS[topic] : undefined;
  if (!map) return fail(failureOf("unknown_topic"));
  if (!isObject(read.value)) return fail(failureOf("bad_field", "body"));
  const notes: Notes = { failure: null };
  const receivedAt = new Date(sent.receivedAtMs).toISOString();
  const message = new Part(read.value, "", notes);
  const changedAt = message.instantOfSeconds("created") ?? receivedAt;
  const context: StripeContext = { account, receivedAt, changedAt };
  const captures = objectsOf(message)
    .filter((object) => account.rules.countTests === true || !isTest(message.value, object.value))
    .flatMap((object) => map(object, context));
  return finish(notes, captures);
};

/** Of an event, its object; of a list, its objects; else the object itself. */
function objectsOf(message: Part): Part[] {
  if (message.raw("object") === "list") return message.parts("data");
  if (message.raw("type") === undefined || message.raw("data") === undefined) return [message];
  const data = message.part("data");
  const object = data?.need(data.part("object"), "object");
  return object ? [object] : [];
}

const isTest = (message: JsonObject, object: JsonObject): boolean =>
  (message["livemode"] ?? object["livemode"]) === false;

function mapCustomer(customer: Part, context: StripeContext): ConnectCapture[] {
  const id = customer.need(customer.id("id"), "id");
  if (id === undefined || customer.isTrue("deleted")) return [];
  const at = context.changedAt;
  const [language] = languagesOf(customer);
  const who = personOf(customer, id, language === undefined ? {} : { language });
  return [{ kind: "claim", key: `customer:${id}@${at}`, at, customer: who ?? {} }];
}

function languagesOf(customer: Part): string[] {
  const locales = customer.raw("preferred_locales");
  return (Array.isArray(locales) ? locales : []).filter((each) => typeof each === "string");
}
