/** The desk of what could not be used, in words. */
import { storeIdSchema } from "@regulars/shared/ids";
import type { ProblemReason } from "@regulars/shared/problem";
import type { z } from "zod";
import {
  closedAnswerSchema,
  droppedAnswerSchema,
  failedAnswerSchema,
  groupsAnswerSchema,
  healthAnswerSchema,
  privacyAnswerSchema,
  replayedAnswerSchema,
  shownItemSchema,
} from "../ingest/desk/answers.ts";
import { dropSchema, filterSchema, numberTextSchema, replaySchema } from "../ingest/desk/routes.ts";
import type { DescribedRoute } from "./describe.ts";

export const DESK_SCHEMAS = {
  FailedItems: failedAnswerSchema,
  ShownItem: shownItemSchema,
  AccountHealth: healthAnswerSchema,
};

const desk = (
  path: string,
  summary: string,
  schema: z.ZodType,
  more: Partial<DescribedRoute> & Pick<DescribedRoute, "method" | "action">,
): DescribedRoute => ({
  path: `/v1/intake/${path}`,
  tag: "Intake desk",
  summary,
  params: ITEM,
  answers: { 200: { description: "As asked.", schema } },
  problems: more.method === "get" ? [] : [...DESK_BODY, "not_found"],
  ...more,
});
const DESK_BODY: readonly ProblemReason[] = [
  "malformed_json",
  "damaged_body",
  "unsupported_protocol",
  "invalid_field",
  "too_large",
];
const ITEM = {
  shop: { description: "The shop.", schema: storeIdSchema, example: "web-uk" },
  n: { description: "The item's number in the shop.", schema: numberTextSchema, example: "42" },
};
const read = { method: "get", action: "intake.read" } as const;
const act = { method: "post", action: "intake.replay" } as const;

export const DESK_ROUTES: readonly DescribedRoute[] = [
  desk("failed", "What could not be used, the most urgent first", failedAnswerSchema, {
    ...read,
    query: filterSchema,
    problems: ["invalid_field"],
  }),
  desk("groups", "The same, by what is wrong with it", groupsAnswerSchema, read),
  desk("items/:shop/:n", "One item, as it came", shownItemSchema, {
    ...read,
    problems: ["not_found"],
  }),
  desk("replay", "Read it once more", replayedAnswerSchema, {
    ...act,
    description:
      "One item, or all that failed as it did, by the account's rules as they are set now. Where the answer has `more`, call " +
      "again with its `next`.",
    body: { schema: replaySchema, example: { like: "web-uk/42" } },
  }),
  desk("drop", "Give it up, with a reason", droppedAnswerSchema, {
    ...act,
    body: { schema: dropSchema, example: { item: "web-uk/42", reason: "A test of the shop's" } },
  }),
  desk(
    "privacy",
    "Requests of people about their data, the most urgent first",
    privacyAnswerSchema,
    read,
  ),
  desk("privacy/:shop/:n/close", "A request is dealt with", closedAnswerSchema, {
    ...act,
    problems: ["not_found"],
  }),
  desk("health", "How each account is doing", healthAnswerSchema, read),
];
