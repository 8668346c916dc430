import { rowsOf } from "@regulars/shared/storage/port";
import { problemOf } from "@regulars/shared/problem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { EdgeAnswer } from "../../tills/routes.ts";
import { NOON_MS, openTestApp, type TestApp } from "../../testing/app.ts";
import { emptyDatabase } from "../../testing/database.ts";
import { walksOfAll } from "../../testing/queries.ts";
import { createTill, eventsOf } from "../../testing/till.ts";
import type { EdgeSight } from "../../watch/edge-watch.ts";
import { readAside, readSource, readSources } from "./read-sources.ts";

const terminal = {
  epoch: 1,
  closed: false,
  accepted: 1,
  golden: 1,
  notGoldenSinceMs: null,
  lastSeenMs: NOON_MS,
  clockOffsetMs: 200,
  forks: 0,
  fenced: 0,
};
const till = { enrolledAt: "2026-01-01T09:00:00.000Z", revokedAt: null, seenAt: null };

const ANSWERS: Readonly<Record<string, object>> = {
  "/v1/status": {
    stores: [
      {
        store: "store-1",
        terminals: [
          { ...terminal, source: "till-1", protocol: 4, schema: 5 },
          { ...terminal, source: "till-2", clockOffsetMs: -180_000 },
        ],
        quarantined: {},
      },
    ],
    shards: [],
  },
  "/v1/tills": {
    tills: [
      { ...till, source: "till-1", store: "store-1" },
      { ...till, source: "till-2", store: "store-1" },
      { ...till, source: "till-9", store: "store-2" },
    ],
  },
  "/v1/accounts": {
    accounts: [
      {
        id: "web-shop",
        kind: "shopify",
        shop: "web-uk",
        channel: "web",
        keys: [{ expiresAt: "2026-11-01T00:00:00.000Z", usedDay: null }],
      },
    ],
  },
};

const asked: unknown[] = [];
let decide: () => Promise<EdgeAnswer>;
let central: TestApp;
beforeAll(async () => {
  central = await openTestApp({
    askEdge: (method, path, body) => {
      if (method === "GET") return Promise.resolve({ status: 200, json: ANSWERS[path] ?? null });
      asked.push({ method, path, body });
      return decide();
    },
  });
});
afterAll(() => central.close());
beforeEach(async () => {
  asked.length = 0;
  decide = () => Promise.reject(new Error("away"));
  await emptyDatabase(central.storage);
});

const text = async (path: string): Promise<string> => {
  const response = await central.page(path);
  expect(response.status).toBe(200);
  return response.text();
};

async function seed(): Promise<void> {
  for (const source of ["till-1", "till-2"]) {
    const one = createTill(source);
    one.sale(100, [], NOON_MS - 60_000);
    await central.post("/v1/intake/events", eventsOf("store-1", [one.captured[0]!.item]));
  }
  const copy = createTill("till-1");
  copy.sale(77, [], NOON_MS - 60_000);
  await central.post("/v1/intake/events", eventsOf("store-1", [copy.captured[0]!.item]));
  await central.looked();
}

test("SYN6 Sources says of each till and connector how it stands, the worst first", async () => {
  await seed();
  const page = await text("/sources");
  const names = [...page.matchAll(/<th scope="row"><a href="\/sources\/([\w-]+)"/g)];
  expect(names.map(([, name]) => name)).toEqual(["till-1", "till-2", "web-shop", "till-9"]);
  for (const words of [
    "1 fork refused",
    "Its clock is 3 min behind",
    "1 key expired",
    "Connector, shopify",
    "Let in, and nothing sent yet",
    "5 (4)",
  ]) {
    expect(page).toContain(words);
  }
  expect(await text("/sources?show=connectors")).not.toContain('href="/sources/till-1"');
  expect(await text("/sources?find=store-2")).toContain('href="/sources/till-9"');
  const one = await text("/sources/till-1");
  expect(one).toContain("Fork");
  expect(one).toContain('href="/sources/till-1/revoke"');
  expect((await central.page("/sources/till-77")).status).toBe(404);
});

