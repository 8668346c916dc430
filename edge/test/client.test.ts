/** The client package against the real Worker. */
import { reset } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createClient, REASONS, RegularsError } from "../../client/src/index.ts";
import type * as api from "../../client/src/types.ts";
import type { RegularsEvent } from "@regulars/shared/events/event";
import { customerIdOf } from "@regulars/shared/ids";
import type { z } from "zod";
import { DESCRIBED } from "../src/openapi/routes.ts";
import type * as answers from "../src/openapi/customers.ts";
import { applyDecisions } from "../src/publish/apply-decisions.ts";
import { registryStub } from "../src/stubs.ts";
import type { customerAnswerSchema } from "../src/serve/view-schema.ts";
import { wholeEdge } from "../src/whole-edge.ts";
import { accountOf, CENTRE, provider } from "./callers.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, sale } from "./till.ts";

/** Another one in each test: an object with a listener may outlive the end of its test. */
let card = "";
let ada = "";
let source = "";
let tests = 0;

beforeEach(() => {
  tests += 1;
  [card = ""] = keysOf({ loyaltyNumber: `47${tests}` });
  ada = customerIdOf(card);
  source = `till-${tests}`;
});
afterEach(() => reset());

type Same<A, B> = [A, B] extends [B, A] ? true : never;
type Answer<Name extends keyof typeof answers> = (typeof answers)[Name] extends z.ZodType
  ? z.infer<(typeof answers)[Name]>
  : never;
/** The client's types are what the edge's schemas say: the compiler refuses this line where they are not. */
const TYPES_AGREE: [
  Same<api.Customer, z.infer<typeof customerAnswerSchema>>,
  Same<api.PurchasesAnswer, Answer<"purchasesAnswerSchema">>,
  Same<api.LoyaltyAnswer, Answer<"loyaltyAnswerSchema">>,
  Same<api.PreferencesAnswer, Answer<"preferencesAnswerSchema">>,
  Same<api.ConsentsAnswer, Answer<"consentsAnswerSchema">>,
] = [true, true, true, true, true];

const [email = ""] = keysOf({ email: "ada@example.com" });

type Claims = Extract<RegularsEvent, { kind: "claim" }>["body"]["claims"];
const claim = (claims: Claims) => ({ kind: "claim" as const, body: { claims } });

async function buys(till: ReturnType<typeof openTill>, minor: number) {
  const item = till.capture([card], sale(minor));
  await inbox("one").push(till.push([item]));
  await until(
    () => pullAll("one", source),
    ({ marks }) => marks.merged >= item.seq,
  );
}

async function adaBuys() {
  const till = openTill(source, "one");
  await inbox("one").push(till.push([till.capture([card, email], claim({ givenName: "Ada" }))]));
  await buys(till, 100);
  return till;
}

/** Calls the Worker, and notes what was asked. */
function connect(token: string = CENTRE, more: object = {}) {
  const seen: { url: string; status: number }[] = [];
  const client = createClient({
    edgeUrl: "https://edge.test",
    token: () => Promise.resolve(token),
    wait: () => new Promise((next) => setTimeout(next, 0)),
    fetch: async (input, init) => {
      const response = await exports.default.fetch(new Request(input, init));
      seen.push({
        url: input instanceof Request ? input.url : input.toString(),
        status: response.status,
      });
      return response;
    },
    ...more,
  });
  return { client, seen };
}

test("EDG3: a client looks up, reads, and is not sent again what it has", async () => {
  expect(TYPES_AGREE).not.toContain(false);
  await adaBuys();
  const { client, seen } = connect();
  const found = await client.lookup({ email: "ADA@example.com" });
  expect(found).toMatchObject({ customer: ada, profile: { identity: { givenName: "Ada" } } });
  expect(await client.lookup({ email: "nobody@example.com" })).toBeNull();
  const first = await client.read(ada, { fields: ["purchases"] });
  expect(await client.read(ada, { fields: ["purchases"] })).toEqual(first);
  expect(seen.slice(-2).map(({ status }) => status)).toEqual([200, 304]);
  expect((await client.read(ada, { lineage: true })).lineage?.["identity"]).toBeDefined();
  expect((await client.purchases(ada)).purchases.recent).toHaveLength(1);
  expect((await client.preferences(ada)).preferences).toEqual({ language: null, traits: {} });
  expect((await client.loyalty(ada)).loyalty.programs).toEqual({});
  const kinds: string[] = [];
  for await (const { kind } of client.timeline(ada, { limit: 1 })) kinds.push(kind);
  expect(kinds).toEqual(["sale", "claim"]);
  expect(seen.filter(({ url }) => /ada|example\.com/i.test(url.replace("edge.test", "")))).toEqual(
    [],
  );
});

