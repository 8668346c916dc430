import { evictDurableObject, reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { LIMITS } from "@regulars/shared/limits";
import { intakeOf } from "../../src/stubs.ts";
import { CENTRE } from "../callers.ts";
import { inbox, until } from "../settle.ts";
import { keysOf, openTill, sale } from "../till.ts";
import { desk, failedItems, keyOf, profileOf, putAccount, send } from "./connect.ts";

afterEach(() => reset());

const anna = keysOf({ email: "anna@example.com" })[0]!;
const AT = "2026-01-05T10:00:00Z";
const paid = (no: string, more: object = {}) => ({
  kind: "order",
  key: `order:${no}@1`,
  at: AT,
  ids: [no],
  revision: 1,
  state: "paid",
  currency: "GBP",
  lines: [{ sku: "A", quantity: "1", amountMinor: 2500 }],
  customer: { email: "anna@example.com" },
  ...more,
});

const event = (id: string, data: object) => ({
  specversion: "1.0",
  id,
  source: "/erp",
  type: "regulars.capture.order",
  time: AT,
  datacontenttype: "application/json",
  data,
});

/** A shop for each test: what was on its way when the edge was reset reaches none of the others. */
async function bearer(id: string): Promise<Record<string, string>> {
  await putAccount(id, { kind: "events", shop: `${id}-shop` });
  return { authorization: `Bearer ${await keyOf(id, ["events"])}` };
}
const totalsOf = async () => (await profileOf(anna))?.totals["GBP"];

test("ING1: CloudEvents, one or many, with attributes in the body or in headers, become what they say", async () => {
  const auth = await bearer("cloud");
  const one = await send("/v1/events", JSON.stringify(event("1", paid("1"))), {
    ...auth,
    "content-type": "application/cloudevents+json",
  });
  expect(one).toMatchObject({ status: 200, json: { accepted: 1, failed: [] } });
  const many = await send(
    "/v1/events",
    JSON.stringify([event("2", paid("2")), event("1", paid("1"))]),
    {
      ...auth,
      "content-type": "application/cloudevents-batch+json",
    },
  );
  expect(many.json).toMatchObject({ accepted: 1, duplicates: 1 });
  const binary = await send("/v1/events", JSON.stringify(paid("3")), {
    ...auth,
    "content-type": "application/json",
    "ce-specversion": "1.0",
    "ce-id": "3",
    "ce-source": "/erp",
    "ce-type": "regulars.capture.order",
  });
  expect(binary.json).toMatchObject({ accepted: 1 });
  await until(totalsOf, (totals) => totals?.sales === 3);
});

test("SYN6: lines of an import are taken one by one, with what its reader could not use", async () => {
  const auth = await bearer("files");
  const raw = btoa("R1;broken");
  const lines = [
    JSON.stringify(paid("1")),
    '{"kind":"order"',
    JSON.stringify({
      key: "row 7",
      failed: { code: "bad_money", field: "price", detail: "Line 7." },
      raw,
    }),
  ].join("\n");
  const answer = await send("/v1/import/csv", lines, {
    ...auth,
    "content-type": "application/x-ndjson",
  });
  expect(answer).toMatchObject({
    status: 200,
    json: {
      accepted: 3,
      failed: [
        { line: 2, code: "not_json" },
        { line: 3, code: "bad_money" },
      ],
    },
  });
  await until(totalsOf, (totals) => totals?.sales === 1);
  const failed = await failedItems();
  const kept = failed.find(({ code }) => code === "bad_money")!;
  expect(await desk(`/items/${kept.item}`)).toMatchObject({
    body: raw,
    topic: "csv",
    field: "price",
  });
  const cut = failed.find(({ code }) => code === "not_json")!;
  const centre = { authorization: `Bearer ${CENTRE}` };
  const replay = async (body: object) =>
    (await send("/v1/intake/replay", JSON.stringify(body), centre)).json;
  const nothing = { replayed: 0, kept: 1, more: false, next: null };
  for (const ask of [{ item: kept.item }, { like: kept.item, approve: true }]) {
    expect(await replay(ask)).toEqual({ ...nothing, reasons: { bad_money: 1 }, setAside: 1 });
  }
  expect(await replay({ item: cut.item })).toEqual({
    ...nothing,
    reasons: { not_json: 1 },
    setAside: 0,
  });
  const after = (await failedItems()).find(({ item }) => item === kept.item);
  expect(after).toEqual({ ...kept, ageMs: after?.ageMs, priority: after?.priority });
  expect(after?.words).toContain("Line 7.");
});

test("ING2: an order that two channels tell is one sale, and a till that is paid for it takes it over", async () => {
  await putAccount("shop", { kind: "events", trust: 7 });
  await putAccount("events", { kind: "segment", trust: 2 });
  const shop = { authorization: `Bearer ${await keyOf("shop", ["events"])}` };
  const events = { authorization: `Bearer ${await keyOf("events", ["events"])}` };
  const ndjson = { "content-type": "application/x-ndjson" };
  const less = paid("1001", { lines: [{ sku: "A", quantity: "1", amountMinor: 2000 }] });
  await send("/v1/events", JSON.stringify(less), { ...events, ...ndjson });
  await send("/v1/events", JSON.stringify(paid("#1001", { ids: ["gid-9", "#1001"] })), {
    ...shop,
    ...ndjson,
  });
  await until(totalsOf, (totals) => totals?.minor === 2500);
  expect(await totalsOf()).toEqual({ sales: 1, returns: 0, minor: 2500 });
  const till = openTill("till-1", "high-street");
  const { kind, body } = sale(2600) as { kind: "sale"; body: object };
  const pays = { kind, body: { ...body, order: "1001", shop: "web-uk" } } as ReturnType<
    typeof sale
  >;
  await inbox("high-street").push(till.push([till.capture([anna], pays)]));
  await until(totalsOf, (totals) => totals?.minor === 2600);
  expect(await totalsOf()).toEqual({ sales: 1, returns: 0, minor: 2600 });
});

const ITEM_OR_LIKE = {
  field: "item",
  reason: "is required where like is left out, and must be left out where like is given",
};

test("the desk lists, groups, reads anew and drops; a connector sees its own shop alone", async () => {
  const auth = await bearer("erp");
  await putAccount("erp", { kind: "events", shop: "erp-shop", rules: { maxTotalMinor: 100 } });
  const lines = ["1", "2", "3"].map((no) => JSON.stringify(paid(no))).join("\n");
  await send("/v1/events", lines, { ...auth, "content-type": "application/x-ndjson" });
  const failed = await until(failedItems, (items) => items.length === 3);
  const { groups } = (await desk("/groups")) as { groups: { items: number; like: string }[] };
  expect(groups).toMatchObject([{ items: 3, code: "rule", field: "lines", account: "erp" }]);
  const centre = { authorization: `Bearer ${CENTRE}` };
  const post = (path: string, body: object, headers = centre) =>
    send(`/v1/intake${path}`, JSON.stringify(body), headers);
  expect(await post("/drop", { item: failed[0]!.item, reason: "A test order" })).toMatchObject({
    status: 200,
  });
  const { item, like } = { item: failed[1]!.item, like: failed[2]!.item };
  for (const ask of [{}, { item, like }]) {
    expect((await post("/replay", ask)).json).toMatchObject({ errors: [ITEM_OR_LIKE] });
  }
  await putAccount("erp", { kind: "events", shop: "erp-shop", rules: {} });
  expect((await post("/replay", { like: failed[1]!.item })).json).toEqual({
    replayed: 2,
    kept: 0,
    reasons: {},
    setAside: 0,
    more: false,
    next: null,
  });
  await until(totalsOf, (totals) => totals?.sales === 2);
  await putAccount("elsewhere", { shop: "web-de" });
  const stranger = { authorization: `Bearer ${await keyOf("elsewhere", ["intake"])}` };
  expect((await post("/drop", { item: failed[0]!.item, reason: "x" }, stranger)).status).toBe(404);
  expect(await desk("/health")).toMatchObject({
    accounts: [{ account: "erp", shop: "erp-shop", failed: 0, waiting: 0 }],
  });
});

test("EDG5: what is too much is answered with 429 and when to come again, never so that a client drops it", async () => {
  const auth = await bearer("full");
  const ndjson = { ...auth, "content-type": "application/x-ndjson" };
  await send("/v1/events", JSON.stringify(paid("1")), ndjson);
  const intake = intakeOf(env, "full-shop");
  await runInDurableObject(intake, (_, { storage }) => {
    storage.sql.exec(
      `with recursive each (k) as (select 1 union all select k + 1 from each where k < ?)
       insert into received (account, key, format, topic, headers, received_ms, state, due_ms)
       select 'full', k, 'ndjson', '', '{}', 0, 'waiting', 9e15 from each`,
      LIMITS.intakeWaitingItems,
    );
  });
  await evictDurableObject(intake);
  const answer = await send("/v1/events", JSON.stringify(paid("2")), ndjson);
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  // Nothing was taken: sent again it is no duplicate.
  await runInDurableObject(intake, (_, { storage }) => {
    storage.sql.exec("delete from received where received_ms = 0");
  });
  await evictDurableObject(intake);
  expect((await send("/v1/events", JSON.stringify(paid("2")), ndjson)).json).toMatchObject({
    accepted: 1,
  });
});
