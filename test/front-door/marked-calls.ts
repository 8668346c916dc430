/** Calls with marked values in places where they belong and where they do not. */
import { bodyOf, headersFor, SECRET } from "./platforms.ts";
import { shopifyOrder } from "./shopify-order.ts";
import { BROWSER, CARD, EMAIL, MARK, ODD, PERSON, PHONE, USER } from "./marks.ts";

export interface Call {
  readonly path: string;
  readonly method?: string;
  /** Who calls: of the keys of the run. */
  readonly as?: "segment" | "events" | "centre" | "till" | "nobody";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const json = (value: unknown): string => JSON.stringify(value);
const AT = "2026-05-02T10:00:00Z";

const segmentCalls = (): Call[] => {
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

const webhookCalls = (): Call[] => {
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
      delivery: `${EMAIL}-${topic}`,
    }),
  });
  const square = (type: string, data: object): Call => {
    const body = bodyOf({ type, event_id: `${EMAIL}/${type}`, created_at: AT, data });
    const headers = headersFor("square", { name: "", topic: type, body, delivery: "" });
    return { path: "/v1/webhooks/square-web", body: body.toString("utf8"), headers };
  };
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

const eventCalls = (): Call[] => {
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

/** `customer` is the id of the one who is marked. */
const customerCalls = (customer: string): Call[] => {
  const at = `/v1/customers/${customer}`;
  return [
    { path: "/v1/customers/lookup", as: "centre", body: json({ email: `other.${EMAIL}` }) },
    {
      path: "/v1/customers/lookup",
      as: "centre",
      body: json({ email: { [EMAIL]: EMAIL }, [EMAIL]: 1 }),
    },
    {
      path: "/v1/customers/lookup",
      as: "centre",
      body: json({ email: EMAIL, fields: [EMAIL], store: EMAIL }),
    },
    { path: "/v1/customers/lookup", as: "centre", body: `{"email": "${EMAIL}` },
    {
      path: "/v1/customers/lookup",
      headers: { authorization: `Bearer ${EMAIL}` },
      body: json({ email: EMAIL }),
    },
    {
      path: "/v1/customers/lookup",
      headers: { authorization: `Bearer ey.${btoa(EMAIL)}.x` },
      body: json({ email: EMAIL }),
    },
    { path: `/v1/customers/${EMAIL}`, method: "GET", as: "centre" },
    { path: `${at}?fields=${EMAIL}&${EMAIL}=1`, method: "GET", as: "centre" },
    { path: `${at}/timeline?cursor=${EMAIL}&limit=${EMAIL}`, method: "GET", as: "centre" },
    { path: `${at}/${EMAIL}`, method: "GET", as: "centre" },
    { path: `${at}/live?fields=${EMAIL}&after=${EMAIL}`, method: "GET", as: "centre" },
    { path: `/v1/customers/${EMAIL}/live`, method: "GET", as: "centre" },
    {
      path: `${at}/claims`,
      as: "centre",
      body: json({ id: EMAIL, claims: { givenName: "Qzmarkline" }, traits: { size: EMAIL } }),
    },
    {
      path: `${at}/claims`,
      as: "centre",
      body: json({
        claims: { [EMAIL]: EMAIL, email: { [EMAIL]: 1 } },
        traits: { [EMAIL]: { [PHONE]: 1 } },
      }),
    },
    {
      path: `${at}/claims`,
      as: "centre",
      body: json({ claims: { email: CARD, phone: EMAIL, birthDate: EMAIL } }),
    },
    { path: `${at}/claims`, as: "centre", body: `{"claims": {"email": "${EMAIL}` },
    {
      path: `/v1/customers/${EMAIL}/claims`,
      as: "centre",
      body: json({ claims: { email: EMAIL } }),
    },
    {
      path: `${at}/consents`,
      as: "centre",
      body: json({
        purpose: "marketing",
        channel: "email",
        state: "granted",
        evidence: { text: EMAIL },
      }),
    },
    {
      path: `${at}/consents`,
      as: "centre",
      body: json({ purpose: EMAIL, channel: EMAIL, state: EMAIL, [EMAIL]: 1 }),
    },
  ];
};

const officeCalls = (): Call[] => [
  {
    path: `/v1/accounts/${EMAIL}`,
    method: "PUT",
    as: "centre",
    body: json({ kind: EMAIL, [EMAIL]: EMAIL }),
  },
  {
    path: "/v1/accounts/odd",
    method: "PUT",
    as: "centre",
    body: json({ kind: EMAIL, locations: { [EMAIL]: EMAIL } }),
  },
  {
    path: "/v1/accounts/segment-web/keys",
    as: "centre",
    body: json({ scopes: [EMAIL], expiresAt: EMAIL }),
  },
  { path: "/v1/tills/enrolments", as: "centre", body: json({ source: EMAIL, store: EMAIL }) },
  {
    path: "/v1/tills/enrol",
    body: json({ code: EMAIL, publicKey: EMAIL, source: EMAIL, store: EMAIL }),
  },
  { path: "/v1/tills/token", body: json({ assertion: EMAIL }) },
  { path: `/v1/tills/${EMAIL}`, method: "DELETE", as: "centre" },
  {
    path: `/v1/intake/failed?account=${EMAIL}&code=${EMAIL}&cursor=${EMAIL}`,
    method: "GET",
    as: "centre",
  },
  { path: `/v1/intake/items/${EMAIL}/1`, method: "GET", as: "centre" },
  { path: "/v1/intake/replay", as: "centre", body: json({ item: EMAIL, [EMAIL]: 1 }) },
  { path: "/v1/intake/drop", as: "centre", body: json({ item: EMAIL, reason: EMAIL }) },
  { path: "/v1/publish", as: "centre", body: json({ [EMAIL]: EMAIL }) },
  { path: "/v1/push", as: "centre", body: json({ source: EMAIL }) },
  { path: `/${EMAIL}?${EMAIL}`, method: "GET" },
];

export const edgeCalls = (customer: string): Call[] => [
  ...segmentCalls(),
  ...webhookCalls(),
  ...eventCalls(),
  ...customerCalls(customer),
  ...officeCalls(),
];

export const tillCalls = (): Call[] => {
  const line = { sku: "TEA", quantity: "1", amountMinor: 500 };
  const captures: readonly object[] = [
    { kind: "sale", lines: [line], customer: { ...PERSON, loyaltyNumber: MARK, ...ODD } },
    {
      kind: "sale",
      lines: [line],
      customer: { email: CARD, phone: EMAIL, birthDate: EMAIL },
      consents: [EMAIL, { purpose: EMAIL }],
    },
    { kind: "note", text: `Ring ${PHONE}`, customer: { email: EMAIL } },
    { kind: EMAIL },
    { kind: "sale", lines: [{ ...line, quantity: EMAIL, [EMAIL]: EMAIL }], [EMAIL]: EMAIL },
    {
      kind: "sale",
      lines: [line],
      at: EMAIL,
      currency: EMAIL,
      flags: [EMAIL],
      idempotencyKey: { [EMAIL]: 1 },
    },
  ];
  return [
    ...captures.map((capture): Call => ({ path: "/v1/captures", as: "till", body: json(capture) })),
    { path: "/v1/captures", as: "till", body: `{"email": "${EMAIL}` },
    {
      path: "/v1/captures",
      headers: { authorization: `Bearer ${EMAIL}` },
      body: json(captures[0]),
    },
    { path: "/v1/lookup", as: "till", body: json({ query: EMAIL, remote: true }) },
    { path: "/v1/lookup", as: "till", body: json({ query: { [EMAIL]: 1 }, [EMAIL]: EMAIL }) },
    { path: `/v1/journal?after=${EMAIL}&limit=${EMAIL}`, method: "GET", as: "till" },
    { path: `/${EMAIL}`, method: "GET", as: "till" },
  ];
};

export const centreCalls = (customer: string): Call[] => [
  { path: `/v1/customers/${EMAIL}`, method: "GET", as: "centre" },
  { path: `/v1/customers/${EMAIL}/history`, method: "GET", as: "centre" },
  { path: `/v1/customers/${customer}/history/${EMAIL}/2`, method: "GET", as: "centre" },
  {
    path: `/v1/customers/${customer}/timeline?stamp=${EMAIL}&event=${EMAIL}`,
    method: "GET",
    as: "centre",
  },
  { path: `/v1/events?source=${EMAIL}&epoch=${EMAIL}`, method: "GET", as: "centre" },
  { path: `/v1/feed?after=${EMAIL}`, method: "GET", as: "centre" },
  {
    path: "/v1/stewards/decisions",
    as: "centre",
    body: json({ by: EMAIL, kind: EMAIL, [EMAIL]: EMAIL }),
  },
  { path: "/v1/ingest", as: "centre", body: json({ [EMAIL]: EMAIL }) },
  { path: "/v1/policies/survivorship", as: "centre", body: json({ fields: { [EMAIL]: EMAIL } }) },
  {
    path: `/${EMAIL}`,
    method: "GET",
    headers: { authorization: `Basic ${btoa(`${EMAIL}:${EMAIL}`)}` },
  },
];
