/** What the registry knows, as the rest of the edge asks for it. */
import { type Account, accountSchema, accountToPutSchema } from "@regulars/shared/connect/account";
import { sourceIdSchema, storeIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { z } from "zod";
import { scopeSchema } from "@regulars/shared/access/scopes";

export const accountSecretsSchema = z.object({
  webhookSecret: z
    .string()
    .min(1)
    .max(LIMITS.fieldChars)
    .optional()
    .describe("What the other side signs its messages with."),
  apiToken: z
    .string()
    .min(1)
    .max(LIMITS.fieldChars)
    .optional()
    .describe("What details are fetched with."),
});
export type AccountSecrets = z.infer<typeof accountSecretsSchema>;
export type AccountWithSecrets = Account & { readonly secrets: AccountSecrets };

const secretSchema = z.string().max(LIMITS.fieldChars).optional();

/** As it is put: secrets that are left out stay as they were, an empty one is forgotten. */
export const accountInputSchema = accountToPutSchema.extend({
  secrets: z
    .strictObject({
      webhookSecret: secretSchema.describe("What the other side signs its messages with."),
      apiToken: secretSchema.describe("What details are fetched with."),
    })
    .optional()
    .describe(
      "Kept sealed, and never shown. One that is left out stays, an empty one is forgotten.",
    ),
});
export type AccountInput = z.infer<typeof accountInputSchema>;

export const apiKeyInputSchema = z.object({
  scopes: z.array(scopeSchema).min(1).max(scopeSchema.options.length),
  expiresAt: z.iso.datetime().optional(),
});

/** Of a key, all that is known: the secret part is with its holder alone. */
export const apiKeyViewSchema = z.object({
  id: z.string(),
  scopes: z.array(scopeSchema),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  usedDay: z.iso.date().nullable().describe("The last day on which it was used (UTC)."),
});
export type ApiKeyView = z.infer<typeof apiKeyViewSchema>;

/** What an administrator sees of an account: which secrets are set, and none of them. */
export const accountViewSchema = accountSchema.extend({
  secrets: z.object({ webhookSecret: z.boolean(), apiToken: z.boolean() }),
  keys: z.array(apiKeyViewSchema),
});
export type AccountView = z.infer<typeof accountViewSchema>;

/** What a connector reads of its own account: how its messages are read. An address for alerts can be a secret itself. */
export const ownAccountSchema = accountSchema.omit({ alertUrl: true });

export const enrolmentInputSchema = z.object({ source: sourceIdSchema, store: storeIdSchema });
export type EnrolmentInput = z.infer<typeof enrolmentInputSchema>;

export const tillViewSchema = z.object({
  source: sourceIdSchema,
  store: storeIdSchema,
  enrolledAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
  seenAt: z.iso.datetime().nullable().describe("When it last asked for a token."),
});
export type TillView = z.infer<typeof tillViewSchema>;

/** A till's enrolment as it stands. */
export interface EnrolledTill {
  readonly source: string;
  readonly store: string;
  readonly formerStores: readonly string[];
  /** Ed25519, 32 bytes in base64url. */
  readonly publicKey: string;
  readonly revoked: boolean;
}

export interface KnownKey {
  readonly keyId: string;
  readonly account: Account;
  readonly scopes: readonly z.infer<typeof scopeSchema>[];
  readonly expiresMs: number | null;
}

/** Every call rejects with `RegistryAway` when the registry cannot be asked: then nobody is let in. */
export interface RegistryPort {
  accountOf(id: string): Promise<AccountWithSecrets | null>;
  accounts(): Promise<Account[]>;
  /** Of an API key that is right and has not expired. */
  keyOf(keyId: string, digest: string): Promise<KnownKey | null>;
  /** As it stands; what was heard a moment ago counts only if it grants what is asked for. */
  tillOf(source: string, isGranted: (till: EnrolledTill) => boolean): Promise<EnrolledTill | null>;
}

export class RegistryAway extends Error {}
