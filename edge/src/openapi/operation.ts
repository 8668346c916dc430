/** What keeps the edge running, and this description, in words. */
import { publishAnswerSchema, publishSchema } from "@regulars/shared/protocol/publish";
import { replayAnswerSchema, replaySchema } from "@regulars/shared/quarantine";
import { z } from "zod";
import { quarantineAnswerSchema, statusAnswerSchema, sweptAnswerSchema } from "../watch/answers.ts";
import { answer, BODY } from "./common.ts";
import type { DescribedRoute } from "./describe.ts";

export const OPERATION_SCHEMAS = {
  Decisions: publishSchema,
  Status: statusAnswerSchema,
  Quarantine: quarantineAnswerSchema,
};

const operation = { tag: "Operation" } as const;
export const OPERATION_ROUTES: readonly DescribedRoute[] = [
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
    answers: { 200: answer(sweptAnswerSchema, "Asked to look.") },
    problems: [],
  },
  {
    ...operation,
    action: "watch",
    method: "get",
    path: "/v1/status",
    summary: "How the edge is doing",
    answers: { 200: answer(statusAnswerSchema) },
    problems: [],
  },
  {
    ...operation,
    action: "watch",
    method: "get",
    path: "/v1/quarantine",
    summary: "Rows of tills that could not be used",
    answers: { 200: answer(quarantineAnswerSchema) },
    problems: [],
  },
  {
    ...operation,
    action: "watch",
    method: "post",
    path: "/v1/quarantine/replay",
    summary: "Read them once more",
    description:
      "A page per call: where the answer has `more`, repeat it with its `next` as `after`.",
    body: { schema: replaySchema, example: { store: "store-1" } },
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
