/** Routes of whoever watches the edge; the centre's key opens them. */
import { Hono } from "hono";
import { METRICS_TYPE, metricsText } from "@regulars/shared/metrics";
import { allow } from "../auth/role.ts";
import type { Env } from "../environment.ts";
import { metricsOf } from "./metrics.ts";
import { readEdgeStatus, readQuarantine } from "./status.ts";

export const watchRoutes = new Hono<{ Bindings: Env }>()
  .get("/v1/status", allow("central"), async (context) =>
    context.json(await readEdgeStatus(context.env)),
  )
  .get("/v1/quarantine", allow("central"), async (context) =>
    context.json({ items: await readQuarantine(context.env) }),
  )
  .get("/metrics", allow("central"), async (context) => {
    const metrics = metricsOf(await readEdgeStatus(context.env), Date.now());
    return context.text(metricsText(metrics), 200, { "content-type": METRICS_TYPE });
  });
