/** What customers of a Shopify shop allowed: statements of their own, at the time when they were made. */
import type { ConnectCapture } from "../captures.ts";
import { defined, type Part } from "../read/part.ts";

type Customer = ConnectCapture["customer"];
/** When it counts from, where that is not said. */
type Since = Readonly<Record<ConsentCapture["state"], string>>;
type ConsentCapture = Extract<ConnectCapture, { kind: "consent" }>;

/** `not_subscribed`, `pending` and `invalid` say nothing: nobody allowed or withdrew anything. */
const STATES: Readonly<Record<string, ConsentCapture["state"]>> = {
  subscribed: "granted",
  unsubscribed: "withdrawn",
  redacted: "withdrawn",
};

/**
 * Consents of a customer resource, each once for all messages that repeat it. What was said without a time is as old as the
 * customer, so that it never overrules what was said since, here or in a store; only who has unsubscribed, and nobody says
 * when, has done so by now.
 */
export function consentsOf(customer: Part, who: Customer, at: string): ConsentCapture[] {
  const id = customer.id("id") ?? "";
  const created = customer.instant("created_at") ?? at;
  const since = { granted: created, withdrawn: at };
  const email = customer.part("email_marketing_consent");
  const sms = customer.part("sms_marketing_consent");
  const captures = [
    email ? newConsent(email, "email", id, who, since) : oldConsent(customer, id, who, created),
    sms ? newConsent(sms, "sms", id, who, since) : undefined,
  ];
  return captures.filter((capture) => capture !== undefined);
}

/** `customers_email_marketing_consent/update` and `customers_marketing_consent/update`. */
export function consentUpdate(message: Part, at: string): ConsentCapture[] {
  const id = message.need(message.id("customer_id") ?? message.id("id"), "customer_id") ?? "";
  const who = defined({
    userId: id,
    email: message.scalar("email_address") ?? message.scalar("email"),
    phone: message.scalar("phone"),
  });
  const email = message.part("email_marketing_consent");
  const sms = message.part("sms_marketing_consent");
  if (!email && !sms) message.fail("missing_field", "email_marketing_consent");
  const since = { granted: at, withdrawn: at };
  const captures = [
    email ? newConsent(email, "email", id, who, since) : undefined,
    sms ? newConsent(sms, "sms", id, who, since) : undefined,
  ];
  return captures.filter((capture) => capture !== undefined);
}

/** A box that was ticked at the checkout; one that was not withdraws nothing. */
export function checkoutConsent(
  order: Part,
  id: string,
  who: Customer,
  at: string,
): ConsentCapture[] {
  if (!order.isTrue("buyer_accepts_marketing")) return [];
  return [consent("email", "granted", `consent:order:${id}`, who, at, "ticked at the checkout")];
}

function newConsent(
  part: Part,
  channel: "email" | "sms",
  id: string,
  who: Customer,
  since: Since,
): ConsentCapture | undefined {
  const word = part.text("state")?.toLowerCase() ?? "";
  const state = Object.hasOwn(STATES, word) ? STATES[word] : undefined;
  if (state === undefined) return undefined;
  const said = part.instant("consent_updated_at") ?? since[state];
  const level = part.text("opt_in_level", 100);
  return consent(channel, state, `consent:${id}:${channel}:${state}@${said}`, who, said, level);
}

function oldConsent(
  customer: Part,
  id: string,
  who: Customer,
  created: string,
): ConsentCapture | undefined {
  const accepts = customer.raw("accepts_marketing");
  if (typeof accepts !== "boolean") return undefined;
  const state = accepts ? "granted" : "withdrawn";
  const said = customer.instant("accepts_marketing_updated_at") ?? created;
  const level = customer.text("marketing_opt_in_level", 100);
  return consent("email", state, `consent:${id}:email:${state}@${said}`, who, said, level);
}

function consent(
  channel: "email" | "sms",
  state: ConsentCapture["state"],
  key: string,
  customer: Customer,
  at: string,
  text: string | undefined,
): ConsentCapture {
  const evidence = text === undefined ? {} : { evidence: { text } };
  const who = customer === undefined ? {} : { customer };
  return { kind: "consent", key, at, purpose: "marketing", channel, state, ...evidence, ...who };
}
