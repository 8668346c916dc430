/** What stewards see and decide: potential matches, why two records are one customer or not, and their own decisions. */
import { customerIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { Storage } from "@regulars/shared/storage/port";
import { Hono } from "hono";
import { z } from "zod";
import type { Intake } from "../intake/intake.ts";
import { parseRequest, readJson, Refused } from "../problem-answer.ts";
import { limited } from "../resolve/routes.ts";
import { decide, undo } from "./decide.ts";
import { explainCustomer, explainPair } from "./explain.ts";
import { readDecisions } from "./list.ts";
import { potentialCursorSchema, readPotentialMatches } from "./potential-matches.ts";
import { readRefusals } from "./refusals.ts";
import { decisionRequestSchema, recordIdSchema, undoRequestSchema } from "./requests.ts";

export interface StewardRouteDeps {
  readonly storage: Storage;
  readonly intake: Pick<Intake, "alone">;
  readonly nowMs: () => number;
  /** There is something to publish. */
  readonly onDecided: () => void;
}

/** As many records as two sides may name. */
const REQUEST_BYTES = 256 * 1024;
const rows = z.coerce.number().int().min(1).max(LIMITS.potentialMatchRows).default(50);
const matchesQuery = z.object({ after: potentialCursorSchema.optional(), limit: rows });
const decisionsQuery = z.object({ after: z.coerce.number().int().min(0).default(0), limit: rows });
const refusalsQuery = decisionsQuery.extend({ standing: z.literal("1").optional() });
const pairSchema = z.strictObject({ a: recordIdSchema, b: recordIdSchema });
const whyQuery = z.object({ values: z.literal("1").optional() });

export function stewardRoutes({ storage, intake, nowMs, onDecided }: StewardRouteDeps): Hono {
  const routes = new Hono();

  routes.get("/potential-matches", async (c) => {
    const { after, limit } = parseRequest(matchesQuery, c.req.query());
    return c.json(await readPotentialMatches(storage, { after: after ?? null, limit }));
  });

  routes.get("/refusals", async (c) => {
    const { standing, ...page } = parseRequest(refusalsQuery, c.req.query());
    return c.json({
      refusals: await readRefusals(storage, { ...page, standing: standing === "1" }),
    });
  });

  // Ids of records in the body: they hold slashes, and belong to people.
  routes.post("/why", limited(REQUEST_BYTES), async (c) => {
    const { a, b } = parseRequest(pairSchema, await readJson(c));
    const { values } = parseRequest(whyQuery, c.req.query());
    const explanation = await intake.alone(({ matching }) =>
      explainPair(storage, a, b, matching, values === "1"),
    );
    if (!explanation) throw new Refused("unknown_record");
    return c.json(explanation);
  });

  routes.get("/customers/:id/how", async (c) => {
    const id = customerIdSchema.safeParse(c.req.param("id"));
    if (!id.success) throw new Refused("unknown_customer");
    const explanation = await intake.alone(({ matching }) =>
      explainCustomer(storage, id.data, matching),
    );
    if (!explanation) throw new Refused("unknown_customer");
    return c.json(explanation);
  });

  routes.get("/stewards/decisions", async (c) => {
    const query = parseRequest(decisionsQuery, c.req.query());
    return c.json({ decisions: await readDecisions(storage, query) });
  });

  routes.post("/stewards/decisions", limited(REQUEST_BYTES), async (c) => {
    const request = parseRequest(decisionRequestSchema, await readJson(c));
    const decided = await intake.alone((rules) =>
      decide({ storage, rules, nowMs: nowMs() }, request),
    );
    if (!decided.ok) throw new Refused(decided.reason);
    onDecided();
    return c.json(decided.value, decided.value.isNew ? 201 : 200);
  });

  routes.post("/stewards/decisions/:id/undo", limited(REQUEST_BYTES), async (c) => {
    const { by } = parseRequest(undoRequestSchema, await readJson(c));
    const undone = await intake.alone((rules) =>
      undo({ storage, rules, nowMs: nowMs() }, c.req.param("id"), by),
    );
    if (!undone) throw new Refused("unknown_decision");
    onDecided();
    return c.json(undone);
  });

  return routes;
}
