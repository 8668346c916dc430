/** The identity provider of the retailer, as the settings name it. */
import { type Role, roleSchema } from "@regulars/shared/access/roles";
import { z } from "zod";

export interface ProviderSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Absent for a public client: PKCE proves that who fetches the token is who asked. */
  readonly clientSecret?: string | undefined;
  /** Name of the claim, or a path to it with dots: `realm_access.roles`. */
  readonly roleClaim: string;
  /** The provider's words for roles and ours; null where they are the same words. */
  readonly roles: Readonly<Record<string, Role>> | null;
  readonly scope: string;
  /** Of the console, as people type it. */
  readonly origin: string;
}

const isLoopback = ({ hostname }: URL): boolean =>
  ["localhost", "127.0.0.1", "[::1]"].includes(hostname);

/** Plain http only on this machine, for trying it out. */
export const issuerSchema = z
  .url({ protocol: /^https?$/ })
  .refine((text) => new URL(text).protocol === "https:" || isLoopback(new URL(text)));

/** As text of JSON, such as `{"Head office": "operations"}`. */
export const rolesSchema = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: "is not JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string().min(1), roleSchema));

/** Roles of ours among the words of the claim, in the order of our list; what is not ours opens nothing. */
export function rolesOfClaims(
  claims: Readonly<Record<string, unknown>>,
  { roleClaim, roles }: Pick<ProviderSettings, "roleClaim" | "roles">,
): Role[] {
  const words = new Set(wordsOf(claimAt(claims, roleClaim)));
  return roleSchema.options.filter((role) =>
    roles === null
      ? words.has(role)
      : Object.entries(roles).some(([word, ours]) => ours === role && words.has(word)),
  );
}

/** Whether the claim is there at all: if not, the provider may tell it when it is asked about the person. */
export const hasClaim = (claims: Readonly<Record<string, unknown>>, path: string): boolean =>
  claimAt(claims, path) !== undefined;

function claimAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let at: unknown = claims;
  for (const step of path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = Object.entries(at).find(([name]) => name === step)?.[1];
  }
  return at;
}

function wordsOf(claim: unknown): string[] {
  if (typeof claim === "string") return [claim];
  return Array.isArray(claim) ? claim.filter((word) => typeof word === "string") : [];
}
