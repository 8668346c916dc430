/** The history of a golden record, as JSON. An id that redirects has the history that it had until then. */
import { customerIdSchema } from "@regulars/shared/ids";
import type { Storage } from "@regulars/shared/storage/port";
import { Hono } from "hono";
import { z } from "zod";
import { parseRequest, Refused } from "../problem-answer.ts";
import { readDifference, readHistory } from "./history.ts";

const VERSIONS_MAX = 100;
const version = z.coerce.number().int().min(1);
const historyQuery = z.object({
  before: version.optional(),
  limit: version.max(VERSIONS_MAX).default(VERSIONS_MAX),
});
const rangeSchema = z.object({ from: version, to: version });

export function historyRoutes(storage: Storage): Hono {
  const routes = new Hono();

  routes.get("/customers/:id/history", async (c) => {
    const customer = customerOf(c.req.param("id"));
    const query = parseRequest(historyQuery, c.req.query());
    const history = await readHistory(storage, customer, query);
    // Nobody, and not the end of a list.
    if (history.versions.length === 0 && query.before === undefined) {
      throw new Refused("unknown_customer");
    }
    return c.json({ customer, ...history });
  });

  routes.get("/customers/:id/history/:from/:to", async (c) => {
    const customer = customerOf(c.req.param("id"));
    const { from, to } = parseRequest(rangeSchema, c.req.param());
    const difference = await readDifference(storage, customer, from, to);
    if (!difference) throw new Refused("unknown_version");
    return c.json({ customer, from, to, ...difference });
  });

  return routes;
}

function customerOf(text: string): string {
  const id = customerIdSchema.safeParse(text);
  if (!id.success) throw new Refused("unknown_customer");
  return id.data;
}
