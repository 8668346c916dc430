/** `customers/*`: what the shop knows of a customer. */
import type { ConnectCapture } from "../captures.ts";
import type { Part } from "../read/part.ts";
import { consentsOf, consentUpdate } from "./consent.ts";
import type { ShopifyContext } from "./context.ts";
import { customerOf } from "./person.ts";

export function mapCustomer(customer: Part, { receivedAt }: ShopifyContext): ConnectCapture[] {
  const id = customer.need(customer.id("id"), "id");
  const at = customer.instant("updated_at") ?? customer.instant("created_at") ?? receivedAt;
  if (id === undefined) return [];
  const who = customerOf(customer);
  return [
    { kind: "claim", key: `customer:${id}@${at}`, at, customer: who },
    ...verifiedEmail(customer),
    ...consentsOf(customer, who, at),
  ];
}

/** The shop has checked the address, and nothing else of what it knows: a claim of its own. */
export function verifiedEmail(customer: Part): ConnectCapture[] {
  const id = customer.id("id");
  const email = customer.scalar("email");
  const at = customer.instant("updated_at") ?? customer.instant("created_at");
  if (!customer.isTrue("verified_email") || email === undefined) return [];
  if (id === undefined || at === undefined) return [];
  const who = { userId: id, email };
  return [{ kind: "claim", key: `verified:${id}@${at}`, at, customer: who, verified: true }];
}

export const mapConsent = (message: Part, { receivedAt }: ShopifyContext): ConnectCapture[] =>
  consentUpdate(message, receivedAt);
