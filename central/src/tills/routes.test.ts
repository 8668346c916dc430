import { problemOf } from "@regulars/shared/problem";
import { expect, test } from "vitest";
import { EDGE, openTestApp, PERSON } from "../testing/app.ts";
import type { EdgeAnswer } from "./routes.ts";

const CODE = { code: "AAAA-BBBB-CCCC-DDDD-EEEE", expiresAt: "2026-01-05T09:15:00.000Z" };

async function open(answer: () => Promise<EdgeAnswer>) {
  const asked: unknown[] = [];
  const central = await openTestApp({
    askEdge: (...call) => {
      asked.push(call);
      return answer();
    },
  });
  return { central, asked };
}

test("SEC1: head office lets a till in and shuts it out, and the edge does it", async () => {
  const answers: EdgeAnswer[] = [
    { status: 201, json: CODE },
    { status: 200, json: { tills: [] } },
    { status: 204, json: null },
    { status: 404, json: problemOf("unknown_till") },
  ];
  const { central, asked } = await open(() => Promise.resolve(answers.shift()!));
  const made = await central.post(
    "/v1/tills/enrolments",
    { source: "till-1", store: "one" },
    PERSON,
  );
  expect([made.status, await made.json()]).toEqual([201, CODE]);
  expect(await (await central.get("/v1/tills", PERSON)).json()).toEqual({ tills: [] });
  const revoke = () =>
    central.app.request("/v1/tills/till-1", { method: "DELETE", headers: PERSON });
  expect((await revoke()).status).toBe(204);
  expect(await (await revoke()).json()).toMatchObject({ reason: "unknown_till" });
  expect(asked).toEqual([
    ["POST", "/v1/tills/enrolments", { source: "till-1", store: "one" }],
    ["GET", "/v1/tills"],
    ["DELETE", "/v1/tills/till-1"],
    ["DELETE", "/v1/tills/till-1"],
  ]);
  await central.close();
});

test("SEC4: tills are let in and shut out by a person, not by whoever has the edge's token", async () => {
  const { central, asked } = await open(() => Promise.resolve({ status: 204, json: null }));
  for (const headers of [EDGE, {}]) {
    const made = await central.post(
      "/v1/tills/enrolments",
      { source: "till-1", store: "one" },
      headers,
    );
    const gone = await central.app.request("/v1/tills/till-1", { method: "DELETE", headers });
    expect([made.status, gone.status]).toEqual([401, 401]);
  }
  expect(asked).toEqual([]);
  await central.close();
});

test("an edge that is away, or does not know this centre, is told as one that cannot be reached", async () => {
  const refusing = await open(() =>
    Promise.resolve({ status: 401, json: problemOf("unauthorized") }),
  );
  const away = await open(() => Promise.reject(new TypeError("fetch failed")));
  for (const { central } of [refusing, away]) {
    const answer = await central.get("/v1/tills", PERSON);
    expect([answer.status, await answer.json()]).toMatchObject([503, { reason: "unreachable" }]);
    await central.close();
  }
});
