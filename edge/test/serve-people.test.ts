/** What customers and staff are shown, what they may say, and what nobody learns or becomes by it. */
import { reset } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import type { RegularsEvent } from "@regulars/shared/events/event";
import { identityKeysOf } from "@regulars/shared/identity/key";
import { customerIdOf } from "@regulars/shared/ids";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import { createShardedDirectory } from "../src/directory/sharded.ts";
import { forgetRegistry } from "../src/registry/known.ts";
import { readProfile } from "../src/serve/read-profile.ts";
import { registryStub } from "../src/stubs.ts";
import { accountOf, apiKey, call, CENTRE, provider } from "./callers.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, sale } from "./till.ts";

afterEach(async () => {
  await reset();
  forgetRegistry(); // what the Worker was told about accounts of the test before
});

const [card = ""] = keysOf({ loyaltyNumber: "4711" });
const [email = ""] = keysOf({ email: "victim@example.com" });
const victim = customerIdOf(card);

const userKey = (userId: string): string => {
  const options = { pepper: env.REGULARS_PEPPER, country: "GB", realm: env.IDP_REALM };
  return identityKeysOf({ userId }, options).keys[0] ?? "";
};

type Claims = Extract<RegularsEvent, { kind: "claim" }>["body"]["claims"];
const claim = (claims: Claims) => ({ kind: "claim" as const, body: { claims } });

const merged = (seq: number) =>
  until(
    () => pullAll("one", "till-1"),
    ({ marks }) => marks.merged >= seq,
  );

/** The victim by card and e-mail, and Mallory by an account of her own. */
async function town() {
  const till = openTill("till-1", "one");
  const items = [
    till.capture(
      [card, email],
      claim({ givenName: "Vic", email: "victim@example.com", phone: "+442079460018" }),
    ),
    till.capture([card], sale(4200)),
    till.capture([userKey("mallory")], claim({ givenName: "Mallory" })),
  ];
  await inbox("one").push(till.push(items));
  await merged(items.length);
  await registryStub(env).putAccount(accountOf("the-app", "app"));
  const idp = await provider();
  const tokenOf: typeof idp.tokenOf = (claims, options) => idp.tokenOf(claims, options);
  return { token: await tokenOf({ sub: "mallory" }), tokenOf };
}

test("SEC4: a customer sees itself by its token alone, and of others not even whether they exist", async () => {
  const { token } = await town();
  const own = await call("GET", "/v1/customers/me", token);
  expect(own.json).toMatchObject({
    customer: customerIdOf(userKey("mallory")),
    profile: { identity: { givenName: "Mallory" } },
  });
  expect(own.json).not.toHaveProperty("profile.notes");
  const paths = ["", "/timeline", "/purchases", "/loyalty", "/preferences", "/consents", "/live"];
  for (const path of paths) {
    const other = await call("GET", `/v1/customers/${victim}${path}`, token);
    const nobody = await call("GET", `/v1/customers/${customerIdOf("x")}${path}`, token);
    expect([path, other.status, other.json]).toEqual([path, 404, nobody.json]);
  }
  for (const what of ["claims", "consents"]) {
    const said =
      what === "claims"
        ? { claims: { givenName: "X" } }
        : { purpose: "marketing", channel: "email", state: "granted" };
    const other = await call("POST", `/v1/customers/${victim}/${what}`, token, said);
    expect(other.status).toBe(404);
  }
});

test("SEC4: staff in a store see contact masked; whoever asks for more is refused by name", async () => {
  const { tokenOf } = await town();
  const token = await tokenOf({ sub: "anne", role: "associate", store: "one" });
  const seen = await call("GET", `/v1/customers/${victim}`, token);
  expect(seen.json).toMatchObject({
    profile: { contact: { email: "v•••@e•••.com", phone: "•••18" } },
  });
  expect(JSON.stringify(seen.json)).not.toContain("victim@");
  const contact = await call("GET", `/v1/customers/${victim}?fields=contact`, token);
  expect(contact.json).toMatchObject({ profile: { contact: { phone: "•••18" } } });
  expect((await call("GET", `/v1/customers/${victim}?fields=birth`, token)).status).toBe(403);
  expect((await call("GET", `/v1/customers/${victim}?lineage=true`, token)).status).toBe(403);
});

test("IDN3: whoever claims somebody else's e-mail and phone keeps a profile of their own, and the other one's stays as it was", async () => {
  const { token } = await town();
  const before = await readProfile(env, victim);
  const said = await call("POST", "/v1/customers/me/claims", token, {
    id: "form-1",
    claims: { email: "victim@example.com", phone: "020 7946 0018", familyName: "Malice" },
    traits: { shoeSize: 39 },
  });
  expect(said.status).toBe(202);
  const mine = await until(
    () => call("GET", "/v1/customers/me", token),
    ({ json }) => JSON.stringify(json).includes("Malice"),
  );
  expect(mine.json).toMatchObject({
    profile: {
      contact: { email: "victim@example.com" },
      traits: { shoeSize: 39 },
      purchases: { totals: {} },
    },
  });
  expect(await readProfile(env, victim)).toEqual(before);
  const held = await createShardedDirectory(env).lookup([email]);
  expect(held.get(email)).toBe(victim);
  // What was recorded names no key but her own, and is no evidence of who she is.
  const found = await readProfile(env, customerIdOf(userKey("mallory")));
  expect(profileSchema.parse(JSON.parse(found!.json)).keys).toEqual([userKey("mallory")]);
});

