// oxlint-disable max-lines -- a table of routes
/** Accounts, tills, and what keeps the edge running, in words. */
import {
  challengeAnswerSchema,
  enrolAnswerSchema,
  enrolSchema,
  tokenAnswerSchema,
  tokenAskSchema,
} from "@regulars/shared/protocol/enrol";
import { publishAnswerSchema, publishSchema } from "@regulars/shared/protocol/publish";
import { pullAnswerSchema, pullSchema } from "@regulars/shared/protocol/pull";
import { pushAnswerSchema, pushSchema } from "@regulars/shared/protocol/push";
import type { ProblemReason } from "@regulars/shared/problem";
import { replayAnswerSchema, replaySchema } from "@regulars/shared/quarantine";
import { z } from "zod";
import { inputSchema } from "../registry/account-routes.ts";
import {
  accountViewSchema,
  apiKeyInputSchema,
  apiKeyViewSchema,
  enrolmentInputSchema,
  tillViewSchema,
} from "../registry/port.ts";
import type { DescribedRoute } from "./describe.ts";

export const ADMINISTRATION_SCHEMAS = { Account: accountViewSchema, Till: tillViewSchema };

const BODY: readonly ProblemReason[] = [
  "malformed_json",
  "damaged_body",
  "unsupported_protocol",
  "too_large",
  "invalid_field",
];
const done = { 204: { description: "Done." } };
const answer = (schema: z.ZodType, description = "As it stands.") => ({ description, schema });
const accounts = { tag: "Administration", action: "accounts.manage" } as const;
const manageTills = { tag: "Administration", action: "tills.manage" } as const;
const byCode = { tag: "Tills", action: null, method: "post" } as const;

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
    ...accounts,
    method: "get",
    path: "/v1/accounts/:id",
    summary: "One account, with its keys but none of their secrets",
    answers: { 200: answer(accountViewSchema) },
    problems: ["unknown_account"],
  },
  {
    ...accounts,
    method: "put",
    path: "/v1/accounts/:id",
    summary: "Set up or change an account",
    description: "Secrets that are left out stay as they were.",
    body: { schema: inputSchema },
    answers: { 200: answer(accountViewSchema) },
    problems: [...BODY, "conflict"],
  },
  {
    ...accounts,
    method: "post",
    path: "/v1/accounts/:id/keys",
    summary: "A new API key",
    body: { schema: apiKeyInputSchema },
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
    body: { schema: enrolmentInputSchema },
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
    summary: "Rows of a till's journal",
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
    query: z.object({ store: z.string(), source: z.string() }),
    answers: {
      101: { description: "A WebSocket." },
      426: { description: "It speaks WebSocket only." },
    },
    problems: ["invalid_field"],
  },
];

const operation = { tag: "Operation" } as const;
const OPERATION_ROUTES: readonly DescribedRoute[] = [
  {
    ...operation,
    action: null,
    method: "get",
    path: "/health",
    summary: "It is up",
    answers: { 200: answer(z.object({ ok: z.boolean() })) },
    problems: [],
  },
  {
    ...operation,
    action: "publish",
    method: "post",
    path: "/v1/publish",
    summary: "Decisions of the centre",
    body: { schema: publishSchema },
    answers: { 200: answer(publishAnswerSchema, "How many have taken effect.") },
    problems: BODY,
  },
  {
    ...operation,
    action: "sweep",
    method: "post",
    path: "/v1/sweep",
    summary: "Find work whose alarm was lost",
    answers: { 200: answer(z.looseObject({})) },
    problems: [],
  },
  {
    ...operation,
    action: "watch",
    method: "get",
    path: "/v1/status",
    summary: "How the edge is doing",
    answers: { 200: answer(z.looseObject({})) },
    problems: [],
  },
  {
    ...operation,
    action: "watch",
    method: "get",
    path: "/v1/quarantine",
    summary: "Rows of tills that could not be used",
    answers: { 200: answer(z.object({ items: z.array(z.looseObject({})) })) },
    problems: [],
  },
  {
    ...operation,
    action: "watch",
    method: "post",
    path: "/v1/quarantine/replay",
    summary: "Read them once more",
    body: { schema: replaySchema },
    answers: { 200: answer(replayAnswerSchema) },
    problems: BODY,
  },
  {
    ...operation,
    action: "watch",
    method: "get",
    path: "/metrics",
    summary: "For Prometheus",
    answers: { 200: { description: "Metrics.", schema: z.string(), type: "text/plain" } },
    problems: [],
  },
  {
    ...operation,
    action: null,
    method: "get",
    path: "/openapi.json",
    summary: "This description",
    answers: { 200: answer(z.looseObject({})) },
    problems: [],
  },
  {
    ...operation,
    action: null,
    method: "get",
    path: "/reference",
    summary: "This description, for people",
    answers: { 200: { description: "A page.", schema: z.string(), type: "text/html" } },
    problems: [],
  },
];

export const ADMINISTRATION_ROUTES = [...ACCOUNT_ROUTES, ...TILL_ROUTES, ...OPERATION_ROUTES];
