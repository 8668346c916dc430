/** Calls of people and parts with marked values in places where they belong and where they do not. */
import { CARD, EMAIL, MARK, ODD, PERSON, PHONE } from "./marks.ts";
import { type Call, eventCalls, json, segmentCalls, webhookCalls } from "./marked-messages.ts";

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
