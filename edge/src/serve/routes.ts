/** Routes about one customer: apps, web shop, staff, and tills that look up a customer they do not hold. */
import { Hono } from "hono";
import { permit, type PermittedEnv } from "../access/permit.ts";
import { appCors } from "./cors.ts";
import { listen } from "./live.ts";
import { lookUp } from "./lookup.ts";
import { PARTS, readPart } from "./parts.ts";
import { readCustomer } from "./read.ts";
import { takeSocketToken } from "./socket-token.ts";
import { readTimeline } from "./timeline.ts";

export const serveRoutes = new Hono<PermittedEnv>()
  .use(appCors())
  .post("/lookup", permit("profile.lookup"), (context) => lookUp(context))
  .get("/:customer", permit("profile.read"), (context) =>
    readCustomer(context, context.req.param("customer")),
  )
  .get("/:customer/timeline", permit("profile.timeline"), (context) =>
    readTimeline(context, context.req.param("customer")),
  )
  .get("/:customer/live", takeSocketToken(), permit("profile.live"), (context) =>
    listen(context, context.req.param("customer")),
  );

for (const part of PARTS) {
  serveRoutes.get(`/:customer/${part}`, permit("profile.read"), (context) =>
    readPart(context, context.req.param("customer"), part),
  );
}
