/** @jsxImportSource hono/jsx */
import { sourceIdSchema, storeIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import { permit } from "../../access/permit.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import type { EdgeWatch } from "../../watch/edge-watch.ts";
import { csvResponse } from "../csv.ts";
import { type Column, tableFile } from "../data-table.tsx";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { CodePage, EnrolPage, RevokePage } from "./enrol-page.tsx";
import { rankOf } from "./health.ts";
import { letIn, type ManageDeps, shutOut } from "./manage-tills.ts";
import { shownOf, sourcesHref, sourcesQuery } from "./query.ts";
import { readAside, readSource, readSources } from "./read-sources.ts";
import { asideColumns, epochColumns, SourcePage } from "./source-page.tsx";
import { SourcesPage } from "./sources-page.tsx";
import { sourceColumns } from "./sources-table.tsx";

export interface SourcesDeps extends ManageDeps {
  readonly edgeWatch: Pick<EdgeWatch, "sight" | "look">;
}

const FORM_BYTES = 4 * 1024;
const small = bodyLimit({
  maxSize: FORM_BYTES,
  onError: () => {
    throw new Refused("too_large");
  },
});

const enrolForm = z.object({ source: z.string().max(200), store: z.string().max(200) });
const sourceQuery = z.object({ csv: z.enum(["epochs", "aside"]).optional() });

export function sourcesRoutes(deps: SourcesDeps): Hono<ConsoleEnv> {
  const { storage, edgeWatch, nowMs } = deps;
  const app = new Hono<ConsoleEnv>();

  app.get("/sources", permit("sources.read"), async (c) => {
    const query = parseRequest(sourcesQuery, c.req.query());
    const atMs = nowMs();
    const sight = edgeWatch.sight();
    const all = await readSources(storage, sight, atMs);
    const isShown = shownOf(query.show);
    const find = query.find.trim();
    const kept = all
      .filter((each) => isShown(each) && `${each.store} ${each.source}`.includes(find))
      .toSorted((a, b) => rankOf(a) - rankOf(b));
    if (query.csv !== undefined) return file(c, "sources", sourceColumns(atMs), kept);
    const end = query.from + LIMITS.pageRows;
    const shown = kept.slice(query.from, end);
    const next = kept.length > end ? sourcesHref(query, { from: end }) : null;
    const page = pageOf(c);
    return c.html(<SourcesPage {...{ page, all, shown, next, query, sight, nowMs: atMs }} />);
  });

  app.get("/sources/enrol", permit("tills.manage"), (c) =>
    c.html(
      <EnrolPage page={pageOf(c)} values={{ source: "", store: "" }} errors={{}} failure={null} />,
    ),
  );

  app.post("/sources/enrol", permit("tills.manage"), small, async (c) => {
    const values = parseRequest(enrolForm, await c.req.parseBody());
    const page = pageOf(c);
    const errors = {
      ...(sourceIdSchema.safeParse(values.source).success ? {} : { source: BAD_NAME }),
      ...(storeIdSchema.safeParse(values.store).success ? {} : { store: BAD_NAME }),
    };
    if (Object.keys(errors).length > 0) {
      return c.html(<EnrolPage {...{ page, values, errors, failure: null }} />, 422);
    }
    const outcome = await letIn(deps, values, page.person.id);
    if (outcome.is === "refused") {
      return c.html(<EnrolPage {...{ page, values, errors, failure: outcome.words }} />, 503);
    }
    void edgeWatch.look();
    return c.html(<CodePage {...{ page, values, ...outcome.value }} />);
  });

  app.get("/sources/:source", permit("sources.read"), async (c) => {
    const source = parseRequest(sourceIdSchema, c.req.param("source"));
    const { csv } = parseRequest(sourceQuery, c.req.query());
    const atMs = nowMs();
    const known = await readSource(storage, source, { sight: edgeWatch.sight(), nowMs: atMs });
    const [first, ...others] = known;
    if (first === undefined) throw new Refused("unknown_till");
    const aside = await readAside(storage, source);
    const place = { zone: first.zone, nowMs: atMs };
    if (csv === "aside") return file(c, `kept-${source}`, asideColumns(source, place), aside);
    if (csv === "epochs") {
      const epochs = known.flatMap((each) => each.epochs);
      return file(c, `epochs-${source}`, epochColumns(atMs), epochs);
    }
    const sources = [first, ...others] as const;
    return c.html(<SourcePage {...{ page: pageOf(c), sources, aside, nowMs: atMs }} />);
  });

  app.get("/sources/:source/revoke", permit("tills.manage"), (c) => {
    const source = parseRequest(sourceIdSchema, c.req.param("source"));
    return c.html(<RevokePage page={pageOf(c)} source={source} failure={null} />);
  });

  app.post("/sources/:source/revoke", permit("tills.manage"), small, async (c) => {
    const source = parseRequest(sourceIdSchema, c.req.param("source"));
    const page = pageOf(c);
    const outcome = await shutOut(deps, source, page.person.id);
    if (outcome.is === "refused") {
      return c.html(<RevokePage page={page} source={source} failure={outcome.words} />, 503);
    }
    await edgeWatch.look();
    return c.redirect(`/sources?revoked=${source}`, 303);
  });

  return app;
}

const BAD_NAME =
  "Lower-case letters, digits, dots, dashes and underscores only, at most 64 of them.";

function file<Of>(
  c: Context<ConsoleEnv>,
  name: string,
  columns: readonly Column<Of>[],
  rows: readonly Of[],
): Response {
  if (!pageOf(c).may("export")) throw new Refused("forbidden");
  return csvResponse(name, tableFile(columns, rows));
}
