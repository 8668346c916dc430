/** Square's samples as its notifications: about an order one says the id only, and the API has the rest. */
import { ORDER } from "@regulars/shared/connect/testing/square";
import { bodyOf, type Message } from "./platforms.ts";
import { type Json, objectOf, squareSamples } from "./payloads.ts";

export interface SquareSet {
  readonly messages: readonly Message[];
  /** What the API answers, by path. */
  readonly answers: ReadonlyMap<string, unknown>;
  /** Everything in it, for whoever adds up. */
  readonly bodies: readonly Json[];
}

export function notice(type: string, event: string, data: Json): Message {
  const said = {
    merchant_id: "M",
    type,
    event_id: event,
    created_at: "2026-04-30T10:00:00Z",
    data,
  };
  return { name: event, topic: type, body: bodyOf(said) };
}

const listIn = (body: Json, one: string, many: string): Json[] => {
  const list = body[many];
  const found = one in body ? [body[one]] : Array.isArray(list) ? list : [];
  return found as Json[];
};

const KINDS = [
  ["payment", "payments", "payment.updated"],
  ["refund", "refunds", "refund.updated"],
  ["customer", "customers", "customer.updated"],
  ["loyalty_account", "loyalty_accounts", "loyalty.account.updated"],
] as const;

function noticesOf(name: string, body: Json, answers: Map<string, unknown>): Message[] {
  const messages: Message[] = [];
  for (const order of listIn(body, "order", "orders")) {
    const { id, version = 0 } = order;
    if (typeof id !== "string") continue;
    const path = `/v2/orders/${id}`;
    const known = answers.get(path) as { readonly order: Json } | undefined;
    if (Number(version) > Number(known?.order["version"] ?? -1)) answers.set(path, { order });
    messages.push(notice("order.updated", `${name}/${id}`, { type: "order_updated", id }));
  }
  for (const [one, many, type] of KINDS) {
    for (const [at, each] of listIn(body, one, many).entries()) {
      messages.push(notice(type, `${name}/${one}/${at}`, { type: one, object: { [one]: each } }));
    }
  }
  for (const [at, response] of Object.values(body["responses"] ?? {}).entries()) {
    const { customer } = response as Json;
    if (customer === undefined) continue; // of a bulk call, one that failed
    const object = { customer };
    messages.push(notice("customer.created", `${name}/bulk/${at}`, { type: "customer", object }));
  }
  return messages;
}

/** The samples of Square's own description. What says of itself that it is an event comes as it is. */
export function publicSquare(): SquareSet {
  const answers = new Map<string, unknown>();
  const samples = [...squareSamples()].map(([name, body]) => ({
    name,
    body,
    json: objectOf(body),
  }));
  const messages = samples.flatMap(({ name, body, json }): Message[] => {
    if (typeof json["type"] === "string") return [{ name, topic: json["type"], body }];
    const notices = noticesOf(name, json, answers);
    // No notification has such an answer in it: sent all the same, it is of no known kind.
    return notices.length > 0 ? notices : [{ name, topic: "unknown", body }];
  });
  return { messages, answers, bodies: samples.map(({ json }) => json) };
}

/** Of this repository: an order that is fetched, and a refund of it. */
export function ownSquare(): SquareSet {
  const order: Json = ORDER;
  const refund = {
    id: "p-1_r-1",
    payment_id: "p-1",
    order_id: "o-2",
    status: "COMPLETED",
    amount_money: { amount: 300, currency: "USD" },
    created_at: "2026-05-01T09:00:00Z",
    updated_at: "2026-05-01T09:00:00Z",
  };
  return {
    messages: [
      notice("order.updated", "own/order", { type: "order_updated", id: "o-1" }),
      notice("refund.updated", "own/refund", { type: "refund", object: { refund } }),
    ],
    answers: new Map([["/v2/orders/o-1", { order }]]),
    bodies: [{ order }, { refund }],
  };
}
