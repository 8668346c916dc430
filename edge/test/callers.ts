/** Callers with real tokens: tills that are enrolled, connectors with keys, people of an identity provider. */
import { env, exports } from "cloudflare:workers";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import type { Account } from "@regulars/shared/connect/account";
import { EDGE_AUDIENCE } from "@regulars/shared/protocol/enrol";
import { apiKeyText, digestHex, newApiKey } from "../src/access/api-key.ts";
import type { Scope } from "@regulars/shared/access/scopes";
import { newTillToken } from "../src/access/till-token.ts";
import { registryStub } from "../src/stubs.ts";

export const CENTRE = env.REGULARS_CENTRAL_TOKEN;

export const accountOf = (id: string, kind: Account["kind"] = "events"): Account => ({
  id,
  kind,
  shop: "web-uk",
  realm: "shop",
  channel: "web",
  zone: "Europe/London",
  country: "GB",
  currency: "GBP",
  trust: 5,
  rules: {},
  retry: { attempts: 5, firstMs: 1_000 },
});

/** A key of an account that is there for it. */
export async function apiKey(scopes: readonly Scope[], id = "app-1"): Promise<string> {
  await registryStub(env).putAccount(accountOf(id));
  const parts = newApiKey();
  const digest = await digestHex(parts.secret);
  await registryStub(env).addKey(id, { id: parts.id, digest, scopes, expiresMs: null });
  return apiKeyText(parts);
}

/** Of a till that was enrolled some time ago. */
export async function tillToken(source: string, store: string, epoch = 1): Promise<string> {
  const publicKey = "A".repeat(43);
  const codeDigest = crypto.randomUUID();
  await registryStub(env).addEnrolment({ source, store }, codeDigest);
  await registryStub(env).enrol({ codeDigest, source, store, publicKey });
  const till = { source, store, publicKey, formerStores: [], revoked: false };
  return newTillToken(env, { till, epoch }, Date.now());
}

export interface Called {
  readonly status: number;
  readonly json: unknown;
  readonly headers: Headers;
}

export async function call(
  method: string,
  path: string,
  token: string | null,
  body?: unknown,
): Promise<Called> {
  const response = await exports.default.fetch(`https://edge.test${path}`, {
    method,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const { status, headers } = response;
  return { status, headers, json: jsonOf(text) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A till with a key of its own, as an agent has it. */
export async function openKey() {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  const { x = "" } = await exportJWK(publicKey);
  return {
    publicKey: x,
    assert: (said: { source: string; store: string; epoch: number; nonce: string }) =>
      new SignJWT({ store: said.store, epoch: said.epoch, nonce: said.nonce })
        .setProtectedHeader({ alg: "EdDSA" })
        .setIssuer(said.source)
        .setAudience(EDGE_AUDIENCE)
        .sign(privateKey),
  };
}

export const ISSUER = "https://idp.test/";
export const AUDIENCE = "regulars";

/** An identity provider: the real thing from the edge's side, keys fetched over the network included. */
export async function openProvider(jwksUrl = env.IDP_JWKS_URL, alg = "ES256") {
  const keys: { kid: string; jwk: JWK; privateKey: CryptoKey }[] = [];
  async function publish(): Promise<void> {
    const body = JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
    await fetch(jwksUrl, { method: "PUT", body });
  }
  async function rotate(): Promise<string> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const kid = crypto.randomUUID();
    keys.push({ kid, jwk: { ...(await exportJWK(publicKey)), kid, alg }, privateKey });
    await publish();
    return kid;
  }
  await rotate();
  return {
    rotate,
    /** Its newest key alone is left. */
    withdrawOld: async (): Promise<void> => {
      keys.splice(0, keys.length - 1);
      await publish();
    },
    tokenOf: async (
      claims: Record<string, unknown>,
      options: { expiresIn?: string; issuer?: string; audience?: string; key?: number } = {},
    ): Promise<string> => {
      const key = keys.at(options.key ?? -1);
      if (!key) throw new Error("the provider has no such key");
      return new SignJWT(claims)
        .setProtectedHeader({ alg, kid: key.kid, typ: "JWT" })
        .setIssuer(options.issuer ?? ISSUER)
        .setAudience(options.audience ?? AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(options.expiresIn ?? "5m")
        .sign(key.privateKey);
    },
  };
}

let opened: ReturnType<typeof openProvider> | undefined;
/** The one that the edge is set to. Its keys are fetched now and then only, so all tests of a file share them. */
export const provider = () => (opened ??= openProvider());
