/** A retailer's identity provider: a small server that publishes its keys, and signs tokens with them. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

export interface IdentityProvider {
  /** Settings of the edge that make it believe this provider. */
  readonly settings: Readonly<Record<string, string>>;
  tokenOf(claims: Readonly<Record<string, unknown>>): Promise<string>;
  close(): Promise<void>;
}

const ALGORITHM = "ES256";
const AUDIENCE = "regulars";

export async function openIdentityProvider(realm: string): Promise<IdentityProvider> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
  const jwk = { ...(await exportJWK(publicKey)), kid: "1", alg: ALGORITHM };
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    settings: {
      IDP_ISSUER: issuer,
      IDP_AUDIENCE: AUDIENCE,
      IDP_JWKS_URL: `${issuer}jwks`,
      IDP_REALM: realm,
    },
    tokenOf: (claims) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: ALGORITHM, kid: "1", typ: "JWT" })
        .setIssuer(issuer)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime("1h")
        .sign(privateKey),
    close: () => new Promise<void>((done) => server.close(() => done())),
  };
}
