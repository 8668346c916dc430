/** Where there is no cron, as on a machine of one's own, the sweep is asked for. */
import { Hono } from "hono";
import { allow } from "../auth/role.ts";
import type { Env } from "../environment.ts";
import { sweep } from "./sweep.ts";

export const sweepRoutes = new Hono<{ Bindings: Env }>()
  .use(allow("central"))
  .post("/", async (context) => context.json(await sweep(context.env)));
