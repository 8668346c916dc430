/** The agent over HTTP, for a POS in any language on the same machine. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { LIMITS } from "@regulars/shared/limits";
import { METRICS_TYPE, metricsText } from "@regulars/shared/metrics";
import { problemOf, zodErrorToProblem } from "@regulars/shared/problem";
import { bearerAuth } from "hono/bearer-auth";
import type { Logger } from "pino";
import type { StoreAgent } from "../open-store-agent.ts";
import { isTokenOf } from "./is-token-of.ts";
import { limitBody } from "./limit-body.ts";
import { onlyHosts } from "./only-hosts.ts";
import { answerError, problemResponse, refuse } from "./problem-response.ts";
import {
  captureRoute,
  dayRoute,
  healthRoute,
  journalRoute,
  lookupRoute,
  metricsRoute,
  quarantineRoute,
  shiftRoute,
  statusRoute,
  zReportRoute,
} from "./routes.ts";

export interface LocalApiDeps {
  readonly agent: StoreAgent;
  readonly token: string;
  /** Host names under which this API may be called, besides the loopback's. */
  readonly hosts: readonly string[];
  readonly logger: Logger;
}

export function createLocalApi({ agent, token, hosts, logger }: LocalApiDeps): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result) => {
      if (!result.success) refuse(zodErrorToProblem(result.error));
    },
  });
  app.onError((error) => answerError(error, logger));
  app.notFound(() => problemResponse(problemOf("not_found")));
  app.use(onlyHosts(hosts));

  app.openapi(healthRoute, async (c) => c.json(await agent.health(), 200));
  app.doc31("/openapi.json", DOCUMENT);
  app.openAPIRegistry.registerComponent("securitySchemes", "token", {
    type: "http",
    scheme: "bearer",
  });

  const unauthorized = { message: () => problemResponse(problemOf("unauthorized")) };
  app.use(
    bearerAuth({
      verifyToken: isTokenOf(token),
      noAuthenticationHeader: unauthorized,
      invalidAuthenticationHeader: unauthorized,
      invalidToken: unauthorized,
    }),
  );
  app.use(limitBody(LIMITS.eventBytes));

  app.openapi(captureRoute, async (c) => {
    const idempotencyKey = c.req.valid("header")["idempotency-key"];
    const input = c.req.valid("json");
    const captured = await agent.capture({
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...input,
    });
    if (!captured.ok) return refuse(captured.reason);
    return c.json(captured.value, captured.value.repeated ? 200 : 201);
  });
  app.openapi(lookupRoute, async (c) => {
    const { query, remote } = c.req.valid("json");
    return c.json({ results: await agent.lookup(query, { remote }) }, 200);
  });
  app.openapi(statusRoute, async (c) => c.json(await agent.status(), 200));
  app.openapi(metricsRoute, async (c) => {
    const text = metricsText(await agent.metrics());
    return c.text(text, 200, { "content-type": METRICS_TYPE });
  });
  app.openapi(journalRoute, async (c) => {
    return c.json({ rows: await agent.journal(c.req.valid("query")) }, 200);
  });
  app.openapi(shiftRoute, async (c) => c.json(await agent.shift(), 200));
  app.openapi(zReportRoute, async (c) => {
    const report = await agent.zReport(c.req.valid("param").number);
    return report ? c.json(report, 200) : refuse(problemOf("not_found", NO_Z_REPORT));
  });
  app.openapi(dayRoute, async (c) => {
    return c.json(await agent.day(c.req.valid("query").businessDay), 200);
  });
  app.openapi(quarantineRoute, async (c) => c.json({ rows: await agent.quarantine() }, 200));
  return app;
}

const NO_Z_REPORT = { detail: "No shift of this number has been closed here." };

const DOCUMENT = {
  openapi: "3.1.0",
  info: {
    title: "Regulars store agent",
    version: "1",
    description: "Captures sales and what is learned about customers, with or without a network.",
  },
};
