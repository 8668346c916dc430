/** What the Worker is given: bindings and settings, parsed once per isolate. */
import { sourceIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { z } from "zod";
import type { Directory } from "./directory/object.ts";
import type { Inbox } from "./inbox/object.ts";
import type { Intake } from "./intake/object.ts";
import type { ProfileShard } from "./profile/object.ts";
import type { Registry } from "./registry/object.ts";

export interface Env {
  readonly INBOX: DurableObjectNamespace<Inbox>;
  readonly INTAKE: DurableObjectNamespace<Intake>;
  readonly DIRECTORY: DurableObjectNamespace<Directory>;
  readonly PROFILE: DurableObjectNamespace<ProfileShard>;
  readonly REGISTRY: DurableObjectNamespace<Registry>;
  readonly REGION: string;
  readonly PROFILE_SHARDS: string;
  readonly DIRECTORY_SHARDS: string;
  readonly COUNTRY: string;
  readonly CENTRAL_URL: string;
  readonly REGULARS_PEPPER: string;
  readonly REGULARS_CENTRAL_TOKEN: string;
  readonly REGULARS_EDGE_SECRET: string;
  readonly REGULARS_CENTRAL_TOKEN_ALSO?: string;
  readonly REGULARS_EDGE_SECRET_ALSO?: string;
  readonly IDP_ISSUER: string;
  readonly IDP_AUDIENCE: string;
  readonly IDP_JWKS_URL: string;
  readonly IDP_REALM: string;
  readonly IDP_ROLE_CLAIM: string;
  readonly APP_ACCOUNT: string;
  readonly APP_ORIGINS: string;
  readonly LIVE_BEAT_MS?: string;
}

const secret = z.string().min(16, "must be set, to at least 16 characters");
/** While a secret is changed: accepted as well, and never used for anything new. Empty is none. */
const alsoAccepted = z
  .union([z.literal(""), secret])
  .nullish()
  .transform((value) => value || null);

const settingsSchema = z.object({
  REGION: z.string().min(1),
  PROFILE_SHARDS: z.coerce.number().int().min(1).max(4096),
  DIRECTORY_SHARDS: z.coerce.number().int().min(1).max(4096),
  COUNTRY: z.string().length(2),
  CENTRAL_URL: z.url(),
  REGULARS_PEPPER: secret,
  REGULARS_CENTRAL_TOKEN: secret,
  /** Behind the tills' tokens and what the registry encrypts; another one ends all of them, unless the old is accepted also. */
  REGULARS_EDGE_SECRET: secret,
  REGULARS_CENTRAL_TOKEN_ALSO: alsoAccepted,
  REGULARS_EDGE_SECRET_ALSO: alsoAccepted,
  // The retailer's identity provider. Without the address of its keys no customer and no staff is let in.
  IDP_ISSUER: z.string().default(""),
  IDP_AUDIENCE: z.string().default(""),
  IDP_JWKS_URL: z.union([z.literal(""), z.url({ protocol: /^https?$/ })]).default(""),
  /** In which the provider's `sub` names a customer: the realm of the retailer's own accounts. */
  IDP_REALM: z.string().max(64).default(""),
  /** Claim that says `associate` or `service_desk`; whoever has none is a customer. */
  IDP_ROLE_CLAIM: z.string().min(1).default("role"),
  /** Account that what customers say in the app is taken in by; empty: nothing is. */
  APP_ACCOUNT: z.union([z.literal(""), sourceIdSchema]).default(""),
  /** Origins whose pages may call the profile API from a browser, separated by commas. */
  APP_ORIGINS: z
    .string()
    .default("")
    .transform((text) => text.split(",").map((origin) => origin.trim()))
    .transform((origins) => origins.filter((origin) => origin !== ""))
    .pipe(z.array(z.url({ protocol: /^https?$/ })).max(LIMITS.appOriginsItems)),
  /** A live stream that is silent for so long says that it is there: less where a proxy on the way is impatient. */
  LIVE_BEAT_MS: z.coerce.number().int().min(10).default(LIMITS.liveBeatMs),
});
export type Settings = z.infer<typeof settingsSchema>;

const parsed = new WeakMap<Env, Settings>();

/** A Worker with half its settings. Its message is a sentence for whoever deploys, and never has a value in it. */
export class SettingsMissing extends Error {}

/** Throws `SettingsMissing` when a setting is missing: a Worker with half its settings must not answer at all. */
export function settingsOf(env: Env): Settings {
  const known = parsed.get(env);
  if (known) return known;
  const settings = settingsSchema.safeParse(env);
  if (!settings.success) {
    const name = String(settings.error.issues[0]?.path[0]);
    throw new SettingsMissing(`The edge is not configured: ${name} is missing or not valid.`);
  }
  parsed.set(env, settings.data);
  return settings.data;
}
