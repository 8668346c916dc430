/** A customer's timeline, for the edge. */
import { customerIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { Storage } from "@regulars/shared/storage/port";
import { timelinePlaceSchema } from "@regulars/shared/timeline/entry";
import { Hono } from "hono";
import { z } from "zod";
import { parseRequest, Refused } from "../problem-answer.ts";
import { readTimeline } from "./read-timeline.ts";

const query = z.object({
  /** Entries older than this one: both or none. */
  stamp: timelinePlaceSchema.shape.stamp.optional(),
  event: timelinePlaceSchema.shape.event.optional(),
  limit: z.coerce.number().int().min(1).max(LIMITS.timelineRows).default(LIMITS.timelineRows),
});

export function timelineRoutes(storage: Storage): Hono {
  const routes = new Hono();
  routes.get("/customers/:id/timeline", async (c) => {
    const id = customerIdSchema.safeParse(c.req.param("id"));
    const { stamp, event, limit } = parseRequest(query, c.req.query());
    const before = stamp === undefined || event === undefined ? null : { stamp, event };
    const page = id.success ? await readTimeline(storage, id.data, { before, limit }) : null;
    if (!page) throw new Refused("unknown_customer");
    return c.json(page);
  });
  return routes;
}
