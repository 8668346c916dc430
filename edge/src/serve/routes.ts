/** Routes of whoever reads profiles: apps, web shop, tills that look up a customer they do not hold. */
import { Hono } from "hono";
import { identityKeysOf } from "@regulars/shared/identity/key";
import { customerIdSchema } from "@regulars/shared/ids";
import { problemOf } from "@regulars/shared/problem";
import { lookupSchema } from "@regulars/shared/protocol/lookup";
import { mayAskFor, mayRead } from "../access/bounds.ts";
import { permit, type PermittedEnv } from "../access/permit.ts";
import { settingsOf } from "../environment.ts";
import { inWordsOf } from "../inbox/words.ts";
import { jsonResponse, messageResponse } from "../json-response.ts";
import { problemResponse } from "../problem-response.ts";
import { readBody } from "../read-body.ts";
import { profileStubOf } from "../stubs.ts";
import { findProfile, readProfile } from "./read-profile.ts";

export const serveRoutes = new Hono<PermittedEnv>()
  .post("/lookup", permit("profile.lookup"), async (context) => {
    const body = await readBody(context.req.raw, lookupSchema);
    if (!body.ok) return problemResponse(body.reason);
    if (!mayAskFor(context.var.caller, body.value.store)) {
      return problemResponse(problemOf("forbidden"));
    }
    const { store, protocol = 1, ...given } = body.value;
    const { REGULARS_PEPPER: pepper, COUNTRY: country } = settingsOf(context.env);
    const { keys, doubtful } = identityKeysOf(given, { pepper, country });
    if (keys.length === 0) {
      const errors = doubtful.map((field) => ({ field, reason: "is not a valid value" }));
      return problemResponse(problemOf("invalid_field", { errors }));
    }
    const found = await findProfile(context.env, keys, store);
    if (!found) return problemResponse(problemOf("unknown_customer"));
    return messageResponse(`{"profile":${inWordsOf(protocol, found.json)}}`);
  })
  .get("/:customer", permit("profile.read"), async (context) => {
    const customer = customerIdSchema.safeParse(context.req.param("customer"));
    const found = customer.success ? await readProfile(context.env, customer.data) : null;
    const isShown = found && (await mayRead(context.env, context.var.caller, found.customer));
    return found && isShown
      ? jsonResponse(found.json)
      : problemResponse(problemOf("unknown_customer"));
  })
  .get("/:customer/live", permit("profile.live"), async (context) => {
    const asked = customerIdSchema.safeParse(context.req.param("customer"));
    const found = asked.success ? await readProfile(context.env, asked.data) : null;
    const isShown = found && (await mayRead(context.env, context.var.caller, found.customer));
    if (!found || !isShown) return problemResponse(problemOf("unknown_customer"));
    const url = new URL(context.req.url);
    url.search = new URLSearchParams({ customer: found.customer }).toString();
    return profileStubOf(context.env, found.customer).fetch(
      new Request(url, { headers: context.req.raw.headers }),
    );
  });
