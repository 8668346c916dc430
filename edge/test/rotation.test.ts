/** Secrets of the edge while they are changed, and an edge that lacks one. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { authenticate } from "../src/access/authenticate.ts";
import {
  isOwnChallenge,
  newChallenge,
  newTillToken,
  readTillToken,
} from "../src/access/till-token.ts";
import { app } from "../src/app.ts";
import type { Env } from "../src/environment.ts";

const NEW = "another secret of sixteen or more";
const before: Env = env;
const during: Env = {
  ...env,
  REGULARS_EDGE_SECRET: NEW,
  REGULARS_EDGE_SECRET_ALSO: env.REGULARS_EDGE_SECRET,
};
const after: Env = { ...env, REGULARS_EDGE_SECRET: NEW, REGULARS_EDGE_SECRET_ALSO: "" };

const till = {
  source: "till-1",
  store: "store-1",
  publicKey: "key",
  revoked: false,
  formerStores: [],
};

test("SEC1: while the edge's secret is changed, a till's token and an open question of the old one count, and new ones are the new one's", async () => {
  const nowMs = Date.now();
  const tokenOf = (at: Env) => newTillToken(at, { till, epoch: 1 }, nowMs);
  const old = await tokenOf(before);
  expect(await readTillToken(during, old)).toMatchObject({ sub: "till-1" });
  expect(await readTillToken(after, old)).toBeNull();
  expect(await readTillToken(after, await tokenOf(during))).toMatchObject({ sub: "till-1" });
  const question = await newChallenge(before, nowMs);
  expect([await isOwnChallenge(during, question), await isOwnChallenge(after, question)]).toEqual([
    true,
    false,
  ]);
});

test("SEC1: while the centre's token is changed, either one is the centre's, and after it the old one is nobody's", async () => {
  const old = env.REGULARS_CENTRAL_TOKEN;
  const at = (also?: string): Env => ({
    ...env,
    REGULARS_CENTRAL_TOKEN: NEW,
    ...(also === undefined ? {} : { REGULARS_CENTRAL_TOKEN_ALSO: also }),
  });
  for (const [where, token, isCentre] of [
    [at(old), old, true],
    [at(old), NEW, true],
    [at(), NEW, true],
    [at(), old, false],
    [at(""), "", false],
  ] as const) {
    expect((await authenticate(where, token)).ok).toBe(isCentre);
  }
});

test("SEC2 SEC4: an edge that lacks a setting answers nothing, and says in one sentence which one", async () => {
  for (const name of [
    "REGULARS_PEPPER",
    "REGULARS_CENTRAL_TOKEN",
    "REGULARS_EDGE_SECRET",
    "CENTRAL_URL",
  ] as const) {
    const { [name]: _, ...lacking } = env;
    const headers = { authorization: `Bearer ${env.REGULARS_CENTRAL_TOKEN}` };
    for (const path of ["/health", "/v1/status"]) {
      const answer = await app.request(path, { headers }, lacking as Env);
      expect([answer.status, await answer.json()]).toMatchObject([
        503,
        {
          reason: "not_set_up",
          detail: `The edge is not configured: ${name} is missing or not valid.`,
        },
      ]);
    }
  }
  const short = { ...env, REGULARS_EDGE_SECRET: "too short" };
  expect(await (await app.request("/health", {}, short)).text()).not.toContain("too short");
});