test("ING1: the same idempotency key is one item, and one customer's key takes nobody else's place", async () => {
  const { token, tokenOf } = await town();
  const consent = { purpose: "marketing", channel: "email", state: "granted" };
  const path = "/v1/customers/me/consents";
  const once = await call("POST", path, token, { ...consent, id: "switch-1" });
  const again = await call("POST", path, token, { ...consent, id: "switch-1" });
  expect([once.status, again.status]).toEqual([202, 202]);
  expect(again.json).toEqual(once.json);
  const other = await tokenOf({ sub: "new-here" });
  const theirs = await call("POST", path, other, { ...consent, id: "switch-1" });
  expect(theirs.json).not.toEqual(once.json);
  // Somebody new is somebody by what they said.
  const known = await until(
    () => call("GET", "/v1/customers/me/consents", other),
    ({ status }) => status === 200,
  );
  expect(known.json).toMatchObject({ consents: { "marketing/email": { state: "granted" } } });
});

test("SEC2: what cannot be taken is refused by field, and nothing of it is repeated", async () => {
  const { token } = await town();
  const secret = "marked-value-7f3a";
  const bodies = [
    ["claims", { claims: { loyaltyNumber: secret } }],
    ["claims", { claims: {} }],
    ["claims", { claims: { givenName: "x" }, verified: true }],
    ["claims", { claims: { givenName: secret.repeat(2_000) } }],
    ["consents", { purpose: secret, channel: "email", state: "granted" }],
  ] as const;
  for (const [what, body] of bodies) {
    const { status, json } = await call("POST", `/v1/customers/me/${what}`, token, body);
    expect(status).toBeGreaterThanOrEqual(413);
    expect(status).toBeLessThan(423);
    expect(JSON.stringify(json)).not.toContain(secret);
  }
});

async function allowedOrigin(origin: string): Promise<string | null> {
  const response = await exports.default.fetch("https://edge.test/v1/customers/me", {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "GET" },
  });
  return response.headers.get("access-control-allow-origin");
}

test("SEC4: a page of an origin that is named may call, and no other", async () => {
  expect(await allowedOrigin("https://app.example")).toBe("https://app.example");
  expect(await allowedOrigin("https://elsewhere.example")).toBeNull();
});

test("SEC1: a stream ends when the token that opened it does", async () => {
  const { tokenOf } = await town();
  const token = await tokenOf({ sub: "mallory" }, { expiresIn: "2s" });
  const response = await exports.default.fetch("https://edge.test/v1/customers/me/live", {
    headers: { authorization: `Bearer ${token}` },
  });
  const text = await response.text();
  expect(text).toContain("event: profile\n");
  expect(text).toMatch(/event: end\ndata: \{"reason":"token_expired"\}\n\n$/);
});

test("SYN10: a customer's token looks nobody up, and CENTRE may say things for a customer it has found", async () => {
  const { token } = await town();
  const given = { email: "victim@example.com" };
  expect((await call("POST", "/v1/customers/lookup", token, given)).status).toBe(403);
  const said = await call("POST", `/v1/customers/${victim}/claims`, CENTRE, {
    claims: { familyName: "Timm" },
  });
  expect(said.status).toBe(202);
  const seen = await until(
    () => call("GET", `/v1/customers/${victim}`, CENTRE),
    ({ json }) => JSON.stringify(json).includes("Timm"),
  );
  expect(seen.json).toMatchObject({ profile: { identity: { familyName: "Timm" } } });
});

test("ING1: a connector says things by its own account; people by the app's, and are told where none is set up", async () => {
  const till = openTill("till-1", "one");
  await inbox("one").push(till.push([till.capture([card], sale(100))]));
  await merged(1);
  const key = await apiKey(["profiles:write"], "crm-1");
  const said = { id: "form-1", claims: { familyName: "Timm" } };
  const path = `/v1/customers/${victim}/claims`;
  expect((await call("POST", path, key, said)).status).toBe(202);
  const seen = await until(
    () => call("GET", `/v1/customers/${victim}?lineage=true`, CENTRE),
    ({ json }) => JSON.stringify(json).includes("Timm"),
  );
  expect(seen.json).toMatchObject({
    lineage: { identity: { familyName: { source: "crm-1" } } },
  });
  const refused = await call("POST", path, CENTRE, said);
  expect(refused.status).toBe(409);
  expect(refused.json).toMatchObject({ reason: "not_set_up" });
});
