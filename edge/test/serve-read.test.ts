import { reset, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import type { RegularsEvent } from "@regulars/shared/events/event";
import { customerIdOf } from "@regulars/shared/ids";
import { problemSchema } from "@regulars/shared/problem";
import { applyDecisions } from "../src/publish/apply-decisions.ts";
import { customerAnswerSchema } from "../src/serve/view-schema.ts";
import { profileStubOf } from "../src/stubs.ts";
import { wholeEdge } from "../src/whole-edge.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, sale } from "./till.ts";

afterEach(() => reset());

const [card = ""] = keysOf({ loyaltyNumber: "4711" });
const [email = ""] = keysOf({ email: "ada@example.com" });
const byCard = customerIdOf(card);
const byEmail = customerIdOf(email);

type Claims = Extract<RegularsEvent, { kind: "claim" }>["body"]["claims"];
const claim = (claims: Claims) => ({ kind: "claim" as const, body: { claims } });

const ADA: Claims = {
  givenName: "Ada",
  familyName: "Byron",
  email: "ada@example.com",
  phone: "+442079460018",
  birthDate: "1980-01-31",
  language: "en",
  address: { line1: "1 High St", city: "London", country: "GB" },
};

const get = (path: string, headers: Record<string, string> = {}, token?: string) =>
  exports.default.fetch(`https://edge.test/v1/customers/${path}`, {
    headers: { authorization: `Bearer ${token ?? env.REGULARS_CENTRAL_TOKEN}`, ...headers },
  });

const merged = (store: string, source: string, seq: number) =>
  until(
    () => pullAll(store, source),
    ({ marks }) => marks.merged >= seq,
  );

async function adaBuys() {
  const till = openTill("till-1", "one");
  await inbox("one").push(
    till.push([till.capture([card], claim(ADA)), till.capture([card], sale(450))]),
  );
  await merged("one", "till-1", 2);
  return till;
}

/** As the centre would say it: all is delivered, and the golden record holds it. */
async function delivered(customer: string, version: number) {
  await runInDurableObject(profileStubOf(env, customer), async (object, { storage }) => {
    await object.alarm?.();
    storage.sql.exec("delete from undelivered where customer = ?", customer);
    storage.sql.exec("update profile set golden_due = ? where customer = ?", version, customer);
  });
}

test("EDG3: a profile is answered in groups of plain values, with its version and how fresh it is", async () => {
  await adaBuys();
  const response = await get(byCard);
  expect(response.status).toBe(200);
  const answer = customerAnswerSchema.parse(await response.json());
  expect(answer).toMatchObject({
    customer: byCard,
    version: expect.any(Number) as number,
    golden: 0,
    freshness: { asOf: "2026-01-05T09:00:01.000Z", pending: ["golden"] },
    profile: {
      identity: { givenName: "Ada", familyName: "Byron", language: "en" },
      contact: { email: "ada@example.com", address: { line1: "1 High St" } },
      birth: { birthDate: "1980-01-31" },
      purchases: {
        totals: { GBP: { sales: 1, returns: 0, minor: 450 } },
        recent: [{ receipt: "r-450", store: "one", totalMinor: 450, items: ["tea"] }],
      },
    },
  });
  expect(answer.lineage).toBeUndefined();
});

test("EDG3: a view is read as it was stored, and made anew only where another build has written it", async () => {
  await adaBuys();
  const before = await (await get(byCard)).text();
  const sql = (statement: string) =>
    runInDurableObject(profileStubOf(env, byCard), (_object, { storage }) => {
      storage.sql.exec(statement);
    });
  await sql("update profile set json = 'spoilt'");
  expect(await (await get(byCard)).text()).toBe(before);
});

test("EDG3: a view of another build is made anew from the profile", async () => {
  await adaBuys();
  const before = await (await get(byCard)).text();
  for (const view of ["null", "'0\nsomething else'"]) {
    await runInDurableObject(profileStubOf(env, byCard), (_object, { storage }) => {
      storage.sql.exec(`update profile set view = ${view}`);
    });
    expect(await (await get(byCard)).text()).toBe(before);
  }
});

test("EDG3: whoever has a profile already is told so, until anything of it changes", async () => {
  const till = await adaBuys();
  const first = await get(byCard);
  const etag = first.headers.get("etag") ?? "";
  const again = await get(byCard, { "if-none-match": `"other", ${etag}` });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  expect(again.headers.get("etag")).toBe(etag);
  // Another selection is another answer.
  expect((await get(`${byCard}?fields=identity`, { "if-none-match": etag })).status).toBe(200);
  // Golden now: the same version of the profile, and not the same answer.
  await delivered(byCard, 0);
  const golden = await get(byCard, { "if-none-match": etag });
  expect(golden.status).toBe(200);
  expect(await golden.json()).toMatchObject({ freshness: { pending: [] } });
  await inbox("one").push(till.push([till.capture([card], sale(7))]));
  await merged("one", "till-1", 3);
  const changed = await get(byCard, { "if-none-match": golden.headers.get("etag") ?? "" });
  expect(await changed.json()).toMatchObject({
    profile: { purchases: { totals: { GBP: { minor: 457 } } } },
  });
});

test("EDG3: a profile is golden once the version that holds it is published, and not before", async () => {
  await adaBuys();
  const pending = async () =>
    customerAnswerSchema.parse(await (await get(byCard)).json()).freshness?.pending;
  expect(await pending()).toEqual(["golden"]);
  await delivered(byCard, 3);
  expect(await pending()).toEqual(["golden"]);
  await applyDecisions(wholeEdge(env), [{ kind: "golden", customer: byCard, version: 2 }]);
  expect(await pending()).toEqual(["golden"]);
  await applyDecisions(wholeEdge(env), [{ kind: "golden", customer: byCard, version: 3 }]);
  expect(await pending()).toEqual([]);
});

test("GLD1: lineage is told to whoever asks and may know it, for the groups that are shown", async () => {
  const till = await adaBuys();
  await inbox("one").push(till.push([till.capture([card], claim({ givenName: "Augusta" }))]));
  await merged("one", "till-1", 3);
  const answer = customerAnswerSchema.parse(
    await (await get(`${byCard}?fields=identity&lineage=true`)).json(),
  );
  expect(Object.keys(answer.profile)).toEqual(["identity"]);
  expect(Object.keys(answer.lineage ?? {})).toEqual(["identity"]);
  expect(answer.lineage?.["identity"]?.["givenName"]).toMatchObject({
    event: "till-1/1/3",
    source: "till-1",
    rule: "most_recent",
    losers: [],
  });
});

test("IDN7: a redirected id answers with the new one, and says which was asked for", async () => {
  await adaBuys();
  await applyDecisions(wholeEdge(env), [{ kind: "redirect", from: byCard, to: byEmail }]);
  const answer = customerAnswerSchema.parse(await (await get(byCard)).json());
  expect(answer).toMatchObject({ customer: byEmail, redirectedFrom: byCard });
  expect(customerAnswerSchema.parse(await (await get(byEmail)).json()).profile).toEqual(
    answer.profile,
  );
});

test("SEC4: fields that are unknown are refused by name, and an id that is nobody's is not found", async () => {
  await adaBuys();
  const refused = await get(`${byCard}?fields=identity,everything`);
  expect(refused.status).toBe(422);
  problemSchema.parse(await refused.json());
  expect((await get(byEmail)).status).toBe(404);
  expect((await get("somebody")).status).toBe(404);
  expect((await get(byCard, {}, "not-a-token-of-anybody")).status).toBe(401);
});

const readOfCard = async (path: string) => (await get(`${byCard}${path}`)).json();

test("CON2: a consent of years ago is shown with its own moment, wherever it is shown", async () => {
  const till = await adaBuys();
  const at = "2020-11-20T09:30:00.000Z";
  const consent = {
    kind: "consent" as const,
    body: { purpose: "marketing" as const, channel: "email" as const, state: "granted" as const },
    at,
  };
  await inbox("one").push(till.push([till.capture([card], consent)]));
  await merged("one", "till-1", 3);
  const view = { "marketing/email": { state: "granted", at } };
  expect(await readOfCard("?lineage=true")).toMatchObject({
    profile: { consents: view },
    lineage: { consents: { "marketing/email": { at, source: "till-1" } } },
  });
  expect(await readOfCard("/consents")).toMatchObject({ consents: view });
  expect(JSON.stringify(await readOfCard("/timeline"))).toContain(
    JSON.stringify({ kind: "consent", event: "till-1/1/3", at, name: "marketing/email" }).slice(
      0,
      -1,
    ),
  );
});

test("EDG3: purchases, loyalty, preferences and consents can be read one by one", async () => {
  const till = await adaBuys();
  const consent = {
    kind: "consent" as const,
    body: { purpose: "marketing" as const, channel: "email" as const, state: "granted" as const },
  };
  await inbox("one").push(till.push([till.capture([card], consent)]));
  await merged("one", "till-1", 3);
  const part = async (name: string) => (await get(`${byCard}/${name}`)).json();
  expect(await part("purchases")).toMatchObject({ purchases: { recent: [{ receipt: "r-450" }] } });
  expect(await part("preferences")).toMatchObject({ preferences: { language: "en", traits: {} } });
  expect(await part("consents")).toMatchObject({
    customer: byCard,
    freshness: { pending: ["golden"] },
    consents: { "marketing/email": { state: "granted" } },
  });
  expect(await part("loyalty")).toMatchObject({ loyalty: {} });
  const etag = (await get(`${byCard}/purchases`)).headers.get("etag") ?? "";
  expect((await get(`${byCard}/purchases`, { "if-none-match": etag })).status).toBe(304);
  expect((await get(`${byCard}/consents`, { "if-none-match": etag })).status).toBe(200);
});
