/** What customers and staff are shown, what they may say, and what nobody learns or becomes by it. */
import { reset } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import type { RegularsEvent } from "@regulars/shared/events/event";
import { identityKeysOf } from "@regulars/shared/identity/key";
import { customerIdOf } from "@regulars/shared/ids";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import { type FieldGroup, FIELD_GROUPS } from "../src/access/actions.ts";
import { createShardedDirectory } from "../src/directory/sharded.ts";
import { readProfile } from "../src/serve/read-profile.ts";
import { selectGroups } from "../src/serve/select.ts";
import { lineageOf } from "../src/serve/lineage.ts";
import { linesOf, profileJson } from "../src/serve/view.ts";
import { registryStub } from "../src/stubs.ts";
import { accountOf, call, CENTRE, provider } from "./callers.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, sale } from "./till.ts";

afterEach(() => reset());

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
  const { tokenOf } = await provider();
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

/** A profile in which every value says which group it is of. */
const MARKED = profileSchema.parse({
  customer: victim,
  version: 1,
  golden: 0,
  asOf: "0190a0b0c0d0-0000-till-1/1",
  fields: Object.fromEntries(
    Object.entries({
      givenName: "identity",
      familyName: "identity",
      language: "identity",
      country: "identity",
      email: "contact",
      phone: "contact",
      birthDate: "birth",
      loyaltyNumber: "loyalty",
    }).map(([field, group]) => {
      const value =
        field === "birthDate"
          ? "1971-03-09"
          : field === "language"
            ? "m.identity"
            : `marked-${group}-value`;
      const said = {
        value,
        stamp: "0190a0b0c0d0-0000-till-1/1",
        event: "till-1/1/1",
        fragment: `till-1/1/${card}`,
      };
      return [field, { ...said, rule: "most_recent", losers: [{ ...said, event: "till-1/1/2" }] }];
    }),
  ),
  keys: [card],
  consents: {
    "consents_marked/email": {
      state: "granted",
      stamp: "0190a0b0c0d0-0000-till-1/1",
      seq: 1,
      fragment: `till-1/1/${card}`,
    },
  },
  totals: {},
  recent: [
    {
      kind: "sale",
      receipt: "marked-purchases",
      at: "2026-01-05T09:00:00Z",
      stamp: "0190a0b0c0d0-0000-till-1/1",
      store: "one",
      currency: "GBP",
      totalMinor: 1,
      lines: 1,
      items: ["marked-purchases"],
      event: "till-1/1/1",
    },
  ],
  notes: [
    {
      text: "marked-notes",
      at: "2026-01-05T09:00:00Z",
      stamp: "0190a0b0c0d0-0000-till-1/1",
      event: "till-1/1/3",
    },
  ],
  fragments: {},
  traits: {
    "marked-traits": {
      value: "marked-traits",
      stamp: "0190a0b0c0d0-0000-till-1/1",
      event: "till-1/1/1",
      fragment: `till-1/1/${card}`,
    },
  },
  behaviours: [
    {
      type: "track",
      name: "marked-behaviour",
      items: [],
      at: "2026-01-05T09:00:00Z",
      stamp: "0190a0b0c0d0-0000-till-1/1",
      store: null,
      channel: "app",
      event: "till-1/1/4",
    },
  ],
});

const MARKS: Readonly<Partial<Record<FieldGroup, string>>> = {
  identity: "marked-identity",
  contact: "marked-contact",
  birth: "1971-03-09",
  consents: "consents_marked",
  purchases: "marked-purchases",
  notes: "marked-notes",
  traits: "marked-traits",
  behaviour: "marked-behaviour",
  loyalty: "marked-loyalty",
  keys: card,
};

test("SEC4: whatever is granted and asked for, no value of another group is in an answer or its lineage", () => {
  const lines = linesOf(MARKED);
  const groups = fc.subarray([...FIELD_GROUPS]);
  fc.assert(
    fc.property(groups, fc.option(groups), fc.boolean(), (granted, asked, lineage) => {
      const names = asked?.filter((name) => name in MARKS);
      const wish = { ...(names && names.length > 0 ? { fields: names } : {}), lineage };
      const selection = selectGroups(new Set(granted), wish);
      if (!selection.ok) return;
      const shown = selection.value.groups;
      const answer =
        profileJson(lines, shown) + (lineage ? JSON.stringify(lineageOf(MARKED, shown)) : "");
      for (const [group, mark] of Object.entries(MARKS)) {
        const isGranted = granted.some((each) => each === group);
        const isAsked = !wish.fields || wish.fields.some((each) => each === group);
        expect([group, answer.includes(mark)]).toEqual([group, isGranted && isAsked]);
      }
    }),
  );
});

test("SEC4: a page of an origin that is named may call, and no other", async () => {
  const ask = async (origin: string) => {
    const response = await exports.default.fetch("https://edge.test/v1/customers/me", {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "GET" },
    });
    return response.headers.get("access-control-allow-origin");
  };
  expect(await ask("https://app.example")).toBe("https://app.example");
  expect(await ask("https://elsewhere.example")).toBeNull();
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
