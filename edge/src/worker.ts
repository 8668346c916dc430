/** The edge: what can happen here, as a table of routes. Everything but the health answer needs a token. */
import { Hono } from "hono";
import { problemOf } from "@regulars/shared/problem";
import { type Env, settingsOf } from "./environment.ts";
import { ingestRoutes } from "./ingest/routes.ts";
import { logError } from "./log.ts";
import { problemResponse } from "./problem-response.ts";
import { publishRoutes } from "./publish/routes.ts";
import { serveRoutes } from "./serve/routes.ts";
import { sweepRoutes } from "./sweep/routes.ts";
import { sweep } from "./sweep/sweep.ts";
import { watchRoutes } from "./watch/routes.ts";

export { Directory } from "./directory/object.ts";
export { Inbox } from "./inbox/object.ts";
export { ProfileShard } from "./profile/object.ts";
export { Registry } from "./registry/object.ts";

const app = new Hono<{ Bindings: Env }>()
  // Settings are checked by the first request, so a Worker that lacks one is not healthy.
  .get("/health", (context) => context.json({ ok: settingsOf(context.env).REGION !== "" }))
  .route("/v1/customers", serveRoutes) // look-up, read, live
  .route("/v1/publish", publishRoutes) // decisions of the centre
  .route("/v1/sweep", sweepRoutes) // work whose alarm was lost
  .route("/", watchRoutes) // status, quarantine, metrics
  .route("/v1", ingestRoutes) // push, pull, poke
  .notFound(() => problemResponse(problemOf("not_found")))
  .onError((error) => {
    logError("worker", error);
    return problemResponse(problemOf("internal"));
  });

export default {
  fetch: app.fetch,
  scheduled: async (_controller, env) => {
    await sweep(env);
  },
} satisfies ExportedHandler<Env>;
