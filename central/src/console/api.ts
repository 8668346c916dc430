/** What is held, as JSON: for checks, exports and other systems of the house. */
import { customerIdSchema, epochSchema, sourceIdSchema } from "@regulars/shared/ids";
import { numberOf, rowsOf, type Storage } from "@regulars/shared/storage/port";
import { Hono } from "hono";
import { z } from "zod";
import { hexOf } from "../db/packed.ts";
import { parseRequest, Refused } from "../problem-answer.ts";
import { readCustomer } from "./customers/customer.ts";
import { readTotals } from "./totals.ts";
import { readWriters } from "./writers.ts";

const ROWS_MAX = 1_000;
/** So many ids stand in an address that every proxy lets through. */
const SOURCES_MAX = 100;
const limit = z.coerce.number().int().min(1).max(ROWS_MAX).default(ROWS_MAX);
const after = z.coerce.number().int().min(0).default(0);

/** `source` may stand there several times. */
const totalsQuery = z.object({ source: z.array(sourceIdSchema).max(SOURCES_MAX).optional() });
const writersQuery = z.object({ after: z.string().default(""), limit });
const eventsQuery = z.object({
  source: sourceIdSchema,
  epoch: z.coerce.number().pipe(epochSchema),
  after,
  limit,
});

export function apiRoutes(storage: Storage): Hono {
  const api = new Hono();

  api.get("/totals", async (c) => {
    const { source } = parseRequest(totalsQuery, c.req.queries());
    return c.json(await readTotals(storage, source ?? null));
  });

  api.get("/writers", async (c) =>
    c.json(await readWriters(storage, parseRequest(writersQuery, c.req.query()))),
  );

  // Numbers and hashes only: enough to compare two journals row by row.
  api.get("/events", async (c) => {
    const query = parseRequest(eventsQuery, c.req.query());
    const events = await rowsOf(
      storage,
      `select seq, hash from event where source = ? and epoch = ? and seq > ? order by seq limit ?`,
      [query.source, query.epoch, query.after, query.limit],
    );
    return c.json({
      events: events.map((row) => ({ seq: numberOf(row, "seq"), hash: hexOf(row, "hash") })),
    });
  });

  api.get("/customers/:id", async (c) => {
    const id = customerIdSchema.safeParse(c.req.param("id"));
    const customer = id.success ? await readCustomer(storage, id.data) : null;
    if (!customer) throw new Refused("unknown_customer");
    return c.json(customer);
  });

  return api;
}
