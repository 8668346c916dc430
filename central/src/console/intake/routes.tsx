/** @jsxImportSource hono/jsx */
import { LIMITS } from "@regulars/shared/limits";
import type { Storage } from "@regulars/shared/storage/port";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { auditStatement } from "../../access/audit.ts";
import { permit } from "../../access/permit.ts";
import { type Cause, createEdgeDesk, type EdgeRow, isOfCause } from "../../desk/edge-desk.ts";
import { hereCauseSchema, notHere, readHereGroups, readHereItems } from "../../desk/here.ts";
import { addJob, causeDigest, jobOfCause, newestJobs, oneJob, readJobs, stopJobStatement } from "../../desk/jobs.ts"; // prettier-ignore
import { parseRequest, Refused } from "../../problem-answer.ts";
import { csvResponse } from "../csv.ts";
import { type Column, tableFile } from "../data-table.tsx";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { away, type IntakePagesDeps, type IntakeRoutesDeps, limited, orAway } from "./answers.tsx";
import { accountRoutes } from "./account-routes.tsx";
import { EdgeCausePage, HereCausePage, hereColumns } from "./cause-page.tsx";
import { edgeItemRoutes } from "./edge-item-routes.tsx";
import { hereItemRoutes } from "./here-item-routes.tsx";
import { JobPage, JobPart } from "./job-page.tsx";
import { accountColumns, causeColumns, type CauseRow, causesOf, edgeCauseHref, hereCauseHref, IntakePage, jobColumns } from "./page.tsx"; // prettier-ignore
import { hereMeaning } from "./words.ts";

const text = z.string().max(200);
const edgeCauseQuery = z.object({
  shop: text,
  account: text,
  format: text,
  topic: text,
  code: text,
  field: text.optional(),
  cursor: z.string().max(512).optional(),
});
const hereQuery = hereCauseSchema.extend({
  after: z.string().max(200).optional(),
  csv: z.literal("items").optional(),
});
const pageQuery = z.object({ csv: z.enum(["causes", "replays", "accounts"]).optional() });
const numberSchema = z.coerce.number().int().min(1);
const replayForm = z.discriminatedUnion("at", [
  z.object({ at: z.literal("edge"), ...edgeCauseQuery.shape, approve: z.literal("1").optional() }),
  z.object({ at: z.literal("here"), ...hereCauseSchema.shape }),
]);

const causeOf = ({ shop, account, format, topic, code, field }: z.infer<typeof edgeCauseQuery>): Cause => ({ shop, account, format, topic, code, field: field === undefined || field === "" ? null : field }); // prettier-ignore

export function intakePageRoutes(given: IntakePagesDeps): Hono<ConsoleEnv> {
  const routes = new Hono<ConsoleEnv>();
  const deps = { ...given, desk: createEdgeDesk(given.askEdge) };
  overviewRoute(routes, deps);
  causeRoutes(routes, deps);
  jobRoutes(routes, deps);
  edgeItemRoutes(routes, deps);
  hereItemRoutes(routes, deps);
  accountRoutes(routes, deps);
  return routes;
}

function overviewRoute(routes: Hono<ConsoleEnv>, { storage, desk, nowMs }: IntakeRoutesDeps): void {
  routes.get("/intake", permit("intake.read"), async (c) => {
    const { csv } = parseRequest(pageQuery, c.req.query());
    const edge = await Promise.all([desk.groups(), desk.health(), desk.quarantine()]).catch(orAway);
    const [groups, accounts, rows] = edge ?? [[], null, []];
    const causes = [
      ...causesOf(groups, await readHereGroups(storage)),
      ...(await causesAtEdge(storage, rows)),
    ];
    const jobs = await readJobs(storage, newestJobs(LIMITS.deskJobs));
    if (csv) mayExport(c);
    if (csv === "causes") return file("intake-causes", causeColumns(nowMs()), causes);
    if (csv === "replays") return file("intake-replays", jobColumns, jobs);
    if (csv === "accounts") return file("intake-accounts", accountColumns(nowMs()), accounts ?? []);
    return c.html(<IntakePage page={pageOf(c)} causes={causes} accounts={accounts} jobs={jobs} nowMs={nowMs()} />); // prettier-ignore
  });
}

/** Rows that the edge has set aside, and that the centre has not got yet to count among its own. */
async function causesAtEdge(storage: Storage, rows: readonly EdgeRow[]): Promise<CauseRow[]> {
  const missing = Map.groupBy(await notHere(storage, rows), ({ code }) => code);
  return [...missing].map(([code, items]) => ({
    href: hereCauseHref({ of: "event", code }),
    words: hereMeaning(code).means,
    todo: hereMeaning(code).todo,
    code,
    from: [...new Set(items.map(({ store }) => store))].toSorted().slice(0, 5).join(", "),
    detail: "rows at the edge, not here yet",
    items: items.length,
    oldestMs: Math.min(...items.map(({ sinceMs }) => sinceMs)),
  }));
}

