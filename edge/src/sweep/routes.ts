/** Where there is no cron, as on a machine of one's own, the sweep is asked for. */
import { Hono } from "hono";
import { permit, type PermittedEnv } from "../access/permit.ts";
import { fits } from "../as-described.ts";
import { sweptAnswerSchema } from "../watch/answers.ts";
import { sweep } from "./sweep.ts";

export const sweepRoutes = new Hono<PermittedEnv>().post("/", permit("sweep"), async (context) => {
  const isCentreNew = context.req.query("centre") === "started";
  return context.json(fits(sweptAnswerSchema, await sweep(context.env, isCentreNew)));
});
