/** An account: one connector of the retailer's, with what it may send and how it is read. Data, changed by people. */
import { z } from "zod";
import { isZone } from "../capture/business-day.ts";
import { countrySchema, isCountry } from "../identity/phone.ts";
import { sourceIdSchema, storeIdSchema } from "../ids.ts";
import { currencySchema } from "../money.ts";

export const ACCOUNT_KINDS = [
  "segment",
  "shopify",
  "square",
  "woocommerce",
  "stripe",
  "events",
  "file",
  "app",
] as const;

/** What more than readability is asked of what this account sends. Absent: not asked. */
export const accountRulesSchema = z.object({
  countTests: z.boolean().optional().describe("Orders that the shop itself calls a test count."),
  currencies: z
    .array(currencySchema)
    .max(50)
    .optional()
    .describe("What is in another currency than these is looked at by a person first (ISO 4217)."),
  maxTotalMinor: z
    .int()
    .min(0)
    .optional()
    .describe("An order or receipt above this is looked at by a person first (minor units)."),
  requireCustomer: z.boolean().optional().describe("What has no customer at all is refused."),
  ignoredNames: z
    .array(z.string().max(200))
    .max(200)
    .optional()
    .describe("Events by these names are not taken in, and not kept."),
  /**
   * Its key stands where anybody can take it, as in a web page: e-mail, phone and card are then a stranger's words, and join
   * nobody (IDN3); an order is placed until another account says that it is paid; and no receipt and no money back is taken.
   */
  isPublic: z
    .boolean()
    .optional()
    .describe(
      "Its key stands where anybody can take it, as in a web page: what it says joins nobody, and moves no money.",
    ),
  maxAgeDays: z
    .int()
    .min(1)
    .optional()
    .describe("Older than this when it arrives: looked at by a person first (days)."),
});
export type AccountRules = z.infer<typeof accountRulesSchema>;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Where we send something by ourselves, secrets among it: encrypted, unless it stays on the machine. */
const addressSchema = z
  .url({ protocol: /^https?$/ })
  .refine(isSafeAddress, "is not an https address");

function isSafeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  const isPlain = username === "" && password === "";
  return isPlain && (protocol === "https:" || LOOPBACK.test(hostname));
}

export const accountRetrySchema = z.object({
  attempts: z.int().min(1).max(50).describe("Tries in all."),
  firstMs: z
    .int()
    .min(100)
    .max(3_600_000)
    .describe("The longest wait before the second try; each later one may be twice as long (ms)."),
});

export const accountSchema = z.object({
  id: sourceIdSchema.describe("Also the id of the source whose journal its events stand in."),
  kind: z.enum(ACCOUNT_KINDS).describe("What sends here, and how it is read."),
  shop: storeIdSchema.describe(
    "The shop it belongs to, a store like others: orders of one shop are known by all its accounts.",
  ),
  realm: z
    .string()
    .min(1)
    .max(64)
    .describe(
      "Accounts of one realm mean the same person by the same user id: `web` for a shop and its app with one sign-in.",
    ),
  channel: z.enum(["web", "app", "desk", "import"]).describe("Where what it tells of happens."),
  zone: z
    .string()
    .max(64)
    .meta({
      description: "Time zone of its business days, such as `Europe/London`.",
      examples: ["Europe/London", "America/New_York"],
    }),
  country: countrySchema.meta({
    description:
      "Phone numbers without a prefix are read as those of this country (ISO 3166: GB, not UK).",
    examples: ["GB", "US"],
  }),
  currency: currencySchema.describe("Of amounts that name none (ISO 4217)."),
  trust: z
    .int()
    .min(0)
    .max(9)
    .describe(
      "0 to 9. Of two accounts that tell of one order, the one that is trusted more says what it comes to.",
    ),
  locations: z
    .record(z.string().max(128), storeIdSchema)
    .optional()
    .describe(
      "The other side's names of its places, such as Square's location ids, and the store that each is.",
    ),
  apiBase: addressSchema
    .optional()
    .describe(
      "Where details are fetched that a message only names (https); its provider's own address where absent.",
    ),
  notificationUrl: z
    .url()
    .optional()
    .describe(
      "The address at which the provider delivers, where it signs that too, as Square does: exactly as it is set there.",
    ),
  rules: accountRulesSchema,
  retry: accountRetrySchema,
  alertUrl: addressSchema.optional().describe("Where alerts about this account go."),
  silentMinutes: z
    .int()
    .min(1)
    .optional()
    .describe("Nothing heard for so long is an alert (minutes)."),
  maxErrorRate: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("More than this share failing within an hour is an alert (0 to 1)."),
});
/**
 * As somebody writes it: with nothing that would be dropped without a word, and with names that the world knows. What was
 * stored before is read without these.
 */
export const accountToPutSchema = z.strictObject({
  ...accountSchema.shape,
  zone: accountSchema.shape.zone.refine(isZone, "is not an IANA zone such as Europe/London"),
  country: accountSchema.shape.country.refine(
    isCountry,
    "is not an ISO 3166 country code such as GB",
  ),
  rules: z
    .strictObject(accountRulesSchema.shape)
    .describe("What is asked of what it sends, beyond readability; `{}` asks nothing."),
  retry: z
    .strictObject(accountRetrySchema.shape)
    .describe("How often what may go better later is tried again."),
});

export type Account = z.infer<typeof accountSchema>;
