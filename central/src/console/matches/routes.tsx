/** @jsxImportSource hono/jsx */
import { type CustomerId, customerIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { auditStatement } from "../../access/audit.ts";
import { permit } from "../../access/permit.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import {
  potentialCursorSchema,
  type PotentialMatch,
  readPotentialMatches,
} from "../../steward/potential-matches.ts";
import { csvResponse } from "../csv.ts";
import { type DeskDeps, form } from "../customers/deps.ts";
import { readNames } from "../customers/read-page.ts";
import { tableFile } from "../data-table.tsx";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { decisionsRoutes } from "./decisions-routes.tsx";
import { QUEUE_COLUMNS, QueueListPage, type QueueRow } from "./list-page.tsx";
import { createLooks, pairOf } from "./looks.ts";
import { createMatchAnswers, pairParams } from "./match-answers.tsx";
import { verdictRoutes } from "./verdict-routes.tsx";

const ROWS_PER_PAGE = 50;
const FILE_PAGE = 500;

const workQuery = z.object({
  after: potentialCursorSchema.optional(),
  undo: z.string().max(64).optional(),
});
const aheadQuery = z.object({ after: potentialCursorSchema });
const listQuery = z.object({
  after: potentialCursorSchema.optional(),
  csv: z.literal("queue").optional(),
});

export function matchesRoutes(deps: DeskDeps): Hono<ConsoleEnv> {
  const { storage, nowMs } = deps;
  const looks = createLooks();
  const answers = createMatchAnswers(deps, looks);
  const routes = new Hono<ConsoleEnv>();

  routes.get("/matches", permit("matches.read"), async (c) => {
    const { after = null, undo } = parseRequest(workQuery, c.req.query());
    return answers.next(c, { after, last: undo ?? null });
  });

  routes.get("/matches/ahead", permit("matches.read"), async (c) =>
    answers.ahead(c, parseRequest(aheadQuery, c.req.query()).after),
  );

  const rowsOf = async (
    c: Context<ConsoleEnv>,
    matches: readonly PotentialMatch[],
  ): Promise<QueueRow[]> => {
    const names = await readNames(storage, [...new Set(matches.flatMap(({ customers }) => customers))]); // prettier-ignore
    const nameOf = (id: CustomerId): string | null => names.get(id) ?? null;
    return matches.map((match) => ({
      match,
      names: [nameOf(match.customers[0]), nameOf(match.customers[1])],
      other: looks.other(pairOf(match.customers), c.get("person"), nowMs()),
    }));
  };

  routes.get("/matches/list", permit("matches.read"), async (c) => {
    const { after = null, csv } = parseRequest(listQuery, c.req.query());
    const page = pageOf(c);
    if (csv !== undefined) {
      if (!page.may("export")) throw new Refused("forbidden");
      const rows: QueueRow[] = [];
      for (let at: string | null = null; rows.length < LIMITS.stewardFileRows;) {
        const queue = await readPotentialMatches(storage, { after: at, limit: FILE_PAGE });
        rows.push(...(await rowsOf(c, queue.matches)));
        at = queue.next;
        if (at === null) break;
      }
      return csvResponse("potential-matches", tableFile(QUEUE_COLUMNS, rows));
    }
    const queue = await readPotentialMatches(storage, { after, limit: ROWS_PER_PAGE });
    const rows = await rowsOf(c, queue.matches);
    return c.html(<QueueListPage page={page} rows={rows} queue={queue} isFirst={after === null} />);
  });

  routes.route("/", decisionsRoutes(deps));

  routes.get("/matches/:one/:two", permit("matches.read"), async (c) =>
    answers.pair(c, pairParams(c)),
  );

  // Shown in this answer alone.
  routes.post(
    "/matches/:one/:two/reveal",
    permit("matches.read"),
    permit("customers.reveal"),
    form(),
    async (c) => {
      const pair = pairParams(c);
      const by = c.get("person").id;
      for (const id of pair) parseRequest(customerIdSchema, id);
      await storage.write(
        pair.map((target) => auditStatement({ atMs: nowMs(), by, action: "customers.reveal", target })), // prettier-ignore
      );
      return answers.pair(c, pair);
    },
  );

  routes.route("/", verdictRoutes(deps, answers));
  return routes;
}
