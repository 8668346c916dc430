/** What an agent has to be told. */
import { countrySchema } from "@regulars/shared/identity/phone";
import { sourceIdSchema, storeIdSchema } from "@regulars/shared/ids";
import { currencySchema } from "@regulars/shared/money";
import { z } from "zod";

/** A receipt number is the source, the epoch and a counter in 64 characters. */
const SOURCE_CHARS_MAX = 44;

/** 32 random bytes in base64 are 44, 24 are 32: nothing that anybody could think of is as long. */
const ENCRYPTION_KEY_CHARS_MIN = 32;

export const settingsSchema = z.object({
  /** Folder of the till's database; made when it is not there. */
  dataDir: z.string().min(1),
  /** This till, unique in the whole company. */
  source: sourceIdSchema.max(SOURCE_CHARS_MAX),
  store: storeIdSchema,
  /** The retailer's secret behind identity keys, the same at every till. */
  pepper: z.string().min(16),
  /** IANA zone of the store: decides the business day. */
  zone: z.string().refine(isZone, "is not a time zone such as Europe/London"),
  /** Country of phone numbers without a prefix. */
  country: countrySchema,
  /** Of receipts that name none. */
  currency: currencySchema,
  /** Without it the agent captures and looks up, and sends nothing. */
  edgeUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** From the office, for this till and store: lets it in, once. A till that is in needs none. */
  enrolmentCode: z.string().min(1).max(64).optional(),
  /** What a drawer should hold is shown only after somebody has counted it. */
  blindCount: z.boolean().default(true),
  /** Of this till's folder, random; everything in it that says something of a person is encrypted then. */
  encryptionKey: z.string().min(ENCRYPTION_KEY_CHARS_MIN).optional(),
  /** A file beside the folder, best on another disk: what tells that the folder came back from a backup. */
  highWaterFile: z.string().min(1).optional(),
});
export type Settings = z.input<typeof settingsSchema>;

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false; // a RangeError is how Intl says no
  }
}