test("every table of Sources is a file", async () => {
  await seed();
  const file = await (await central.page("/sources?csv=sources")).text();
  expect(file).toContain("till-2,store-1,Till,its clock is 3 min behind");
  const epochs = await (await central.page("/sources/till-1?csv=epochs")).text();
  expect(epochs).toContain("1,store-1,1,");
  expect(await (await central.page("/sources/till-1?csv=aside")).text()).toContain(",fork,");
});

test("SEC4 a till is let in by a code that is shown once, and the audit tells of it without the code", async () => {
  const person = await central.signIn("operations");
  decide = () =>
    Promise.resolve({
      status: 201,
      json: { code: "K7QF-M2XA", expiresAt: "2026-11-21T12:15:00.000Z" },
    });
  const made = await person.post("/sources/enrol", { source: "till-5", store: "store-1" });
  expect(made.status).toBe(200);
  expect(made.headers.get("cache-control")).toBe("no-store");
  expect(await made.text()).toContain("K7QF-M2XA");
  expect(asked).toEqual([
    {
      method: "POST",
      path: "/v1/tills/enrolments",
      body: { source: "till-5", store: "store-1" },
    },
  ]);
  const told = await rowsOf(
    central.storage,
    "select by, target, detail from audit where action = 'tills.manage' order by n",
  );
  expect(told).toMatchObject([{ by: person.id, target: "till-5" }, { target: "till-5" }]);
  expect(JSON.stringify(told)).not.toContain("K7QF");
  expect(told[1]?.["detail"]).toContain('"step":"done"');
});

test("what cannot be a name, and an edge that is away, are said beside the form, which keeps what was typed", async () => {
  const person = await central.signIn("operations");
  const bad = await person.post("/sources/enrol", { source: "Till 5", store: "store-1" });
  expect(bad.status).toBe(422);
  const form = await bad.text();
  expect(form).toContain('value="Till 5"');
  expect(form).toContain('id="source-error"');
  expect(asked).toEqual([]);
  const away = await person.post("/sources/enrol", { source: "till-5", store: "store-1" });
  expect(away.status).toBe(503);
  expect(await away.text()).toContain("The edge cannot be reached at the moment");
});

test("SEC4 a till is shut out after a question, by those who may", async () => {
  await seed();
  const person = await central.signIn("operations");
  expect(await (await person.get("/sources/till-1/revoke")).text()).toContain("Shut out till-1?");
  decide = () => Promise.resolve({ status: 204, json: null });
  const done = await person.post("/sources/till-1/revoke");
  expect(done.status).toBe(303);
  expect(done.headers.get("location")).toBe("/sources?revoked=till-1");
  expect(asked).toMatchObject([{ method: "DELETE", path: "/v1/tills/till-1" }]);
  expect(await text("/sources?revoked=till-1")).toContain("till-1 is shut out");
  decide = () => Promise.resolve({ status: 404, json: problemOf("unknown_till") });
  const unknown = await person.post("/sources/till-77/revoke");
  expect(await unknown.text()).toContain("The edge knows no till by this name");
  const reader = await central.signIn("read_only");
  expect(await (await reader.get("/sources")).text()).not.toContain("/sources/enrol");
  expect((await reader.get("/sources/enrol")).status).toBe(403);
  expect((await reader.post("/sources/till-1/revoke")).status).toBe(403);
});

test("sources are read by index", async () => {
  const sight: EdgeSight = {
    stores: new Map(),
    tills: [],
    accounts: [],
    seenMs: null,
    awaySinceMs: null,
  };
  const { storage } = central;
  // One row per till and epoch: all of them are on the page.
  const allowed = ["w", "writer", "(subquery-1)"];
  const walks = [
    await walksOfAll(storage, (spied) => readSources(spied, sight, NOON_MS), allowed),
    await walksOfAll(
      storage,
      (spied) => readSource(spied, "till-1", { sight, nowMs: NOON_MS }),
      allowed,
    ),
    await walksOfAll(storage, (spied) => readAside(spied, "till-1")),
  ];
  expect(walks.flat()).toEqual([]);
});
