/** The routes of the local API, as their OpenAPI document shows them. */
import { createRoute } from "@hono/zod-openapi";
import { LIMITS } from "@regulars/shared/limits";
import { problemSchema } from "@regulars/shared/problem";
import { z } from "zod";
import { captureAnswerSchema } from "../capture/answer.ts";
import { captureInputSchema } from "@regulars/shared/capture/input";
import { journalEntrySchema } from "../journal/list.ts";
import { quarantinedRowSchema } from "../journal/quarantine.ts";
import { lookupResultSchema } from "../lookup/lookup.ts";
import { dayAnswerSchema, shiftAnswerSchema, zReportSchema } from "../shift/reports.ts";
import { healthSchema } from "../sync/health.ts";
import { statusSchema } from "../sync/status.ts";

const json = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  description,
  content: { "application/json": { schema } },
});

const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { "application/json": { schema } } },
});

const refused = {
  description: "Refused; `reason` says why, `errors` names fields and never repeats their values.",
  content: { "application/problem+json": { schema: problemSchema } },
};
const security = [{ token: [] }];

export const healthRoute = createRoute({
  method: "get",
  path: "/health",
  responses: { 200: json("The agent is up; what is wrong, in words.", healthSchema) },
});

export const metricsRoute = createRoute({
  method: "get",
  path: "/metrics",
  security,
  responses: {
    200: { description: "For Prometheus.", content: { "text/plain": { schema: z.string() } } },
    default: refused,
  },
});

export const captureRoute = createRoute({
  method: "post",
  path: "/v1/captures",
  security,
  request: {
    headers: z.object({ "idempotency-key": z.string().min(1).max(128).optional() }),
    ...body(captureInputSchema),
  },
  responses: {
    201: json("Captured, and safe on this machine's disk.", captureAnswerSchema),
    200: json("Captured before under the same idempotency key.", captureAnswerSchema),
    default: refused,
  },
});

export const lookupRoute = createRoute({
  method: "post",
  path: "/v1/lookup",
  security,
  request: body(
    z.object({
      query: z.string().min(1).max(LIMITS.searchChars).meta({
        description: "Phone, e-mail, loyalty number, receipt number, or the beginning of names.",
      }),
      remote: z.boolean().optional().meta({
        description: "Ask the edge when nobody is found here and the network is up.",
      }),
    }),
  ),
  responses: {
    200: json(
      "Customers that match, surest first.",
      z.object({ results: z.array(lookupResultSchema) }),
    ),
    default: refused,
  },
});

export const statusRoute = createRoute({
  method: "get",
  path: "/v1/status",
  security,
  responses: { 200: json("How far this till's events have come.", statusSchema), default: refused },
});

export const journalRoute = createRoute({
  method: "get",
  path: "/v1/journal",
  security,
  request: {
    query: z.object({
      epoch: z.coerce.number().int().min(1).optional(),
      after: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(LIMITS.journalRows).default(LIMITS.journalRows),
    }),
  },
  responses: {
    200: json("Journal rows in order.", z.object({ rows: z.array(journalEntrySchema) })),
    default: refused,
  },
});

export const shiftRoute = createRoute({
  method: "get",
  path: "/v1/shift",
  security,
  responses: {
    200: json(
      "The open shift as an X report. What the drawer should hold is left out until somebody has counted.",
      shiftAnswerSchema,
    ),
    default: refused,
  },
});

export const zReportRoute = createRoute({
  method: "get",
  path: "/v1/shifts/{number}",
  security,
  request: { params: z.object({ number: z.coerce.number().int().min(1) }) },
  responses: {
    200: json("A Z report as it was closed, and what came for its day since.", zReportSchema),
    default: refused,
  },
});

export const dayRoute = createRoute({
  method: "get",
  path: "/v1/day",
  security,
  request: {
    query: z.object({
      businessDay: z.iso.date().optional().meta({
        description: "The open shift's day, or today's, when absent.",
      }),
    }),
  },
  responses: {
    200: json(
      "Shifts, amendments and seal of a day at this terminal, and its heads for whoever seals the store's day.",
      dayAnswerSchema,
    ),
    default: refused,
  },
});

export const quarantineRoute = createRoute({
  method: "get",
  path: "/v1/quarantine",
  security,
  responses: {
    200: json(
      "Rows that were set aside, oldest first, with the reason.",
      z.object({ rows: z.array(quarantinedRowSchema) }),
    ),
    default: refused,
  },
});
