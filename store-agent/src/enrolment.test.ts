import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { problemOf, type ProblemReason } from "@regulars/shared/problem";
import { expect, onTestFinished, test } from "vitest";
import { NOON, sale, SETTINGS } from "../testing/settings.ts";
import { openStoreAgent } from "./open-store-agent.ts";

function no(reason: ProblemReason): Response {
  const problem = problemOf(reason);
  return Response.json(problem, { status: problem.status });
}

/** As an edge answers a till that it does not know, and whose code is none, or none any more. */
const answerOf = (path: string): Response => {
  if (path.endsWith("/challenge")) return Response.json({ nonce: "n" });
  return no(path.endsWith("/enrol") ? "bad_code" : "not_enrolled");
};

test.each([
  ["no code", {}, "not_enrolled", /this till is not enrolled \(since [\d:]+\): ask the office/],
  [
    "a code that was used",
    { enrolmentCode: "USED-CODE" },
    "bad_code",
    /the enrolment code was not accepted \(since [\d:]+\): it was used, has ended, or is for another till; ask the office for another one/,
  ],
] as const)(
  "SEC1: a till with %s says so",
  { timeout: 30_000 },
  async (_what, code, state, words) => {
    const dataDir = await mkdtemp(join(tmpdir(), "regulars-till-"));
    const agent = await openStoreAgent({
      ...SETTINGS,
      ...code,
      dataDir,
      edgeUrl: "https://edge.example",
      nowMs: () => NOON,
      fetch: async (input) => answerOf(input instanceof URL ? input.pathname : ""),
    });
    onTestFinished(async () => {
      await agent.close();
      await rm(dataDir, { recursive: true });
    });
    expect((await agent.capture(sale())).ok).toBe(true);
    const heard = async () => (await agent.status()).edge.state;
    await expect.poll(heard, { timeout: 20_000 }).toBe(state);
    const health = await agent.health();
    expect(health.ok).toBe(false);
    expect(health.words).toMatch(words);
  },
);
