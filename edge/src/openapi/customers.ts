/** The profile API in words. */
import { customerIdSchema } from "@regulars/shared/ids";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import { timelineEntrySchema } from "@regulars/shared/timeline/entry";
import { z } from "zod";
import { ME } from "../serve/find.ts";
import { liveQuerySchema } from "../serve/live.ts";
import { appLookupSchema } from "../serve/lookup.ts";
import { readQuerySchema } from "../serve/select.ts";
import { timelineQuerySchema } from "../serve/timeline.ts";
import {
  consentsViewSchema,
  customerAnswerSchema,
  freshnessSchema,
  lineageSchema,
  loyaltyViewSchema,
  purchasesViewSchema,
  traitsViewSchema,
  viewSchema,
} from "../serve/view-schema.ts";
import { acceptedSchema, claimsBodySchema, consentBodySchema } from "../serve/write.ts";
import type { DescribedAnswer, DescribedRoute } from "./describe.ts";
import { CLAIMS, CONSENT, CUSTOMER, LOOKUP, TAKEN, TIMELINE } from "./examples.ts";

const partHead = customerAnswerSchema
  .pick({ customer: true, redirectedFrom: true, version: true, golden: true })
  .extend({ freshness: freshnessSchema });

export const purchasesAnswerSchema = partHead.extend({ purchases: purchasesViewSchema });
export const loyaltyAnswerSchema = partHead.extend({ loyalty: loyaltyViewSchema });
export const consentsAnswerSchema = partHead.extend({ consents: consentsViewSchema });
export const preferencesAnswerSchema = partHead.extend({
  preferences: z.object({ language: z.string().nullable(), traits: traitsViewSchema.optional() }),
});
export const timelineAnswerSchema = customerAnswerSchema
  .pick({ customer: true, redirectedFrom: true, version: true })
  .extend({
    entries: z.array(timelineEntrySchema),
    /** The cursor of the next page; null at the end. */
    next: z.string().nullable(),
    /** False while the centre, which knows what is older, cannot be asked. */
    complete: z.boolean(),
  });

/** What a till is answered, in the words of its protocol. */
const tillLookupSchema = z.object({ profile: z.looseObject({}) });

/** Schemas that have a name in the document. */
export const CUSTOMER_SCHEMAS = {
  Profile: viewSchema,
  PurchaseHistory: purchasesViewSchema,
  ConsentStates: consentsViewSchema,
  LoyaltyState: loyaltyViewSchema,
  Freshness: freshnessSchema,
  Lineage: lineageSchema,
  TimelineEntry: timelineEntrySchema,
  Customer: customerAnswerSchema,
  Timeline: timelineAnswerSchema,
  Purchases: purchasesAnswerSchema,
  Loyalty: loyaltyAnswerSchema,
  Preferences: preferencesAnswerSchema,
  Consents: consentsAnswerSchema,
  Accepted: acceptedSchema,
};

const params = {
  customer: {
    description: "A customer's id; or `me`, with a customer's own token.",
    schema: z.union([customerIdSchema, z.literal(ME)]),
    example: "cK3x0l2Vb8q1Zt7RmY5sPwA",
  },
};
const IF_NONE_MATCH = { "If-None-Match": "The ETag of the answer that the caller has." };
const ETAG = { ETag: "Names this state of the profile and what of it is shown." };
const unchanged: DescribedAnswer = { description: "The caller has it already.", headers: ETAG };

const THE_PROFILE = { description: "The profile.", headers: ETAG, example: CUSTOMER };

const part = (name: string, summary: string, schema: z.ZodType): DescribedRoute => ({
  method: "get",
  path: `/v1/customers/:customer/${name}`,
  tag: "Customers",
  summary,
  action: "profile.read",
  params,
  headers: IF_NONE_MATCH,
  answers: { 200: { description: "As it stands.", schema, headers: ETAG }, 304: unchanged },
  problems: ["unknown_customer"],
});

