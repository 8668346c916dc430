/** A till that is let in at an edge: its key is enrolled with a code, and signs for a token. */
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { EDGE_AUDIENCE } from "@regulars/shared/protocol/enrol";
import { z } from "zod";

export async function enrolTill(
  edgeUrl: string,
  adminToken: string,
  till: { readonly source: string; readonly store: string },
): Promise<string> {
  async function post(path: string, body: object): Promise<unknown> {
    const response = await fetch(`${edgeUrl}/v1/tills/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
    return JSON.parse(text);
  }
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  const { x } = z.object({ x: z.string() }).parse(await exportJWK(publicKey));
  const { code } = z.object({ code: z.string() }).parse(await post("enrolments", till));
  await post("enrol", { ...till, code, publicKey: x });
  const { nonce } = z.object({ nonce: z.string() }).parse(await post("challenge", {}));
  const assertion = await new SignJWT({ store: till.store, epoch: 1, nonce })
    .setProtectedHeader({ alg: "EdDSA" })
    .setIssuer(till.source)
    .setAudience(EDGE_AUDIENCE)
    .sign(privateKey);
  return z.object({ token: z.string() }).parse(await post("token", { assertion })).token;
}
