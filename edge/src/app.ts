/** The edge: what can happen here, as a table of routes. Each has a door before it (`access/permit.ts`). */
import { Hono } from "hono";
import { problemOf } from "@regulars/shared/problem";
import { open } from "./access/permit.ts";
import { type Env, SettingsMissing, settingsOf } from "./environment.ts";
import { compareRoutes } from "./compare/routes.ts";
import { deskRoutes } from "./ingest/desk/routes.ts";
import { eventRoutes } from "./ingest/events/routes.ts";
import { ingestRoutes } from "./ingest/routes.ts";
import { segmentRoutes } from "./ingest/segment/routes.ts";
import { webhookRoutes } from "./ingest/webhooks/routes.ts";
import { logError } from "./log.ts";
import { openApiRoutes } from "./openapi/routes.ts";
import { problemResponse } from "./problem-response.ts";
import { publishRoutes } from "./publish/routes.ts";
import { accountRoutes } from "./registry/account-routes.ts";
import { RegistryAway } from "./registry/port.ts";
import { tillRoutes } from "./registry/till-routes.ts";
import { serveRoutes } from "./serve/routes.ts";
import { sweepRoutes } from "./sweep/routes.ts";
import { watchRoutes } from "./watch/routes.ts";

export const app = new Hono<{ Bindings: Env }>()
  // Settings are checked by the first request, so a Worker that lacks one is not healthy.
  .get("/health", open(), (context) => context.json({ ok: settingsOf(context.env).REGION !== "" }))
  .route("/", openApiRoutes) // this description, for programs and people
  .route("/v1/customers", serveRoutes) // look-up, read, live
  .route("/v1/accounts", accountRoutes) // connectors and their keys
  .route("/v1/tills", tillRoutes) // enrolment, tokens, revocation
  .route("/v1/webhooks", webhookRoutes) // what platforms tell
  .route("/v1/intake", deskRoutes) // what of it could not be used
  .route("/v1", eventRoutes) // CloudEvents, lines, imports of files
  .route("/v1", segmentRoutes) // what Segment's libraries send
  .route("/v1/publish", publishRoutes) // decisions of the centre
  .route("/v1/compare", compareRoutes) // what edge and centre hold, as digests
  .route("/v1/sweep", sweepRoutes) // work whose alarm was lost
  .route("/", watchRoutes) // status, quarantine, metrics
  .route("/v1", ingestRoutes) // push, pull, poke
  .notFound(() => problemResponse(problemOf("not_found")))
  .onError((error) => {
    if (error instanceof RegistryAway) return problemResponse(problemOf("unreachable"));
    logError("worker", error);
    if (error instanceof SettingsMissing) {
      return problemResponse({
        ...problemOf("not_set_up", { detail: error.message }),
        status: 503,
      });
    }
    return problemResponse(problemOf("internal"));
  });
