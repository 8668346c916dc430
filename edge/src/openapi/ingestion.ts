/** What connectors send, in words. */
import { connectCaptureSchema } from "@regulars/shared/connect/captures";
import { FAILURE_CODES } from "@regulars/shared/connect/failure";
import { SEGMENT_TYPES, type SegmentType } from "@regulars/shared/connect/segment/split";
import { sourceIdSchema } from "@regulars/shared/ids";
import type { ProblemReason } from "@regulars/shared/problem";
import { z } from "zod";
import { formatSchema } from "../ingest/events/routes.ts";
import type { DescribedRoute } from "./describe.ts";
import { segmentBatchForm, segmentForms } from "./segment-forms.ts";

export const receivedSchema = z.object({
  accepted: z.int().describe("New here, and durable."),
  duplicates: z.int().describe("Known by their keys: they have no second effect."),
  failed: z
    .array(
      z.object({
        line: z.int().describe("Which of them, counted from 1."),
        code: z.enum(FAILURE_CODES),
        field: z.string().optional(),
        words: z.string().describe("The reason in words for a person."),
      }),
    )
    .describe(
      "What was seen to be of no use before it was read; kept for the intake desk, no need to send it again. What reading finds " +
        "comes after the answer, and is on the desk alone.",
    ),
});
export const segmentReceivedSchema = receivedSchema.extend({
  success: z.literal(true).describe("As Segment's own answer has it."),
});

/** A line of an import, or the data of a CloudEvent: key and time have a default. */
const captureForm = z.union(
  connectCaptureSchema.options.map((option) =>
    z.looseObject({
      ...option.shape,
      key: option.shape.key.optional(),
      at: option.shape.at.optional(),
    }),
  ),
);
const cloudEventForm = z.looseObject({
  specversion: z.literal("1.0"),
  id: z
    .string()
    .min(1)
    .max(512)
    .describe("With `source` it names the event: the same again has no second effect."),
  source: z.string().min(1).max(512),
  type: z
    .string()
    .min(1)
    .max(128)
    .describe("`regulars.capture.order` and the like, or the type of a platform's message."),
  time: z.iso.datetime({ offset: true }).optional(),
  data: z.unknown().describe("The capture, without its `kind`."),
});
const platformForm = z.looseObject({}).describe("The platform's own message, as it came.");

export const INGESTION_SCHEMAS = {
  Received: receivedSchema,
  SegmentReceived: segmentReceivedSchema,
  Capture: captureForm,
  CloudEvent: cloudEventForm,
  SegmentBatch: segmentBatchForm,
  ...Object.fromEntries(
    SEGMENT_TYPES.map((type) => [
      `Segment${type.charAt(0).toUpperCase()}${type.slice(1)}`,
      segmentForms[type],
    ]),
  ),
};

const RECEIVED = { accepted: 1, duplicates: 0, failed: [] };
const takenAs = (schema: z.ZodType, example: object = RECEIVED) => ({
  200: {
    description:
      "Durable, and read after this answer; what of it cannot be used is kept for the desk.",
    schema,
    example,
  },
});
const BODY: readonly ProblemReason[] = [
  "malformed_json",
  "damaged_body",
  "too_large",
  "overloaded",
  "storage_unavailable",
];

const SEGMENT_EXAMPLES: Readonly<Record<SegmentType | "batch", object>> = {
  identify: {
    userId: "u-4711",
    messageId: "m-1",
    traits: { email: "ada@example.com", firstName: "Ada" },
  },
  track: {
    userId: "u-4711",
    messageId: "m-2",
    event: "Product Added",
    properties: { cart_id: "c-1", product_id: "TEA-1", quantity: 2, price: 3.95, currency: "GBP" },
  },
  page: { anonymousId: "b-1", messageId: "m-3", name: "Teas", properties: { path: "/teas" } },
  screen: { userId: "u-4711", messageId: "m-4", name: "Basket" },
  group: { userId: "u-4711", messageId: "m-5", groupId: "tea-club", traits: { name: "Tea club" } },
  alias: { userId: "u-4711", previousId: "b-1", messageId: "m-6" },
  batch: {
    batch: [
      {
        type: "identify",
        userId: "u-4711",
        messageId: "m-1",
        traits: { email: "ada@example.com" },
      },
      { type: "page", userId: "u-4711", messageId: "m-3", name: "Teas" },
    ],
  },
};

function segment(path: "batch" | "import" | SegmentType): DescribedRoute {
  const isBatch = path === "batch" || path === "import";
  return {
    method: "post",
    path: `/v1/${path}`,
    tag: "Ingestion",
    summary: isBatch ? `Segment: ${path}` : `Segment: a single ${path}`,
    description:
      "As Segment's libraries send it; the write key is an API key, in the header or as `writeKey` in the body. A message " +
      "without a form that can be read is kept for the desk, and takes no other with it.",
    action: "ingest.segment",
    body: {
      schema: isBatch ? segmentBatchForm : segmentForms[path],
      example: SEGMENT_EXAMPLES[isBatch ? "batch" : path],
    },
    answers: takenAs(segmentReceivedSchema, { success: true, ...RECEIVED }),
    problems: BODY,
  };
}

const EVENT = {
  specversion: "1.0",
  id: "7",
  source: "/erp/loyalty",
  type: "regulars.capture.loyalty",
  time: "2026-01-05T09:00:00Z",
  data: { customer: { loyaltyNumber: "4711" }, program: "tea-club", balancePoints: 120 },
};

const DOORS: readonly DescribedRoute[] = [
  {
    method: "post",
    path: "/v1/webhooks/:account",
    tag: "Ingestion",
    summary: "A message of a platform",
    description:
      "Shopify, Square, WooCommerce or Stripe, proven by the signature of its platform over the bytes as they came.",
    action: null,
    params: {
      account: { description: "Id of the account.", schema: sourceIdSchema, example: "shopify-uk" },
    },
    body: { schema: platformForm },
    answers: takenAs(receivedSchema),
    problems: ["not_found", "unauthorized", "unreachable", ...BODY],
  },
  {
    method: "post",
    path: "/v1/events",
    tag: "Ingestion",
    summary: "CloudEvents, or captures one a line",
    description:
      "One event, a batch, an event in headers (`ce-…`) with its data as the body, or NDJSON: one Capture a line.",
    action: "ingest.events",
    body: {
      schema: cloudEventForm,
      type: "application/cloudevents+json",
      more: {
        "application/cloudevents-batch+json": z.array(cloudEventForm),
        "application/x-ndjson": z.array(captureForm),
      },
      example: EVENT,
    },
    answers: takenAs(receivedSchema),
    problems: BODY,
  },
  {
    method: "post",
    path: "/v1/import/:format",
    tag: "Ingestion",
    summary: "Captures of a file, one a line",
    description:
      "NDJSON: one Capture a line. What the reader of the file could not use is a line as well.",
    action: "ingest.events",
    params: {
      format: {
        description: "Name of the file's format.",
        schema: formatSchema,
        example: "ndjson",
      },
    },
    body: {
      schema: z.array(captureForm),
      type: "application/x-ndjson",
      example: [
        {
          kind: "note",
          key: "n-1",
          at: "2026-01-05T09:00:00Z",
          customer: { loyaltyNumber: "4711" },
          text: "Prefers Assam",
        },
      ],
    },
    answers: takenAs(receivedSchema),
    problems: [...BODY, "not_found"],
  },
];

export const INGESTION_ROUTES: readonly DescribedRoute[] = [
  ...(["batch", "import", ...SEGMENT_TYPES] as const).map((type) => segment(type)),
  ...DOORS,
];
