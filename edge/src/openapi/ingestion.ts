/** What connectors send, and the desk of what could not be used, in words. */
import { connectCaptureSchema } from "@regulars/shared/connect/captures";
import { FAILURE_CODES } from "@regulars/shared/connect/failure";
import { SEGMENT_TYPES } from "@regulars/shared/connect/segment/split";
import type { ProblemReason } from "@regulars/shared/problem";
import { z } from "zod";
import { dropSchema, filterSchema, replaySchema } from "../ingest/desk/routes.ts";
import type { DescribedRoute } from "./describe.ts";

export const receivedSchema = z.object({
  accepted: z.int(),
  /** Known by their keys: they have no second effect. */
  duplicates: z.int(),
  failed: z.array(
    z.object({
      line: z.int(),
      code: z.enum(FAILURE_CODES),
      field: z.string().optional(),
      words: z.string(),
    }),
  ),
});
const openSchema = z.looseObject({});

export const INGESTION_SCHEMAS = { Received: receivedSchema, Capture: connectCaptureSchema };

const taken = {
  200: {
    description: "Durable; what of it cannot be used is kept for the desk.",
    schema: receivedSchema,
  },
};
const BODY: readonly ProblemReason[] = [
  "malformed_json",
  "damaged_body",
  "too_large",
  "invalid_field",
  "overloaded",
  "storage_unavailable",
];

const segment = (type: string): DescribedRoute => ({
  method: "post",
  path: `/v1/${type}`,
  tag: "Ingestion",
  summary: type === "batch" || type === "import" ? `Segment: ${type}` : `Segment: a single ${type}`,
  description:
    "As Segment's libraries send it; the write key is an API key, in the header or as `writeKey` in the body.",
  action: "ingest.segment",
  body: { schema: openSchema },
  answers: taken,
  problems: BODY,
});

const desk = (
  path: string,
  summary: string,
  more: Partial<DescribedRoute> & Pick<DescribedRoute, "method" | "action">,
): DescribedRoute => ({
  path: `/v1/intake/${path}`,
  tag: "Intake desk",
  summary,
  answers: { 200: { description: "As asked.", schema: openSchema } },
  problems:
    more.method === "get"
      ? ["invalid_field"]
      : [
          "malformed_json",
          "damaged_body",
          "unsupported_protocol",
          "invalid_field",
          "too_large",
          "not_found",
        ],
  ...more,
});
const read = { method: "get", action: "intake.read" } as const;
const act = { method: "post", action: "intake.replay" } as const;

export const INGESTION_ROUTES: readonly DescribedRoute[] = [
  ...["batch", "import", ...SEGMENT_TYPES].map((type) => segment(type)),
  {
    method: "post",
    path: "/v1/webhooks/:account",
    tag: "Ingestion",
    summary: "A message of a platform",
    description:
      "Shopify, Square, WooCommerce or Stripe, proven by the signature of its platform over the bytes as they came.",
    action: null,
    params: { account: "Id of the account." },
    body: { schema: openSchema },
    answers: taken,
    problems: ["not_found", "unauthorized", ...BODY],
  },
  {
    method: "post",
    path: "/v1/events",
    tag: "Ingestion",
    summary: "CloudEvents, one or a batch",
    action: "ingest.events",
    body: { schema: openSchema, type: "application/cloudevents+json" },
    answers: taken,
    problems: BODY,
  },
  {
    method: "post",
    path: "/v1/import/:format",
    tag: "Ingestion",
    summary: "Captures, one a line",
    description: "NDJSON: each line is a Capture.",
    action: "ingest.events",
    params: { format: "`ndjson`, or the name of the file's format." },
    body: { schema: connectCaptureSchema, type: "application/x-ndjson" },
    answers: taken,
    problems: BODY,
  },
  desk("failed", "What could not be used, the most urgent first", { ...read, query: filterSchema }),
  desk("groups", "The same, by what is wrong with it", read),
  desk("items/:shop/:n", "One item, as it came", { ...read, problems: ["not_found"] }),
  desk("replay", "Read it once more", { ...act, body: { schema: replaySchema } }),
  desk("drop", "Give it up, with a reason", { ...act, body: { schema: dropSchema } }),
  desk("privacy", "Requests of people about their data, the most urgent first", read),
  desk("privacy/:shop/:n/close", "A request is dealt with", { ...act, problems: ["not_found"] }),
  desk("health", "How each account is doing", read),
];
