/** Messages of connectors with marked values in places where they belong and where they do not. */
import { BROWSER, CARD, EMAIL, MARK, ODD, PERSON, PHONE, USER } from "./marks.ts";
import { bodyOf, headersFor, SECRET } from "./platforms.ts";
import { shopifyOrder } from "./shopify-order.ts";

export interface Call {
  readonly path: string;
  readonly method?: string;
  /** Who calls: of the keys of the run. */
  readonly as?: "segment" | "events" | "centre" | "till" | "nobody";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export const json = (value: unknown): string => JSON.stringify(value);
const AT = "2026-05-02T10:00:00Z";

export const segmentCalls = (): Call[] => {
  const ids = { userId: USER, anonymousId: BROWSER, timestamp: AT };
  const good = [
    { type: "identify", ...ids, traits: { ...PERSON, ...ODD, cardNumber: CARD } },
    { type: "track", ...ids, event: `Called ${PHONE}`, properties: { ...ODD, note: EMAIL } },
    { type: "page", ...ids, name: EMAIL, properties: { path: `/${EMAIL}`, search: `?e=${EMAIL}` } },
    { type: "alias", userId: USER, previousId: EMAIL },
    { type: "group", ...ids, groupId: EMAIL, traits: ODD },
  ];
  const bad = [
    { type: EMAIL, ...ids },
    { type: "track", event: EMAIL },
    {
      type: "track",
      ...ids,
      event: "Order Completed",
      properties: { order_id: EMAIL, total: EMAIL },
    },
    { type: "track", ...ids, event: "Seen", timestamp: EMAIL },
    { type: "identify", ...ids, timestamp: EMAIL, traits: EMAIL },
    { type: "track", userId: { [EMAIL]: PHONE }, event: { [EMAIL]: 1 }, properties: [EMAIL] },
    {
      type: "track",
      ...ids,
      event: "Order Completed",
      properties: {
        order_id: "7",
        currency: EMAIL,
        total: 1,
        products: [{ [EMAIL]: EMAIL, price: EMAIL }],
      },
    },
    EMAIL,
    { [EMAIL]: EMAIL },
  ];
  const batch = json({ batch: [...good, ...bad], context: ODD, [EMAIL]: EMAIL });
  return [
    { path: "/v1/batch", as: "segment", body: batch },
    { path: `/v1/batch?email=${EMAIL}&writeKey=${USER}`, body: batch },
    { path: "/v1/batch", headers: { authorization: `Bearer rk_${MARK}_${EMAIL}` }, body: batch },
    {
      path: "/v1/batch",
      headers: { authorization: `Basic ${btoa(`${EMAIL}:${PHONE}`)}` },
      body: batch,
    },
    { path: "/v1/batch", as: "segment", body: batch.slice(0, 400) },
    { path: "/v1/track", as: "segment", body: json({ [EMAIL]: EMAIL, event: 7 }) },
    { path: `/v1/${EMAIL}`, as: "segment", body: batch },
    { path: "/v1/batch", as: "segment", body: batch, headers: { "content-encoding": EMAIL } },
  ];
};

const order = (more: object) =>
  bodyOf({
    ...shopifyOrder({ n: 9_001, email: EMAIL, price: "10.00", updatedAt: AT, more }),
    billing_address: { ...PERSON, phone: PHONE },
    note: EMAIL,
    note_attributes: [{ name: EMAIL, value: CARD }],
    ...ODD,
  });

const square = (type: string, data: object): Call => {
  const body = bodyOf({ type, event_id: `${EMAIL}/${type}`, created_at: AT, data });
  const headers = headersFor("square", { name: "", topic: type, body, delivery: "" });
  return { path: "/v1/webhooks/square-web", body: body.toString("utf8"), headers };
};

export const webhookCalls = (): Call[] => {
  let deliveries = 0;
  const shopify = (
    topic: string,
    body: Buffer,
    secret = SECRET,
    account = "shopify-web",
  ): Call => ({
    path: `/v1/webhooks/${account}`,
    body: body.toString("utf8"),
    headers: headersFor("shopify", {
      name: "",
      topic,
      body,
      secret,
      delivery: `${EMAIL}-${++deliveries}`,
    }),
  });
  return [
    shopify("orders/paid", order({})),
    shopify("orders/updated", order({ total_price: EMAIL, updated_at: "2026-05-03T10:00:00Z" })),
    shopify("orders/updated", order({ created_at: PHONE, currency: EMAIL, id: 2 })),
    shopify(
      "orders/updated",
      order({ id: { [EMAIL]: 1 }, line_items: [{ [EMAIL]: EMAIL, price: EMAIL }] }),
    ),
    shopify(`orders/${EMAIL}`, order({})),
    shopify("orders/paid", order({}), `${EMAIL}-secret`),
    shopify(EMAIL, order({}), "another"),
    shopify("orders/paid", order({}).subarray(0, 900)),
    shopify("orders/paid", order({}), SECRET, EMAIL),
    shopify(
      "customers/update",
      bodyOf({ id: 5, email: EMAIL, phone: CARD, updated_at: EMAIL, ...ODD }),
    ),
    shopify(
      "customers/redact",
      bodyOf({ customer: { id: 207_009_001, email: EMAIL, phone: PHONE } }),
    ),
    square("order.updated", { type: "order", id: EMAIL }),
    square("customer.created", { type: "customer", object: { customer: { id: EMAIL, ...ODD } } }),
    square(EMAIL, { type: EMAIL }),
    square("refund.updated", { type: "refund", object: { [EMAIL]: EMAIL } }),
  ];
};

export const eventCalls = (): Call[] => {
  const lines = { "content-type": "application/x-ndjson" };
  const event = (more: object) =>
    json({ specversion: "1.0", id: EMAIL, source: `/${EMAIL}`, type: "regulars.capture.claim", data: { customer: PERSON, traits: ODD, ...ODD }, ...more }); // prettier-ignore
  const aside = {
    key: EMAIL,
    failed: { code: "bad_field", field: EMAIL, detail: `It was ${EMAIL}.` },
  };
  return [
    { path: "/v1/events", as: "events", body: event({}) },
    {
      path: "/v1/events",
      as: "events",
      body: event({ type: `regulars.capture.${EMAIL}`, id: "2" }),
    },
    { path: "/v1/events", as: "events", body: event({ type: EMAIL, id: "3" }) },
    { path: "/v1/events", as: "events", body: event({ time: EMAIL, id: "4" }) },
    { path: "/v1/events", as: "events", body: event({ specversion: EMAIL }) },
    { path: "/v1/events", as: "events", body: event({}).slice(0, 120) },
    {
      path: "/v1/events",
      as: "events",
      headers: lines,
      body: `${json({ kind: EMAIL, key: EMAIL })}\n${json({ kind: "claim", at: EMAIL, customer: EMAIL })}\n{"email": "${EMAIL}\n`,
    },
    {
      path: "/v1/import/csv",
      as: "events",
      headers: lines,
      body: `${json({ ...aside, raw: btoa(EMAIL) })}\n${json({ kind: "sale", key: EMAIL, currency: EMAIL, lines: EMAIL })}\n`,
    },
    { path: `/v1/import/${EMAIL}`, as: "events", headers: lines, body: `${EMAIL}\n` },
  ];
};
