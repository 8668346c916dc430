/** Routes about one customer: apps, web shop, staff, and tills that look up a customer they do not hold. */
import { Hono } from "hono";
import { customerIdSchema } from "@regulars/shared/ids";
import { problemOf } from "@regulars/shared/problem";
import { open, permit, type PermittedEnv } from "../access/permit.ts";
import { jsonResponse } from "../json-response.ts";
import { problemResponse } from "../problem-response.ts";
import { appCors } from "./cors.ts";
import { listen } from "./live.ts";
import { lookUp } from "./lookup.ts";
import { PARTS, readPart } from "./parts.ts";
import { readProfile } from "./read-profile.ts";
import { readCustomer } from "./read.ts";
import { takeSocketToken } from "./socket-token.ts";
import { readTimeline } from "./timeline.ts";
import { writeClaims, writeConsent } from "./write.ts";

const cors = appCors();

export const serveRoutes = new Hono<PermittedEnv>()
  .options("*", open(), cors)
  .post("/lookup", cors, permit("profile.lookup"), (context) => lookUp(context))
  .get("/:customer", cors, permit("profile.read"), (context) =>
    readCustomer(context, context.req.param("customer")),
  )
  .get("/:customer/stored", permit("profile.stored"), async ({ env, req }) => {
    const customer = customerIdSchema.safeParse(req.param("customer"));
    const found = customer.success ? await readProfile(env, customer.data) : null;
    return found ? jsonResponse(found.json) : problemResponse(problemOf("unknown_customer"));
  })
  .get("/:customer/timeline", cors, permit("profile.timeline"), (context) =>
    readTimeline(context, context.req.param("customer")),
  )
  .get("/:customer/live", cors, takeSocketToken(), permit("profile.live"), (context) =>
    listen(context, context.req.param("customer")),
  )
  .post("/:customer/claims", cors, permit("profile.write"), (context) =>
    writeClaims(context, context.req.param("customer")),
  )
  .post("/:customer/consents", cors, permit("profile.write"), (context) =>
    writeConsent(context, context.req.param("customer")),
  );

for (const part of PARTS) {
  serveRoutes.get(`/:customer/${part}`, cors, permit("profile.read"), (context) =>
    readPart(context, context.req.param("customer"), part),
  );
}
