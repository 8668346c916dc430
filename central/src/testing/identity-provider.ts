/**
 * A real identity provider (oidc-provider) on a port of this machine, with its own pages for signing in, and a browser that
 * walks them. What it answers can be bent on its way, as whoever sits between would.
 */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from "node:crypto";
import { Provider } from "oidc-provider";
import type { ProviderSettings } from "../access/provider-settings.ts";
import { z } from "zod";
import { freePort } from "./database.ts";

export interface Claims {
  readonly [claim: string]: unknown;
}

interface Keys {
  readonly ours: KeyObject;
  readonly forged: KeyObject;
}

const tokensSchema = z.looseObject({ id_token: z.string() });
const claimsSchema = z.record(z.string(), z.unknown());

/** What becomes of an id token on its way; null: it arrives as it was made. */
export interface Bend {
  readonly claims?: (claims: Claims) => Claims;
  /** Whose key it is signed with in the end; `kept`: the signature of what it was before. */
  readonly signature: "true" | "forged" | "none" | "kept";
}

export interface TestProvider {
  readonly settings: ProviderSettings;
  bend: Bend | null;
  /** As whoever sits before it: the nonce of the request is another one. */
  nonce: string | null;
  /** What it says of each person from now on. */
  readonly people: Map<string, Claims>;
  close(): Promise<void>;
}

export const ORIGIN = "https://console.example.com";
const CLIENT = { clientId: "console", clientSecret: "secret of the console" };

const keyPair = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwkOf = (key: KeyObject): JsonWebKey => ({ ...key.export({ format: "jwk" }), kid: "k1", use: "sig", alg: "RS256" }); // prettier-ignore

/** `isInToken`: it tells roles in the id token, and not only when it is asked about somebody. */
export async function openIdentityProvider({
  isInToken = false,
  isPublic = false,
} = {}): Promise<TestProvider> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const [ours, forged] = [keyPair(), keyPair()];
  const people = new Map<string, Claims>();
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        redirect_uris: [`${ORIGIN}/sign-in/return`],
        ...(isPublic
          ? { token_endpoint_auth_method: "none" }
          : { client_secret: CLIENT.clientSecret }),
      },
    ],
    jwks: { keys: [jwkOf(ours.privateKey)] },
    claims: { openid: ["sub"], profile: ["name", "role", "realm_access"] },
    conformIdTokenClaims: !isInToken,
    cookies: { keys: ["key of the cookies"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
  });
  const handle = provider.callback();
  const server = createServer((request, response) => {
    if (test.nonce !== null && request.url?.startsWith("/auth?") === true) {
      const url = new URL(request.url, issuer);
      url.searchParams.set("nonce", test.nonce);
      request.url = `${url.pathname}${url.search}`;
    }
    if (test.bend && request.url === "/token") bendAnswer(response, test.bend, { ours: ours.privateKey, forged: forged.privateKey }); // prettier-ignore
    handle(request, response);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const test: TestProvider = {
    settings: {
      issuer,
      clientId: CLIENT.clientId,
      clientSecret: isPublic ? undefined : CLIENT.clientSecret,
      roleClaim: "role",
      roles: null,
      scope: "openid profile",
      origin: ORIGIN,
    },
    bend: null,
    nonce: null,
    people,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return test;
}

function bendAnswer(response: ServerResponse, bend: Bend, keys: Keys): void {
  const end = response.end.bind(response);
  const bent = (body: unknown): ServerResponse => {
    const answer = tokensSchema.parse(JSON.parse(String(body)));
    const text = JSON.stringify({ ...answer, id_token: bendToken(answer.id_token, bend, keys) });
    response.setHeader("content-length", Buffer.byteLength(text));
    return end(text);
  };
  Object.assign(response, { end: bent });
}

const partOf = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

function bendToken(token: string, bend: Bend, { ours, forged }: Keys): string {
  const [head = "", body = "", signature = ""] = token.split(".");
  const claims = claimsSchema.parse(JSON.parse(Buffer.from(body, "base64url").toString()));
  const bent = partOf(bend.claims?.(claims) ?? claims);
  if (bend.signature === "none") return `${partOf({ alg: "none" })}.${bent}.`;
  if (bend.signature === "kept") return `${head}.${bent}.${signature}`;
  const key = bend.signature === "true" ? ours : forged;
  return `${head}.${bent}.${sign("sha256", Buffer.from(`${head}.${bent}`), key).toString("base64url")}`;
}

/** Cookies as a browser keeps them, for one host. */
export function createJar() {
  const kept = new Map<string, string>();
  return {
    kept,
    header: () => [...kept].map(([name, value]) => `${name}=${value}`).join("; "),
    take(response: Response) {
      for (const line of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) kept.delete(name);
        else kept.set(name, value);
      }
    },
  };
}

/** Signs in at the provider's own pages, from its first address to the one that leads back to the console. */
export async function walkProvider(start: string, login: string): Promise<URL> {
  const jar = createJar();
  let url = start;
  for (let step = 0; step < 12; step++) {
    if (url.startsWith(ORIGIN)) return new URL(url);
    const page = await fetch(url, { redirect: "manual", headers: { cookie: jar.header() } });
    jar.take(page);
    let answer = page;
    if (page.status === 200) {
      const html = await page.text();
      const action = /<form[^>]*action="([^"]+)"/.exec(html)?.[1] ?? "";
      const prompt = /name="prompt" value="(\w+)"/.exec(html)?.[1] ?? "";
      answer = await fetch(new URL(action, url), {
        method: "POST",
        redirect: "manual",
        headers: { cookie: jar.header() },
        body: new URLSearchParams({ prompt, login, password: "any" }),
      });
      jar.take(answer);
    }
    url = new URL(answer.headers.get("location") ?? "", url).href;
  }
  throw new Error("the provider leads in circles");
}
