/** Customers and staff, by tokens of an identity provider. */
import { reset } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { SignJWT } from "jose";
import { afterEach, expect, test } from "vitest";
import { normaliseUserId } from "@regulars/shared/identity/account-id";
import { identityKeyOf } from "@regulars/shared/identity/key";
import { customerIdOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { authenticate } from "../src/access/authenticate.ts";
import { createPeople, type PersonSettings } from "../src/access/person.ts";
import { AUDIENCE, call, CENTRE, ISSUER, openProvider, provider } from "./callers.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { openTill, sale } from "./till.ts";

afterEach(() => reset());

const keyOf = (id: string) =>
  identityKeyOf("user", normaliseUserId("shop", id) ?? "", env.REGULARS_PEPPER);

async function whoIs(token: string) {
  const answer = await authenticate(env, token);
  return answer.ok ? answer.value : answer.reason.reason;
}

test("SEC1: the provider's subject is a customer in its realm; staff are what their role says", async () => {
  const { tokenOf } = await provider();
  expect(await whoIs(await tokenOf({ sub: "user-1" }))).toEqual({
    kind: "customer",
    key: keyOf("user-1"),
  });
  expect(await whoIs(await tokenOf({ sub: "user-1", role: "customer" }))).toMatchObject({
    kind: "customer",
  });
  expect(await whoIs(await tokenOf({ sub: "s1", role: "associate", store: "one" }))).toEqual({
    kind: "associate", id: "s1", store: "one",
  }); // prettier-ignore
  expect(await whoIs(await tokenOf({ sub: "s1", role: ["x", "service_desk"] }))).toEqual({
    kind: "desk",
    id: "s1",
  });
});

const REFUSED: readonly [string, Record<string, unknown>, Record<string, string>][] = [
  ["of another issuer", { sub: "user-1" }, { issuer: "https://elsewhere.test/" }],
  ["for another audience", { sub: "user-1" }, { audience: "another-app" }],
  ["that has ended", { sub: "user-1" }, { expiresIn: "-1m" }],
  ["that does not begin yet", { sub: "user-1", nbf: 99_999_999_999 }, {}],
  ["of nobody", {}, {}],
  ["of what programs send for nobody", { sub: "undefined" }, {}],
  ["of a role that is not ours", { sub: "user-1", role: "root" }, {}],
  ["of a role that is no text", { sub: "user-1", role: { is: "associate" } }, {}],
  ["of staff of no store that can be", { sub: "s1", role: "associate", store: "../two" }, {}],
];

test.each(REFUSED)("SEC1: a token %s is nobody's", async (_what, claims, options) => {
  const { tokenOf } = await provider();
  expect(await whoIs(await tokenOf({ sub: "user-1" }))).toMatchObject({ kind: "customer" });
  expect(await whoIs(await tokenOf(claims, options))).toBe("unauthorized");
});

test("SEC1: clocks may differ by half a minute", async () => {
  const { tokenOf } = await provider();
  const seconds = LIMITS.jwtToleranceSeconds;
  expect(
    await whoIs(await tokenOf({ sub: "u" }, { expiresIn: `-${seconds - 10}s` })),
  ).toMatchObject({ kind: "customer" });
  expect(await whoIs(await tokenOf({ sub: "u" }, { expiresIn: `-${seconds + 5}s` }))).toBe(
    "unauthorized",
  );
});

test("SEC1: a shared secret, or no signature at all, proves nothing", async () => {
  await (await provider()).tokenOf({ sub: "user-1" });
  const keys = await (await fetch(env.IDP_JWKS_URL)).text();
  const hmac = await new SignJWT({ sub: "user-1" })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setExpirationTime("5m")
    .sign(new TextEncoder().encode(keys));
  expect(await whoIs(hmac)).toBe("unauthorized");
  const [, payload = ""] = hmac.split(".");
  const none = btoa(JSON.stringify({ alg: "none" })).replaceAll("=", "");
  expect(await whoIs(`${none}.${payload}.`)).toBe("unauthorized");
});

const settingsOf = (path: string): PersonSettings => ({
  IDP_ISSUER: ISSUER,
  IDP_AUDIENCE: AUDIENCE,
  IDP_JWKS_URL: `https://idp.test/${path}`,
  IDP_REALM: "shop",
  IDP_ROLE_CLAIM: "https://shop.example/role",
  REGULARS_PEPPER: env.REGULARS_PEPPER,
});

test.each(["RS256", "ES256", "EdDSA"])(
  "SEC1: keys are rotated while people go on (%s)",
  async (alg) => {
    const settings = settingsOf(`rotated-${alg}`);
    const idp = await openProvider(settings.IDP_JWKS_URL, alg);
    const people = createPeople(settings, 0);
    const old = await idp.tokenOf({ sub: "user-1" });
    expect((await people?.verify(old))?.ok).toBe(true);
    await idp.rotate();
    const now = await idp.tokenOf({ sub: "s1", "https://shop.example/role": "service_desk" });
    expect(await people?.verify(now)).toMatchObject({ ok: true, value: { kind: "desk" } });
    expect((await people?.verify(old))?.ok).toBe(true);
    await idp.withdrawOld();
    expect((await createPeople(settings)?.verify(old))?.ok).toBe(false);
    expect((await createPeople(settings)?.verify(now))?.ok).toBe(true);
  },
);

test("SEC1: a provider that is not asked twice within its cooldown, whatever keys tokens name", async () => {
  const settings = settingsOf("cooldown");
  const idp = await openProvider(settings.IDP_JWKS_URL);
  const people = createPeople(settings);
  expect((await people?.verify(await idp.tokenOf({ sub: "user-1" })))?.ok).toBe(true);
  await idp.rotate();
  expect(await people?.verify(await idp.tokenOf({ sub: "user-1" }))).toMatchObject({
    ok: false, reason: { reason: "unauthorized" },
  }); // prettier-ignore
});

test("SEC1: a provider that cannot be reached is not the caller's fault, and lets nobody in", async () => {
  const idp = await openProvider("https://idp.test/there");
  const token = await idp.tokenOf({ sub: "user-1" });
  for (const url of ["https://idp.test/nowhere", "https://away.test/jwks"]) {
    const people = createPeople({ ...settingsOf(""), IDP_JWKS_URL: url });
    expect(await people?.verify(token)).toMatchObject({
      ok: false,
      reason: { reason: "unreachable" },
    });
  }
  expect(createPeople({ ...settingsOf(""), IDP_JWKS_URL: "" })).toBeNull();
});

test("SEC1: a customer's token reads one customer", async () => {
  const [own, other] = [keyOf("user-1"), keyOf("user-2")];
  const till = openTill("till-1", "one");
  await inbox("one").push(
    till.push([till.capture([own], sale(100)), till.capture([other], sale(7))]),
  );
  await until(
    () => pullAll("one", "till-1"),
    ({ marks }) => marks.merged === 2,
  );
  const { tokenOf } = await provider();
  const read = async (sub: string, key: string) =>
    (await call("GET", `/v1/customers/${customerIdOf(key)}`, await tokenOf({ sub }))).status;
  expect([await read("user-1", own), await read("user-2", other)]).toEqual([200, 200]);
  // Not even that the other one is there.
  expect([
    await read("user-1", other),
    await read("user-2", own),
    await read("user-3", own),
  ]).toEqual([404, 404, 404]);
  const live = await exports.default.fetch(
    `https://edge.test/v1/customers/${customerIdOf(other)}/live`,
    {
      headers: { authorization: `Bearer ${await tokenOf({ sub: "user-1" })}` },
    },
  );
  expect(live.status).toBe(404);
});

test("SEC1: a customer who calls too often is asked to wait, and nobody else is", async () => {
  const { tokenOf } = await provider();
  const [busy, quiet] = [await tokenOf({ sub: "busy" }), await tokenOf({ sub: "quiet" })];
  const path = "/v1/customers/c0123456789012345678901";
  let last = await call("GET", path, busy);
  for (let n = 0; n < 2 * LIMITS.customerBurstCalls && last.status !== 429; n++)
    last = await call("GET", path, busy);
  expect([last.status, last.headers.get("retry-after")]).toEqual([429, "1"]);
  expect((await call("GET", path, quiet)).status).toBe(404);
  expect((await call("GET", path, CENTRE)).status).toBe(404);
});
