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
  /** Orders that the shop itself calls a test count. */
  countTests: z.boolean().optional(),
  currencies: z.array(currencySchema).max(50).optional(),
  /** An order or receipt above this is looked at by a person first (minor units). */
  maxTotalMinor: z.int().min(0).optional(),
  /** What has no customer at all is refused. */
  requireCustomer: z.boolean().optional(),
  /** Events by these names are not taken in, and not kept. */
  ignoredNames: z.array(z.string().max(200)).max(200).optional(),
  /**
   * Its key stands where anybody can take it, as in a web page: e-mail, phone and card are then a stranger's words, and join
   * nobody (IDN3); an order is placed until another account says that it is paid; and no receipt and no money back is taken.
   */
  isPublic: z.boolean().optional(),
  /** Older than this when it arrives: looked at by a person first (days). */
  maxAgeDays: z.int().min(1).optional(),
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
  /** Also the id of the source whose journal its events stand in. */
  id: sourceIdSchema,
  kind: z.enum(ACCOUNT_KINDS),
  /** The shop it belongs to, a store like others: orders of one shop are known by all its accounts. */
  shop: storeIdSchema,
  /** Accounts of one realm mean the same person by the same user id. */
  realm: z.string().min(1).max(64),
  channel: z.enum(["web", "app", "desk", "import"]),
  zone: z.string().max(64),
  country: countrySchema,
  currency: currencySchema,
  /** Of two accounts that tell of one order, the one that is trusted more says what it comes to. */
  trust: z.int().min(0).max(9),
  /** Places of the other side and the stores they are. */
  locations: z.record(z.string().max(128), storeIdSchema).optional(),
  /** Where details are fetched; its provider's own address where absent. */
  apiBase: addressSchema.optional(),
  /** Address that the provider signs, where it signs one. */
  notificationUrl: z.url().optional(),
  rules: accountRulesSchema,
  retry: z.object({
    attempts: z.int().min(1).max(50),
    firstMs: z.int().min(100).max(3_600_000),
  }),
  /** Where alerts about this account go. */
  alertUrl: addressSchema.optional(),
  /** Nothing heard for so long is an alert (minutes). */
  silentMinutes: z.int().min(1).optional(),
  /** More than this share failing within an hour is an alert. */
  maxErrorRate: z.number().min(0).max(1).optional(),
});
export type Account = z.infer<typeof accountSchema>;
