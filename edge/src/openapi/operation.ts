/** What keeps the edge running, and this description, in words. */
import {
  compareJournalAnswerSchema,
  compareJournalSchema,
  compareProfilesAnswerSchema,
  compareProfilesSchema,
  mendAnswerSchema,
  mendSchema,
} from "@regulars/shared/compare/messages";
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
const compare = { tag: "Operation", action: "compare", method: "post" } as const;
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
    ...compare,
    path: "/v1/compare/profiles",
    summary: "Digests of the profiles that the edge serves",
    description:
      "A page of one shard per call (`next` is the next `after`), or of named customers. Where fragments are the same on both " +
      "sides and nothing is on its way, the profile has to be the same as well.",
    body: { schema: compareProfilesSchema },
    answers: { 200: answer(compareProfilesAnswerSchema) },
    problems: BODY,
  },
  {
    ...compare,
    path: "/v1/compare/mend",
    summary: "Make profiles anew from their fragments, and deliver these once more",
    description: "What the edge has lost of them comes with it. Asked again, it changes nothing.",
    body: { schema: mendSchema },
    answers: { 200: answer(mendAnswerSchema, "Done; the fragments are on their way.") },
    problems: BODY,
  },
  {
    ...compare,
    path: "/v1/compare/journal",
    summary: "Digests of stretches of one store's journals",
    body: { schema: compareJournalSchema },
    answers: { 200: answer(compareJournalAnswerSchema) },
    problems: BODY,
  },
  {
    ...operation,
    action: "sweep",
    method: "post",
    path: "/v1/sweep",
    summary: "Find work whose alarm was lost",
    description:
      "The centre says with `centre=started` that it has just started: what it lacks of what it had, as after a backup of it " +
      "was restored, is delivered once more.",
    query: z.object({ centre: z.enum(["started"]).optional() }),
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
