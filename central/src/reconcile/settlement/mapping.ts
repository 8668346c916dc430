/** What the columns of a processor's file mean: data that a person confirms once, and that is kept for files of the same head. */
import { isZone } from "@regulars/shared/capture/business-day";
import { DELIMITERS } from "@regulars/shared/connect/csv/mapping";
import { storeIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { currencySchema } from "@regulars/shared/money";
import { z } from "zod";

/** Ready shapes, and any other file. */
export const SHAPES = ["stripe", "square", "csv"] as const;
export type Shape = (typeof SHAPES)[number];

export const MEANINGS = [
  /** Gross, as the customer paid it. */
  "amount",
  /** What the till's card tender has as `reference`. */
  "reference",
  "date",
  /** Where it has a column of its own. */
  "time",
  "fee",
  "currency",
  "store",
  /** The processor's batch or payout. */
  "batch",
] as const;
export type SettlementMeaning = (typeof MEANINGS)[number];

const column = z.string().min(1).max(LIMITS.fieldChars);
/** Lines whose column has one of the values. */
const lineFilter = z.strictObject({
  column,
  values: z.array(z.string().min(1).max(LIMITS.fieldChars)).min(1).max(20),
});

/** In the zone of the store, or in one that the file is written in. */
export const STORE_ZONE = "store";

export const settlementMappingSchema = z.strictObject({
  version: z.literal(1),
  shape: z.enum(SHAPES),
  delimiter: z.enum(DELIMITERS),
  columns: z.strictObject({
    amount: column,
    reference: column,
    date: column,
    time: column.optional(),
    fee: column.optional(),
    currency: column.optional(),
    store: column.optional(),
    batch: column.optional(),
  }),
  decimalMark: z.enum([".", ","]),
  dateOrder: z.enum(["dmy", "mdy", "ymd"]),
  zone: z
    .string()
    .max(64)
    .refine((zone) => zone === STORE_ZONE || isZone(zone), "is not an IANA time zone"),
  /** Where a business day begins by the store's clock: a sale at 00:30 belongs to the day before where it is 4. */
  dayFromHour: z.int().min(0).max(11),
  /** Where no column says so. */
  currency: currencySchema.optional(),
  store: storeIdSchema.optional(),
  /** What the values of the column are, where they are no store ids. */
  stores: z.record(z.string().min(1).max(LIMITS.fieldChars), storeIdSchema),
  /** Other lines, such as payouts, are left out. */
  only: lineFilter.optional(),
  /** Whose amounts stand without a sign, and are money that went back. */
  minus: lineFilter.optional(),
  /** Whether what the processor keeps stands as a positive or as a negative number. */
  feeSign: z.enum(["positive", "negative"]),
});
export type SettlementMapping = z.infer<typeof settlementMappingSchema>;
