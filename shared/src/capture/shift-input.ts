/** What a POS may say of its drawer and its day. */
import { z } from "zod";
import { closeSchema } from "../events/close.ts";
import { countSchema } from "../events/count.ts";
import { AMOUNT_OF_ACTION, drawerSchema, isAmountOfAction } from "../events/drawer.ts";
import { openSchema } from "../events/open.ts";
import { headSchema, sealSchema } from "../events/seal.ts";
import { LIMITS } from "../limits.ts";

/** Any offset is taken; what is kept is UTC (CAP5). */
export const instantSchema = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text).toISOString());

/** What every capture may say, of whatever kind. */
export const momentShape = {
  /** The same key again answers with the first capture and captures nothing (CAP6). */
  idempotencyKey: z.string().min(1).max(128).optional(),
  /** The POS's business time; the agent's clock when absent. */
  at: instantSchema.optional(),
};

const businessDay = z.iso.date();

export const SHIFT_INPUTS = [
  z.object({
    kind: z.literal("open"),
    ...momentShape,
    businessDay: businessDay.optional().meta({
      description: "The day that the shift is for; that of `at` in the store's zone when absent.",
    }),
    float: openSchema.shape.float.default([]),
    staff: openSchema.shape.staff,
  }),
  z
    .object({
      kind: z.literal("drawer"),
      ...momentShape,
      action: drawerSchema.shape.action,
      currency: drawerSchema.shape.currency.optional(),
      amountMinor: drawerSchema.shape.amountMinor.default(0),
      reason: drawerSchema.shape.reason,
      staff: drawerSchema.shape.staff,
    })
    .refine((drawer) => isAmountOfAction(drawer), AMOUNT_OF_ACTION),
  z.object({
    kind: z.literal("count"),
    ...momentShape,
    counted: countSchema.shape.counted,
    staff: countSchema.shape.staff,
  }),
  z.object({
    kind: z.literal("close"),
    ...momentShape,
    reason: closeSchema.shape.reason.meta({
      description: "Why the count is over or short; without it such a shift is not closed.",
    }),
    note: closeSchema.shape.note,
    staff: closeSchema.shape.staff,
  }),
  z.object({
    kind: z.literal("seal"),
    ...momentShape,
    businessDay,
    heads: z.array(headSchema).max(LIMITS.storeTerminals).default([]).meta({
      description: "`heads` of `GET /v1/day` of each other terminal of the store.",
    }),
    staff: sealSchema.shape.staff,
  }),
] as const;
export type ShiftInput = z.infer<(typeof SHIFT_INPUTS)[number]>;

const KINDS: ReadonlySet<string> = new Set(SHIFT_INPUTS.map(({ shape }) => shape.kind.value));
export const isShiftInput = <Input extends { readonly kind: string }>(
  input: Input,
): input is Extract<Input, { kind: ShiftInput["kind"] }> => KINDS.has(input.kind);
