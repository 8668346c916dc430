/** The agent's local API as a caller sees it. */
import { z } from "zod";
import type { captureInputSchema } from "@regulars/shared/capture/input";
import { closeSchema, comparedSchema } from "@regulars/shared/events/close";
import { headSchema } from "@regulars/shared/events/seal";
import type { ShiftInput } from "@regulars/shared/capture/shift-input";
import { request } from "./request.ts";

export type CaptureRequest = z.input<typeof captureInputSchema>;
/** What is done with a drawer and a day, and what is done with customers. */
export type ShiftRequest = Extract<CaptureRequest, { kind: ShiftInput["kind"] }>;
export type ShopRequest = Exclude<CaptureRequest, ShiftRequest>;
/** What has lines and money. */
export type ReceiptRequest = Extract<CaptureRequest, { kind: "sale" | "return" | "adjustment" }>;
export type LineRequest = ReceiptRequest["lines"][number];

const captureAnswerSchema = z.object({
  epoch: z.int(),
  seq: z.int(),
  receipt: z.string().nullable(),
  hash: z.string(),
  flags: z.array(z.string()),
  repeated: z.boolean(),
});
export type CaptureAnswer = z.infer<typeof captureAnswerSchema>;

/** How many rows there are, and how many of them have come so far. */
const standingSchema = z.object({
  captured: z.int(),
  accepted: z.int(),
  merged: z.int(),
  golden: z.int(),
});
const epochSchema = standingSchema.extend({ epoch: z.int() });
export type EpochStanding = z.infer<typeof epochSchema>;

/** Itself of the epoch that is being written. */
const statusSchema = epochSchema.extend({
  online: z.boolean(),
  edge: z.object({ state: z.string(), since: z.string().nullable() }),
  closed: z.array(epochSchema),
  total: standingSchema,
});
export type AgentStatus = z.infer<typeof statusSchema>;

const journalSchema = z.object({
  rows: z.array(
    z.object({
      seq: z.int(),
      kind: z.string(),
      receipt: z.string().nullable(),
      hash: z.string(),
      online: z.boolean(),
      capturedMs: z.int(),
      acceptedMs: z.int().nullable(),
      mergedMs: z.int().nullable(),
      goldenMs: z.int().nullable(),
      currency: z.string().nullable(),
      totalMinor: z.int().nullable(),
    }),
  ),
});
export type JournalRow = z.infer<typeof journalSchema>["rows"][number];

/** What a drawer should hold, once it was counted. */
const shiftSchema = z.object({
  open: z.object({ number: z.int(), compared: z.array(comparedSchema) }).nullable(),
});
const zReportSchema = closeSchema.pick({ number: true, compared: true, reason: true });
const daySchema = z.object({
  shifts: z.array(z.object({ number: z.int(), state: z.string() })),
  heads: z.array(headSchema),
});

export interface AgentClient {
  capture(input: CaptureRequest): Promise<CaptureAnswer>;
  status(): Promise<AgentStatus>;
  journal(after: number, limit: number): Promise<JournalRow[]>;
  shift(): Promise<z.infer<typeof shiftSchema>>;
  zReport(number: number): Promise<z.infer<typeof zReportSchema>>;
  day(businessDay: string): Promise<z.infer<typeof daySchema>>;
}

export function createAgentClient(url: string, token: string): AgentClient {
  const headers = { authorization: `Bearer ${token}` };
  return {
    capture: (input) =>
      request(`${url}/v1/captures`, captureAnswerSchema, { headers, body: input }),
    status: () => request(`${url}/v1/status`, statusSchema, { headers }),
    journal: async (after, limit) => {
      const query = `after=${after}&limit=${limit}`;
      return (await request(`${url}/v1/journal?${query}`, journalSchema, { headers })).rows;
    },
    shift: () => request(`${url}/v1/shift`, shiftSchema, { headers }),
    zReport: (number) => request(`${url}/v1/shifts/${number}`, zReportSchema, { headers }),
    day: (businessDay) =>
      request(`${url}/v1/day?businessDay=${businessDay}`, daySchema, { headers }),
  };
}
