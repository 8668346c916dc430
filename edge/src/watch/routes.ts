/** Routes of whoever watches the edge; the centre's key opens them. */
import { Hono } from "hono";
import { METRICS_TYPE, metricsText } from "@regulars/shared/metrics";
import { problemOf } from "@regulars/shared/problem";
import { replaySchema } from "@regulars/shared/quarantine";
import { permit, type PermittedEnv } from "../access/permit.ts";
import { fits } from "../as-described.ts";
import { problemResponse } from "../problem-response.ts";
import { readBody } from "../read-body.ts";
import { quarantineAnswerSchema, statusAnswerSchema } from "./answers.ts";
import { metricsOf } from "./metrics.ts";
import { replayQuarantine } from "./replay.ts";
import { readEdgeStatus, readQuarantine } from "./status.ts";

export const watchRoutes = new Hono<PermittedEnv>()
  .get("/v1/status", permit("watch"), async (context) =>
    context.json(fits(statusAnswerSchema, await readEdgeStatus(context.env))),
  )
  .get("/v1/quarantine", permit("watch"), async (context) =>
    context.json(fits(quarantineAnswerSchema, { items: await readQuarantine(context.env) })),
  )
  .post("/v1/quarantine/replay", permit("watch"), async (context) => {
    const body = await readBody(context.req.raw, replaySchema);
    if (!body.ok) return problemResponse(body.reason);
    const answer = await replayQuarantine(context.env, body.value);
    const errors = [{ field: "after", reason: "is not of an answer" }];
    return answer ? context.json(answer) : problemResponse(problemOf("invalid_field", { errors }));
  })
  .get("/metrics", permit("watch"), async (context) => {
    const metrics = metricsOf(await readEdgeStatus(context.env), Date.now());
    return context.text(metricsText(metrics), 200, { "content-type": METRICS_TYPE });
  });