test("EDG3: a client follows a profile over losses of the line and redirects, and misses nothing in the end", async () => {
  const till = await adaBuys();
  const { client, seen } = connect();
  const over = new AbortController();
  const sums: (number | string)[] = [];
  const follow = (async () => {
    for await (const live of client.live(ada, { signal: over.signal })) {
      if (live.event === "redirect") sums.push("redirect");
      else sums.push(live.customer.profile.purchases?.totals["GBP"]?.minor ?? 0);
    }
  })();
  const reached = (value: number | string) =>
    until(
      () => Promise.resolve(sums),
      (all) => all.at(-1) === value,
    );
  await reached(100);
  await buys(till, 20);
  await reached(120);
  await applyDecisions(wholeEdge(env), [{ kind: "redirect", from: ada, to: customerIdOf(email) }]);
  await reached(120);
  await until(
    () => Promise.resolve(seen.filter(({ url }) => url.includes("/live"))),
    (streams) => streams.length >= 2,
  );
  await buys(till, 3);
  await reached(123);
  expect(sums).toContain("redirect");
  over.abort();
  await follow;
});

test("SEC2: what is refused is an error with a reason, and names no value", async () => {
  await adaBuys();
  await registryStub(env).putAccount(accountOf("the-app", "app"));
  const { client } = connect("not-a-token-of-anybody");
  const refused = await client.read(ada).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(RegularsError);
  expect(refused).toMatchObject({ reason: "unauthorized", status: 401 });
  const idp = await provider();
  const mine = connect(await idp.tokenOf({ sub: "ada" })).client;
  const bad = await mine.claim("me", { claims: {} }).catch((error: unknown) => error);
  expect(bad).toMatchObject({ reason: "invalid_field" });
  const said = { purpose: "marketing", channel: "app", state: "granted" } as const;
  const once = await mine.consent("me", said, { idempotencyKey: "switch-1" });
  expect(await mine.consent("me", said, { idempotencyKey: "switch-1" })).toEqual(once);
});

test("EDG5: a client that is asked to wait does so, and gives up after its last try", async () => {
  const waits: number[] = [];
  let calls = 0;
  const { client } = connect(CENTRE, {
    wait: (ms: number) => {
      waits.push(ms);
      return Promise.resolve();
    },
    fetch: () => {
      calls += 1;
      const headers = { "retry-after": "7" };
      return Promise.resolve(Response.json({ reason: "overloaded" }, { status: 429, headers }));
    },
  });
  const error = await client.read("me").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ reason: "overloaded", retryAfterMs: 7_000 });
  expect(calls).toBe(3);
  for (const ms of waits) expect(ms).toBeGreaterThanOrEqual(7_000);
});

test("SYN10: every reason that the profile API may give is one that the client knows, at addresses that are described", async () => {
  // What the centre compares is not for apps.
  const routes = DESCRIBED.filter(
    ({ tag, action }) => tag === "Customers" && action !== "profile.stored",
  );
  for (const { problems } of routes)
    for (const reason of problems) expect(REASONS).toContain(reason);
  const { client, seen } = connect("nobody", { attempts: 1 });
  const all = [
    client.lookup({ email: "x@example.com" }),
    client.read("me"),
    client.timelinePage("me"),
    client.purchases("me"),
    client.loyalty("me"),
    client.preferences("me"),
    client.consents("me"),
    client.claim("me", {}),
    client.consent("me", { purpose: "service", channel: "any", state: "granted" }),
    client.live("me").next(),
  ];
  await Promise.allSettled(all);
  const asked = new Set(seen.map(({ url }) => new URL(url).pathname.replace("/me", "/:customer")));
  expect(asked).toEqual(new Set(routes.map(({ path }) => path)));
});
