/** Routes of tills: becoming one, proving to be one, and no longer being one. */
import { Hono } from "hono";
import { LIMITS } from "@regulars/shared/limits";
import { problemOf } from "@regulars/shared/problem";
import { enrolSchema, tokenAskSchema } from "@regulars/shared/protocol/enrol";
import { digestHex } from "../access/api-key.ts";
import { open, permit, type PermittedEnv } from "../access/permit.ts";
import {
  isOwnChallenge,
  isSignedBy,
  newChallenge,
  newTillToken,
  readAssertion,
} from "../access/till-token.ts";
import type { Env } from "../environment.ts";
import { UNPACKS } from "../json-response.ts";
import { problemResponse } from "../problem-response.ts";
import { readBody } from "../read-body.ts";
import { inboxOf, registryStub } from "../stubs.ts";
import { newEnrolmentCode, plainCode } from "./enrolment-code.ts";
import { askForStranger, askRegistry, forgetRegistry } from "./known.ts";
import { enrolmentInputSchema } from "./port.ts";

export const tillRoutes = new Hono<PermittedEnv>()
  .get("/", permit("tills.manage"), async (context) =>
    context.json({ tills: await askRegistry(() => registryStub(context.env).tills()) }),
  )
  .post("/enrolments", permit("tills.manage"), async (context) => {
    const body = await readBody(context.req.raw, enrolmentInputSchema);
    if (!body.ok) return problemResponse(body.reason);
    const code = newEnrolmentCode();
    const digest = await digestHex(plainCode(code));
    const expiresMs = await askRegistry(() =>
      registryStub(context.env).addEnrolment(body.value, digest),
    );
    return context.json({ code, expiresAt: new Date(expiresMs).toISOString() }, 201);
  })
  .delete("/:source", permit("tills.manage"), async (context) => {
    const source = context.req.param("source");
    const places = await askRegistry(() => registryStub(context.env).revoke(source));
    forgetRegistry();
    if (!places) return problemResponse(problemOf("unknown_till"));
    await endPokes(context.env, source, places);
    return context.body(null, 204);
  })
  .post("/enrol", open(), async (context) => {
    const body = await readBody(context.req.raw, enrolSchema);
    if (!body.ok) return problemResponse(body.reason);
    const { code, publicKey, source, store } = body.value;
    const codeDigest = await digestHex(plainCode(code));
    const answer = await askForStranger(() =>
      registryStub(context.env).enrol({ codeDigest, publicKey, source, store }),
    );
    forgetRegistry();
    if (!answer) return problemResponse(problemOf("bad_code"));
    await endPokes(context.env, source, answer);
    return context.json({ source, store }, 201);
  })
  .post("/challenge", open(), async (context) =>
    context.json({ nonce: await newChallenge(context.env, Date.now()) }),
  )
  .post("/token", open(), async (context) => {
    const body = await readBody(context.req.raw, tokenAskSchema);
    if (!body.ok) return problemResponse(body.reason);
    return tokenResponse(context.env, body.value.assertion);
  });

async function tokenResponse(env: Env, assertion: string): Promise<Response> {
  const said = readAssertion(assertion);
  if (!said || !(await isOwnChallenge(env, said.nonce))) {
    return problemResponse(problemOf("unauthorized"));
  }
  const till = await askForStranger(() => registryStub(env).tillOf(said.iss));
  if (!till || !(await isSignedBy(till.publicKey, assertion))) {
    return problemResponse(problemOf("not_enrolled"));
  }
  if (till.revoked) return problemResponse(problemOf("revoked"));
  if (till.store !== said.store) return problemResponse(problemOf("not_enrolled"));
  const nowMs = Date.now();
  const token = await newTillToken(env, { till, epoch: said.epoch }, nowMs);
  await askRegistry(() => registryStub(env).seen(till.source));
  const expiresAt = new Date(nowMs + LIMITS.tillTokenMs).toISOString();
  const answer = { token, expiresInMs: LIMITS.tillTokenMs, expiresAt };
  return Response.json(answer, { headers: UNPACKS });
}

/** Whoever listens there under a key that no longer counts. */
async function endPokes(env: Env, source: string, stores: readonly string[]): Promise<void> {
  await askRegistry(() => Promise.all(stores.map((store) => inboxOf(env, store).endPokes(source))));
}