const write = (
  name: string,
  summary: string,
  schema: z.ZodType,
  example: object,
): DescribedRoute => ({
  method: "post",
  path: `/v1/customers/:customer/${name}`,
  tag: "Customers",
  summary,
  description:
    "Durable when it is accepted, in the profile a moment later. What a customer says of an e-mail address or a number stands in " +
    "the profile, unverified; it never makes the customer somebody else. A connector says it by its own account.",
  action: "profile.write",
  params,
  headers: { "Idempotency-Key": "The same again has no second effect; or `id` in the body." },
  body: { schema, example },
  answers: { 202: { description: "Taken in.", schema: acceptedSchema, example: TAKEN } },
  problems: [
    "malformed_json",
    "damaged_body",
    "unsupported_protocol",
    "unknown_customer",
    "too_large",
    "invalid_field",
    "overloaded",
    "not_set_up",
    "storage_unavailable",
  ],
});

export const CUSTOMER_ROUTES: readonly DescribedRoute[] = [
  {
    method: "post",
    path: "/v1/customers/lookup",
    tag: "Customers",
    summary: "Find a profile by e-mail, phone, card or account",
    description:
      "What the customer says stands in the body, never in a URL. Of several, the strongest that leads to somebody counts: " +
      "card, account, e-mail, phone. Tills are answered in the words of their protocol.",
    action: "profile.lookup",
    body: { schema: appLookupSchema, example: LOOKUP },
    answers: { 200: { ...THE_PROFILE, schema: z.union([customerAnswerSchema, tillLookupSchema]) } },
    problems: [
      "malformed_json",
      "damaged_body",
      "unsupported_protocol",
      "unknown_customer",
      "too_large",
      "invalid_field",
    ],
  },
  {
    method: "get",
    path: "/v1/customers/:customer",
    tag: "Customers",
    summary: "Read a profile",
    description:
      "In groups of fields; `fields` names those that are wanted, separated by commas. An id that redirects answers with the " +
      "profile of the customer that it lives on as, and `redirectedFrom`.",
    action: "profile.read",
    params,
    query: readQuerySchema,
    headers: IF_NONE_MATCH,
    answers: {
      200: { ...THE_PROFILE, schema: customerAnswerSchema },
      304: unchanged,
    },
    problems: ["unknown_customer", "invalid_field"],
  },
  {
    method: "get",
    path: "/v1/customers/:customer/stored",
    tag: "Customers",
    summary: "A profile as edge and tills hold it",
    description: "With all that makes it; for the centre, which compares the two sides.",
    action: "profile.stored",
    params,
    answers: { 200: { description: "The profile.", schema: profileSchema } },
    problems: ["unknown_customer"],
  },
  {
    method: "get",
    path: "/v1/customers/:customer/timeline",
    tag: "Customers",
    summary: "What happened, newest first",
    description:
      "Sales, returns, orders, carts, behaviour, notes, consents, what was claimed. A page never repeats what another has shown, " +
      "whatever arrives meanwhile.",
    action: "profile.timeline",
    params,
    query: timelineQuerySchema,
    answers: { 200: { description: "A page.", schema: timelineAnswerSchema, example: TIMELINE } },
    problems: ["unknown_customer", "invalid_field"],
  },
  {
    method: "get",
    path: "/v1/customers/:customer/live",
    tag: "Customers",
    summary: "A profile as it changes",
    description:
      "By WebSocket, where the request is an upgrade, or as Server-Sent Events. Events: `profile` (a Customer; the id is its " +
      "version), `redirect` (`{customer}`: go on there), `end` (`{reason}`: come back with a new token).",
    action: "profile.live",
    params,
    query: liveQuerySchema,
    headers: { "Last-Event-ID": "The version that the caller has; or `after` in the query." },
    answers: {
      101: { description: "A WebSocket; its messages are `{event, id, data}`." },
      200: { description: "A stream of events.", schema: z.string(), type: "text/event-stream" },
    },
    problems: ["unknown_customer", "invalid_field"],
  },
  part("purchases", "Recent purchases in every channel", purchasesAnswerSchema),
  part("loyalty", "Card and points", loyaltyAnswerSchema),
  part("preferences", "Language and traits", preferencesAnswerSchema),
  part("consents", "What is allowed, by purpose and channel", consentsAnswerSchema),
  write("claims", "Say something of a customer", claimsBodySchema, CLAIMS),
  write("consents", "Allow or withdraw", consentBodySchema, CONSENT),
];
