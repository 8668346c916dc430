/** Routes of the store agents: push, pull, and the socket on which they are told to pull. */
import { Hono } from "hono";
import { sourceIdSchema, storeIdSchema } from "@regulars/shared/ids";
import { problemOf, zodErrorToProblem } from "@regulars/shared/problem";
import { pullSchema } from "@regulars/shared/protocol/pull";
import { pushSchema } from "@regulars/shared/protocol/push";
import { z } from "zod";
import { mayListen, mayPull, mayPush } from "../access/bounds.ts";
import { tokenIn } from "../access/credentials.ts";
import { permit, type PermittedEnv } from "../access/permit.ts";
import { proofOf } from "../access/proof.ts";
import { PROOF_HEADER } from "../inbox/pokes.ts";
import { problemResponse } from "../problem-response.ts";
import { readBody } from "../read-body.ts";
import { messageResponse } from "../json-response.ts";
import { inboxOf } from "../stubs.ts";
import { yielding } from "../yielding.ts";
import { overloadedResponse } from "./receive-items.ts";

const pokeSchema = z.object({ store: storeIdSchema, source: sourceIdSchema });

/** The token is of another till, store or epoch than the message (SEC1). */
const forbidden = (): Response => problemResponse(problemOf("forbidden"));

export const ingestRoutes = new Hono<PermittedEnv>()
  .post("/push", permit("till.push"), async (context) => {
    const push = await yielding.arriving(() => readBody(context.req.raw, pushSchema));
    if (!push.ok) return problemResponse(push.reason);
    if (!mayPush(context.var.caller, push.value)) return forbidden();
    const inbox = inboxOf(context.env, push.value.store);
    const answer = await yielding.pushing(() => inbox.push(push.value), push.value.items.length);
    if (!answer) return overloadedResponse();
    return messageResponse(answer);
  })
  .post("/pull", permit("till.pull"), async (context) => {
    const pull = await readBody(context.req.raw, pullSchema);
    if (!pull.ok) return problemResponse(pull.reason);
    if (!mayPull(context.var.caller, pull.value)) return forbidden();
    const answer = await inboxOf(context.env, pull.value.store).pull(pull.value);
    return messageResponse(answer, context.req.raw);
  })
  .get("/poke", permit("till.poke"), async (context) => {
    const query = pokeSchema.safeParse(context.req.query());
    if (!query.success) return problemResponse(zodErrorToProblem(query.error));
    if (!mayListen(context.var.caller, query.data)) return forbidden();
    if (context.req.header("upgrade") !== "websocket") {
      return context.text("This address speaks WebSocket only.", 426);
    }
    const headers = new Headers(context.req.raw.headers);
    const proof = await proofOf(context.env, tokenIn(headers) ?? "");
    headers.delete("authorization");
    headers.set(PROOF_HEADER, JSON.stringify(proof));
    const request = new Request(context.req.raw, { headers });
    return inboxOf(context.env, query.data.store).fetch(request);
  });
