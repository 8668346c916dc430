/** Route of the centre: its decisions, applied. */
import { Hono } from "hono";
import { type PublishAnswer, publishSchema } from "@regulars/shared/protocol/publish";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { permit, type PermittedEnv } from "../access/permit.ts";
import { messageResponse } from "../json-response.ts";
import { problemResponse } from "../problem-response.ts";
import { readBody } from "../read-body.ts";
import { wholeEdge } from "../whole-edge.ts";
import { applyDecisions } from "./apply-decisions.ts";

export const publishRoutes = new Hono<PermittedEnv>().post(
  "/",
  permit("publish"),
  async (context) => {
    const body = await readBody(context.req.raw, publishSchema);
    if (!body.ok) return problemResponse(body.reason);
    await applyDecisions(wholeEdge(context.env), body.value.decisions);
    const answer: PublishAnswer = { ...THIS_VERSION, applied: body.value.decisions.length };
    return messageResponse(answer);
  },
);
