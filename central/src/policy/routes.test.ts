import { customerIdOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { DEFAULT_POLICY, type Policy } from "@regulars/shared/survivorship/policy";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestApp, PERSON, type TestApp } from "../testing/app.ts";
import { crowd, keyOfPerson } from "../testing/people.ts";
import { decisionsOf } from "../testing/state.ts";
import { fragmentsOf } from "../testing/till.ts";

const OLDEST: Policy = {
  ...DEFAULT_POLICY,
  version: 2,
  fields: { givenName: { strategy: "oldest" } },
};

let central: TestApp;
beforeEach(async () => {
  central = await openTestApp();
  await central.post("/v1/intake/fragments", fragmentsOf(crowd(4)));
});
afterEach(() => central.close());

const get = async (path: string) => {
  const answer = await central.get(path, PERSON);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const post = async (path: string, message: unknown) => {
  const answer = await central.post(path, message, PERSON);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

test("GLD1 a policy is tried, published once, and in force when it is answered", async () => {
  expect((await get("/v1/policy")).body).toMatchObject({ policy: DEFAULT_POLICY, by: null });
  expect((await get("/v1/policy/progress")).body).toEqual({ progress: null });
  const tried = await post("/v1/policy/dry-run?samples=2", { policy: OLDEST });
  const { samples, ...counts } = tried.body;
  expect(counts).toEqual({
    customers: 4,
    changed: 4,
    fields: { givenName: { values: 2, lineage: 2 } },
  });
  const expected = [1, 2].map((at) => ({
    customer: customerIdOf(keyOfPerson(at)),
    field: "givenName",
    before: { event: `till-2/1/${at}`, rule: "most_recent" },
    after: { event: `web/1/${at + 1}`, rule: "oldest" },
  }));
  expect(samples).toEqual(expected.toSorted((a, b) => (a.customer < b.customer ? -1 : 1)));
  const published = await post("/v1/policy", { policy: OLDEST, by: "head office" });
  expect(published).toEqual({ status: 201, body: { version: 2 } });
  await central.settled();
  expect((await get("/v1/policy")).body).toMatchObject({ policy: OLDEST, by: "head office" });
  expect((await get("/v1/policy/2")).body).toMatchObject({ policy: OLDEST });
  expect((await get("/v1/policy/1")).body).toMatchObject({ policy: DEFAULT_POLICY });
  expect((await get("/v1/policy/progress")).body).toMatchObject({
    progress: { version: 2, done: 4, changed: 4 },
  });
  expect(await decisionsOf(central.storage)).toContainEqual({ kind: "policy", policy: OLDEST });
  const again = await post("/v1/policy", { policy: OLDEST, by: "head office" });
  expect(again).toEqual({ status: 200, body: { version: 2 } });
  expect(central.errors).toEqual([]);
});

test("SEC2 a dry run names customers and events, and values only when it is asked for them", async () => {
  const silent = JSON.stringify((await post("/v1/policy/dry-run", { policy: OLDEST })).body);
  expect(silent).not.toMatch(/Joanna|Jo /);
  const open = await post("/v1/policy/dry-run?values=1", { policy: OLDEST });
  expect(JSON.stringify(open.body)).toMatch(/Joanna/);
});

test("GLD1 what is no policy, or not the next one, is refused with its reason", async () => {
  const refusals: [unknown, number, string][] = [
    [{ policy: { ...OLDEST, version: 7 }, by: "x" }, 409, "conflict"],
    [{ policy: { ...OLDEST, version: 1 }, by: "x" }, 409, "conflict"],
    [{ policy: OLDEST }, 422, "invalid_field"],
    [{ policy: { ...OLDEST, fallback: { strategy: "best" } }, by: "x" }, 422, "invalid_field"],
    [
      { policy: { ...OLDEST, groups: { a: ["email"], b: ["email"] } }, by: "x" },
      422,
      "invalid_field",
    ],
    ["{", 400, "malformed_json"],
    [{ policy: OLDEST, by: "x".repeat(LIMITS.policyBytes) }, 413, "too_large"],
  ];
  for (const [message, status, reason] of refusals) {
    expect(await post("/v1/policy", message)).toMatchObject({ status, body: { reason } });
  }
  for (const path of ["/v1/policy/2", "/v1/policy/x", "/v1/policy/0"]) {
    expect(await get(path)).toMatchObject({ status: 404, body: { reason: "unknown_version" } });
  }
  expect(await post("/v1/policy/dry-run?samples=101", { policy: OLDEST })).toMatchObject({
    status: 422,
  });
  expect(central.errors).toEqual([]);
});

test("SEC4 nobody sees or changes a policy without a token", async () => {
  for (const path of ["/v1/policy", "/v1/policy/progress", "/v1/policy/1"]) {
    expect((await central.get(path, {})).status).toBe(401);
  }
  const message = { policy: OLDEST, by: "x" };
  for (const path of ["/v1/policy", "/v1/policy/dry-run"]) {
    expect((await central.post(path, message, { "x-nobody": "1" })).status).toBe(401);
  }
  expect((await get("/v1/policy")).body).toMatchObject({ policy: DEFAULT_POLICY });
});

test("GLD1 the history says when and why, and the difference of two versions says what", async () => {
  await post("/v1/policy", { policy: OLDEST, by: "head office" });
  await central.settled();
  const id = customerIdOf(keyOfPerson(1));
  expect((await get(`/v1/customers/${id}/history`)).body).toMatchObject({
    customer: id,
    more: false,
    versions: [
      { version: 2, cause: { kind: "policy", version: 2 }, fields: ["givenName"], keys: false },
      {
        version: 1,
        cause: { kind: "event", event: "till-2/1/1" },
        fields: ["givenName", "familyName", "language"],
        keys: true,
        consents: false,
      },
    ],
  });
  expect((await get(`/v1/customers/${id}/history?limit=1`)).body).toMatchObject({ more: true });
  const { body } = await get(`/v1/customers/${id}/history/1/2`);
  expect(body).toMatchObject({
    fields: [
      {
        field: "givenName",
        change: "value",
        before: { value: "Jo 1", rule: "most_recent" },
        after: { value: "Joanna 1", rule: "oldest" },
      },
    ],
    keys: { added: [], removed: [] },
    consents: [],
  });
  for (const [path, status] of [
    [`/v1/customers/${id}/history/1/3`, 404],
    [`/v1/customers/${id}/history/0/2`, 422],
    [`/v1/customers/${id}/history?limit=0`, 422],
    ["/v1/customers/nobody/history", 404],
    [`/v1/customers/${customerIdOf(keyOfPerson(99))}/history`, 404],
  ] as const) {
    expect((await get(path)).status).toBe(status);
  }
});

test("GLD1 the customer page shows what each version changed and why", async () => {
  await post("/v1/policy", { policy: OLDEST, by: "head office" });
  await central.settled();
  const response = await central.page(`/customers/${customerIdOf(keyOfPerson(1))}`);
  const page = await response.text();
  expect(page).toContain("Given name: Jo 1 → Joanna 1");
  expect(page).toContain("by policy 2");
  expect(page).toContain("with till-2 #1");
});
