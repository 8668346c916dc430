/** An account: one connector of the retailer's, with what it may send and how it is read. Data, changed by people. */
import { z } from "zod";
import { countrySchema } from "../identity/phone.ts";
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
  currencies: z.array(currencySchema).max(50).optional(),
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
    .describe("Accounts of one realm mean the same person by the same user id."),
  channel: z.enum(["web", "app", "desk", "import"]),
  zone: z.string().max(64).describe("Time zone of its business days, such as `Europe/London`."),
  country: countrySchema,
  currency: currencySchema,
  trust: z
    .int()
    .min(0)
    .max(9)
    .describe(
      "Of two accounts that tell of one order, the one that is trusted more says what it comes to.",
    ),
  locations: z
    .record(z.string().max(128), storeIdSchema)
    .optional()
    .describe("Places of the other side and the stores they are."),
  apiBase: addressSchema
    .optional()
    .describe("Where details are fetched; its provider's own address where absent."),
  notificationUrl: z
    .url()
    .optional()
    .describe("Address that the provider signs, where it signs one."),
  rules: accountRulesSchema,
  retry: z.object({
    attempts: z.int().min(1).max(50),
    firstMs: z.int().min(100).max(3_600_000),
  }),
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
    .describe("More than this share failing within an hour is an alert."),
});
export type Account = z.infer<typeof accountSchema>;
