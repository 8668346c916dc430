/**
 * OpenID Connect: authorization code with PKCE, state and nonce; the id token's signature is checked as well, although it comes
 * from the provider itself. The library is loaded when the first person signs in by it: whoever has no provider has no use for
 * its memory.
 */
import type { Role } from "@regulars/shared/access/roles";
import { LIMITS } from "@regulars/shared/limits";
import type { Configuration } from "openid-client";
import { hasClaim, type ProviderSettings, rolesOfClaims } from "./provider-settings.ts";

/** Of one sign-in, from leaving for the provider to coming back. */
export interface Journey {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  /** May be none. */
  readonly roles: readonly Role[];
}

export const PROVIDER_FAILURES = [
  /** It does not answer, or not as a provider does. */
  "away",
  /** It has said no, or the person has turned back. */
  "denied",
  /** The code was used before or is too old. */
  "stale",
  /** What it says cannot be believed. */
  "untrusted",
] as const;
export type ProviderFailure = (typeof PROVIDER_FAILURES)[number];

/** `code` is of the library's closed list: its messages and causes quote tokens and names. */
export class ProviderFailed extends Error {
  readonly reason: ProviderFailure;
  readonly code: string;

  constructor(reason: ProviderFailure, code: string) {
    super(`identity provider: ${reason} (${code})`);
    this.reason = reason;
    this.code = code;
  }
}

export interface Provider {
  /** Where to send the person. Fails with `ProviderFailed`. */
  begin(journey: Journey): Promise<URL>;
  /** `query` is what the person came back with. Fails with `ProviderFailed`. */
  end(query: URLSearchParams, journey: Journey): Promise<Identity>;
}

/** Relative to the console's origin; has to be registered with the provider. */
export const RETURN_PATH = "/sign-in/return";

const load = () => import("openid-client");

export function createProvider(settings: ProviderSettings, nowMs: () => number): Provider {
  const returnTo = new URL(RETURN_PATH, settings.origin);
  let known: { readonly configuration: Configuration; readonly atMs: number } | null = null;

  async function discover(): Promise<Configuration> {
    if (known && nowMs() - known.atMs < LIMITS.jwksAgeMs) return known.configuration;
    const configuration = await readConfiguration(settings);
    known = { configuration, atMs: nowMs() };
    return configuration;
  }

  return {
    async begin({ state, nonce, verifier }) {
      const configuration = await discover();
      const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await load();
      return buildAuthorizationUrl(configuration, {
        redirect_uri: returnTo.href,
        scope: settings.scope,
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      });
    },
    async end(query, { state, nonce, verifier }) {
      const configuration = await discover();
      const { authorizationCodeGrant, fetchUserInfo } = await load();
      const current = new URL(returnTo);
      current.search = query.toString();
      try {
        const tokens = await authorizationCodeGrant(configuration, current, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const idToken = tokens.claims();
        if (!idToken) throw new ProviderFailed("untrusted", "no_id_token");
        const isTold = hasClaim(idToken, settings.roleClaim);
        const isAsked = !isTold && configuration.serverMetadata().userinfo_endpoint !== undefined;
        const more = isAsked
          ? await fetchUserInfo(configuration, tokens.access_token, idToken.sub)
          : {};
        const claims: Record<string, unknown> = { ...more, ...idToken };
        return {
          issuer: idToken.iss,
          subject: idToken.sub,
          name: nameOf(claims),
          roles: rolesOfClaims(claims, settings),
        };
      } catch (error) {
        throw error instanceof ProviderFailed ? error : await failureOf(error);
      }
    },
  };
}

async function readConfiguration(settings: ProviderSettings): Promise<Configuration> {
  const { allowInsecureRequests, discovery, enableNonRepudiationChecks, None } = await load();
  const issuer = new URL(settings.issuer);
  try {
    const secret = settings.clientSecret;
    return await discovery(issuer, settings.clientId, secret, secret === undefined ? None() : undefined, {
      timeout: LIMITS.jwksTimeoutMs / 1_000,
      execute: [
        enableNonRepudiationChecks,
        // The settings let http through for this machine alone.
        ...(issuer.protocol === "http:" ? [allowInsecureRequests] : []),
      ],
    }); // prettier-ignore
  } catch (error) {
    throw new ProviderFailed("away", codeOf(error));
  }
}

async function failureOf(error: unknown): Promise<ProviderFailed> {
  const { AuthorizationResponseError, ResponseBodyError } = await load();
  if (error instanceof AuthorizationResponseError) return new ProviderFailed("denied", error.code);
  if (error instanceof ResponseBodyError) {
    const isStale = error.error === "invalid_grant";
    return new ProviderFailed(isStale ? "stale" : "untrusted", error.error);
  }
  const code = codeOf(error);
  const isAway = error instanceof TypeError || code === "OAUTH_TIMEOUT" || code === "OAUTH_ABORT";
  return new ProviderFailed(isAway ? "away" : "untrusted", code);
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "none";

/** As colleagues call them; what a provider says of names is optional. */
function nameOf(claims: Readonly<Record<string, unknown>>): string {
  for (const claim of ["name", "preferred_username", "nickname"]) {
    const said = claims[claim];
    if (typeof said === "string" && said.trim() !== "") {
      return said.trim().slice(0, LIMITS.personNameChars);
    }
  }
  return "Somebody of the provider";
}