function causeRoutes(routes: Hono<ConsoleEnv>, { storage, desk }: IntakeRoutesDeps): void {
  routes.get("/intake/edge", permit("intake.read"), async (c) => {
    const query = parseRequest(edgeCauseQuery, c.req.query());
    const cause = causeOf(query);
    const found = await Promise.all([
      desk.groups(),
      desk.failed(cause, query.cursor ?? null),
      desk.account(cause.account),
    ]).catch(orAway);
    if (!found) return away(c);
    const [groups, { items, cursor }, account] = found;
    const group = groups.find((each) => isOfCause(each, cause)) ?? { ...cause, items: 0, oldestMs: 0, like: "" }; // prettier-ignore
    const digest = causeDigest({ at: "edge", cause, approve: false });
    const [job = null] = await readJobs(storage, jobOfCause(digest));
    return c.html(
      <EdgeCausePage
        page={pageOf(c)}
        group={group}
        // The edge's list knows account and code alone.
        items={items.filter((item) => isOfCause(item, cause))}
        next={cursor === null ? null : `${edgeCauseHref(cause)}&${new URLSearchParams({ cursor }).toString()}`} // prettier-ignore
        account={account}
        job={job}
      />,
    );
  });

  routes.get("/intake/here", permit("intake.read"), async (c) => {
    const { after, csv, ...cause } = parseRequest(hereQuery, c.req.query());
    const limit = csv ? LIMITS.deskFileRows : LIMITS.deskRows;
    const { items, next } = await readHereItems(storage, cause, after ?? null, limit);
    if (csv) {
      mayExport(c);
      return file(`intake-${cause.code}`, hereColumns, items);
    }
    const [job = null] = await readJobs(storage, jobOfCause(causeDigest({ at: "here", cause })));
    const href = next === null ? null : `${hereCauseHref(cause)}&${new URLSearchParams({ after: next }).toString()}`; // prettier-ignore
    return c.html(<HereCausePage page={pageOf(c)} cause={cause} items={items} next={href} job={job} />); // prettier-ignore
  });
}

function jobRoutes(routes: Hono<ConsoleEnv>, deps: IntakeRoutesDeps): void {
  const { storage, nowMs, onReplay } = deps;

  routes.post("/intake/replays", permit("intake.replay"), limited(), async (c) => {
    const form = parseRequest(replayForm, await c.req.parseBody());
    const ask =
      form.at === "edge"
        ? { at: form.at, cause: causeOf(form), approve: form.approve === "1" }
        : { at: form.at, cause: { of: form.of, code: form.code } };
    const { id, name } = c.get("person");
    const { job, isNew } = await addJob(storage, { ask, by: name, nowMs: nowMs() }, [
      auditStatement({
        atMs: nowMs(),
        by: id,
        action: "intake.replay",
        target: `cause/${causeDigest(ask).slice(0, 16)}`,
        detail: { at: ask.at, code: ask.cause.code },
      }),
    ]);
    onReplay();
    return c.redirect(`/intake/replays/${job.n}${isNew ? "" : "?second=1"}`, 303);
  });

  routes.get("/intake/replays/:n", permit("intake.read"), async (c) => {
    const job = await readJob(storage, c.req.param("n"));
    const page = pageOf(c);
    if (page.isPart) return c.html(<JobPart page={page} job={job} />);
    const isTheirs = c.req.query("second") === "1" && job.state === "running";
    return c.html(<JobPage page={page} job={job} isTheirs={isTheirs} />);
  });

  routes.post("/intake/replays/:n/stop", permit("intake.replay"), limited(), async (c) => {
    const job = await readJob(storage, c.req.param("n"));
    await storage.write([
      stopJobStatement(job.n, nowMs()),
      auditStatement({
        atMs: nowMs(),
        by: c.get("person").id,
        action: "intake.replay",
        target: `cause/${causeDigest(job.ask).slice(0, 16)}`,
        detail: { stopped: job.n },
      }),
    ]);
    return c.redirect(`/intake/replays/${job.n}`, 303);
  });
}

async function readJob(storage: Storage, name: string) {
  const n = numberSchema.safeParse(name);
  const [job] = n.success ? await readJobs(storage, oneJob(n.data)) : [];
  if (!job) throw new Refused("not_found");
  return job;
}

function mayExport(c: Context<ConsoleEnv>): void {
  if (!pageOf(c).may("export")) throw new Refused("forbidden");
}

const file = <Row,>(
  name: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Response => csvResponse(name, tableFile(columns, rows));
