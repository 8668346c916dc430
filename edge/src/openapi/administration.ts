/** Accounts and tills, in words. */
import {
  challengeAnswerSchema,
  enrolAnswerSchema,
  enrolSchema,
  tokenAnswerSchema,
  tokenAskSchema,
} from "@regulars/shared/protocol/enrol";
import { pullAnswerSchema, pullSchema } from "@regulars/shared/protocol/pull";
import { pushAnswerSchema, pushSchema } from "@regulars/shared/protocol/push";
import { sourceIdSchema, storeIdSchema } from "@regulars/shared/ids";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import { z } from "zod";
import { inputSchema } from "../registry/account-routes.ts";
import {
  accountViewSchema,
  apiKeyInputSchema,
  apiKeyViewSchema,
  enrolmentInputSchema,
  ownAccountSchema,
  tillViewSchema,
} from "../registry/port.ts";
import { answer, BODY } from "./common.ts";
import type { DescribedRoute } from "./describe.ts";

export const ADMINISTRATION_SCHEMAS = {
  Account: accountViewSchema,
  ApiKey: apiKeyViewSchema,
  Till: tillViewSchema,
  Push: pushSchema,
  PushAnswer: pushAnswerSchema,
  Pull: pullSchema,
  PullAnswer: pullAnswerSchema,
  ProfileWithLineage: profileSchema,
};

const done = { 204: { description: "Done." } };
const params = {
  id: { description: "Id of the account.", schema: sourceIdSchema, example: "web-events" },
  key: {
    description: "Public part of the key: the digits between `rk_` and the second `_`.",
    schema: z.string().regex(/^[0-9a-f]{16}$/),
    example: "4f1c9b7d40e6a853",
  },
};
const accounts = { tag: "Administration", action: "accounts.manage", params } as const;
const manageTills = { tag: "Administration", action: "tills.manage" } as const;
const byCode = { tag: "Tills", action: null, method: "post" } as const;

const ACCOUNT = {
  kind: "segment",
  shop: "web-uk",
  realm: "shop",
  channel: "web",
  zone: "Europe/London",
  country: "GB",
  currency: "GBP",
  trust: 5,
  rules: {},
  retry: { attempts: 5, firstMs: 1_000 },
};

const ACCOUNT_ROUTES: readonly DescribedRoute[] = [
  {
    ...accounts,
    method: "get",
    path: "/v1/accounts",
    summary: "All accounts",
    answers: { 200: answer(z.object({ accounts: z.array(accountViewSchema) })) },
    problems: [],
  },
  {
    tag: "Administration",
    action: "accounts.read",
    method: "get",
    path: "/v1/accounts/:id",
    summary: "One account, with its keys but none of their secrets",
    description: "A connector reads its own account, without keys.",
    answers: { 200: answer(z.union([accountViewSchema, ownAccountSchema])) },
    problems: ["unknown_account"],
  },
  {
    ...accounts,
    method: "put",
    path: "/v1/accounts/:id",
    summary: "Set up or change an account",
    description:
      "All of it but the secrets, which stay as they were where they are left out, and are forgotten where they are empty. An " +
      "account keeps its kind and its shop: its journal is there. A field that is not known is refused, not dropped.",
    body: { schema: inputSchema, example: ACCOUNT },
    answers: { 200: answer(accountViewSchema) },
    problems: [...BODY, "conflict"],
  },
  {
    ...accounts,
    method: "post",
    path: "/v1/accounts/:id/keys",
    summary: "A new API key",
    description: "Keys live side by side: make the next one, change over, then end the old one.",
    body: {
      schema: apiKeyInputSchema,
      example: { scopes: ["segment"], expiresAt: "2027-01-01T00:00:00Z" },
    },
    answers: {
      201: answer(apiKeyViewSchema.extend({ key: z.string() }), "The key, shown this once."),
    },
    problems: [...BODY, "unknown_account"],
  },
  {
    ...accounts,
    method: "delete",
    path: "/v1/accounts/:id/keys/:key",
    summary: "End an API key",
    description: "It is refused within a second, and what was opened with it ends.",
    answers: done,
    problems: ["unknown_account"],
  },
];

const TILL_ROUTES: readonly DescribedRoute[] = [
  {
    ...manageTills,
    method: "get",
    path: "/v1/tills",
    summary: "All tills",
    answers: { 200: answer(z.object({ tills: z.array(tillViewSchema) })) },
    problems: [],
  },
  {
    ...manageTills,
    method: "post",
    path: "/v1/tills/enrolments",
    summary: "A code that lets one till in",
    description: "Good once, for a quarter of an hour, for that till in that store.",
    body: { schema: enrolmentInputSchema, example: { source: "till-1", store: "store-1" } },
    answers: {
      201: answer(
        z.object({ code: z.string(), expiresAt: z.iso.datetime() }),
        "The code, shown this once.",
      ),
    },
    problems: BODY,
  },
  {
    ...manageTills,
    method: "delete",
    path: "/v1/tills/:source",
    summary: "Shut a till out",
    description:
      "It is refused within a second, its sockets are closed, its open codes are void. It sells on, and only a new code lets it " +
      "in again.",
    params: {
      source: { description: "Id of the till.", schema: sourceIdSchema, example: "till-1" },
    },
    answers: done,
    problems: ["unknown_till"],
  },
  {
    ...byCode,
    path: "/v1/tills/enrol",
    summary: "A till brings its code and its key",
    body: { schema: enrolSchema },
    answers: { 201: answer(enrolAnswerSchema, "Let in.") },
    problems: [...BODY, "bad_code", "unreachable"],
  },
  {
    ...byCode,
    path: "/v1/tills/challenge",
    summary: "Something to sign",
    answers: { 200: answer(challengeAnswerSchema) },
    problems: [],
  },
  {
    ...byCode,
    path: "/v1/tills/token",
    summary: "A short-lived token for a till's signature",
    body: { schema: tokenAskSchema },
    answers: { 200: answer(tokenAnswerSchema) },
    problems: [...BODY, "unauthorized", "not_enrolled", "revoked", "unreachable"],
  },
  {
    tag: "Tills",
    action: "till.push",
    method: "post",
    path: "/v1/push",
    summary: "Rows of a till's journal; may come with `content-encoding: gzip`",
    body: { schema: pushSchema },
    answers: { 200: answer(pushAnswerSchema, "Durable up to the marks in it.") },
    problems: BODY,
  },
  {
    tag: "Tills",
    action: "till.pull",
    method: "post",
    path: "/v1/pull",
    summary: "What has changed for a store",
    body: { schema: pullSchema },
    answers: { 200: answer(pullAnswerSchema) },
    problems: BODY,
  },
  {
    tag: "Tills",
    action: "till.poke",
    method: "get",
    path: "/v1/poke",
    summary: "A WebSocket on which a till is told to pull",
    query: z.object({
      store: storeIdSchema.describe("Where the till is enrolled."),
      source: sourceIdSchema.describe("The till."),
    }),
    answers: {
      101: { description: "A WebSocket." },
      426: { description: "It speaks WebSocket only.", schema: z.string(), type: "text/plain" },
    },
    problems: ["invalid_field"],
  },
];

export const ADMINISTRATION_ROUTES = [...ACCOUNT_ROUTES, ...TILL_ROUTES];
