/** What the process is told when it starts. */
import { parseArgs } from "node:util";
import { countrySchema } from "@regulars/shared/identity/phone";
import { LIMITS } from "@regulars/shared/limits";
import { z } from "zod";
import { alertSettingsShape, missingForAlerts } from "./alerts/settings.ts";
import { issuerSchema, type ProviderSettings, rolesSchema } from "./access/provider-settings.ts";

const portSchema = z.coerce.number().int().min(0).max(65_535);
const urlSchema = z.url({ protocol: /^https?$/ });

/** Scheme, host and port, and nothing else. */
const originSchema = urlSchema.refine((url) => new URL(url).origin === url);

const settingsSchema = z.object({
  "--database": z.string().min(1),
  "--edge": urlSchema,
  "--host": z.string().min(1),
  "--port": portSchema,
  "--country": countrySchema,
  /** A model of matching that was trained on this retailer's data. */
  "--model": z.string().min(1).optional(),
  "--log-level": z.enum(["fatal", "error", "warn", "info", "debug", "silent"]),
  REGULARS_CENTRAL_TOKEN: z.string().min(1),
  /** While the token is changed: accepted from the edge as well, and never sent to it. */
  REGULARS_CENTRAL_TOKEN_ALSO: z.string().optional(),
  // Opens everything, and by /v1 to programs, whose tries nobody counts.
  REGULARS_CONSOLE_PASSWORD: z.string().min(LIMITS.passwordMinChars),
  /** Where people find the console; with https its cookies are for https alone. */
  REGULARS_CONSOLE_ORIGIN: originSchema.optional(),
  /** The identity provider of the people at the console, by OpenID Connect; without it they have local accounts alone. */
  REGULARS_OIDC_ISSUER: issuerSchema.optional(),
  REGULARS_OIDC_CLIENT_ID: z.string().min(1).optional(),
  REGULARS_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  REGULARS_OIDC_ROLE_CLAIM: z.string().min(1).default("role"),
  REGULARS_OIDC_ROLES: rolesSchema.optional(),
  REGULARS_OIDC_SCOPE: z.string().min(1).default("openid profile"),
  ...alertSettingsShape,
  REGULARS_PEPPER: z.string().min(1),
  REGULARS_DATABASE_TOKEN: z.string().optional(),
});
export type Settings = z.infer<typeof settingsSchema>;

/** A reason to give up at start, in a sentence. */
export class SettingsInvalid extends Error {}

export function readSettings(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Settings {
  const settings = settingsSchema.safeParse({ ...environment, ...readArgs(args) });
  if (settings.success) {
    requireForProvider(settings.data);
    const missing = missingForAlerts(settings.data);
    if (missing) throw invalid(missing);
    return settings.data;
  }
  const [name = ""] = settings.error.issues[0]?.path.map(String) ?? [];
  throw invalid(name);
}

function invalid(name: string): SettingsInvalid {
  const kind = name.startsWith("--") ? "argument" : "environment variable";
  // Never the value: it may be a secret.
  return new SettingsInvalid(`The ${kind} ${name} is missing or not valid.`);
}

/** A provider sends people back to where the console is, and knows it by a name. */
function requireForProvider(settings: Settings): void {
  if (settings.REGULARS_OIDC_ISSUER === undefined) return;
  for (const name of ["REGULARS_OIDC_CLIENT_ID", "REGULARS_CONSOLE_ORIGIN"] as const) {
    if (settings[name] === undefined) throw invalid(name);
  }
}

/** Null where there is none. */
export function providerOf(settings: Settings): ProviderSettings | null {
  const {
    REGULARS_OIDC_ISSUER: issuer,
    REGULARS_OIDC_CLIENT_ID: clientId,
    REGULARS_CONSOLE_ORIGIN: origin,
  } = settings;
  if (issuer === undefined || clientId === undefined || origin === undefined) return null;
  return {
    issuer,
    clientId,
    origin,
    clientSecret: settings.REGULARS_OIDC_CLIENT_SECRET,
    roleClaim: settings.REGULARS_OIDC_ROLE_CLAIM,
    roles: settings.REGULARS_OIDC_ROLES ?? null,
    scope: settings.REGULARS_OIDC_SCOPE,
  };
}

function readArgs(args: readonly string[]): Record<string, string | undefined> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        database: { type: "string" },
        edge: { type: "string" },
        host: { type: "string", default: "127.0.0.1" },
        port: { type: "string" },
        country: { type: "string", default: "GB" },
        model: { type: "string" },
        "log-level": { type: "string", default: "info" },
      },
    });
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [`--${name}`, value]));
  } catch (cause) {
    throw new SettingsInvalid(cause instanceof Error ? cause.message : "Unknown argument.", {
      cause,
    });
  }
}
