/** @jsxImportSource hono/jsx */
import { numberOf, type Statement, type Storage } from "@regulars/shared/storage/port";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { permit } from "../../access/permit.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import { breachesOf } from "../../quality/breaches.ts";
import { standingQualityPolicy } from "../../quality/policies.ts";
import { MEASURES, readSeries, windowOf } from "../../quality/series.ts";
import { csvResponse } from "../csv.ts";
import { tableFile } from "../data-table.tsx";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { dayColumns, DaysPage } from "./days-page.tsx";
import { QualityPage } from "./page.tsx";
import { qualityTables } from "./tables.tsx";

export interface QualityPagesDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
}

const pageQuery = z.object({
  csv: z.enum(["accepted", "completeness", "flags", "duplicates"]).optional(),
});
const daysQuery = z.object({
  measure: z.enum(MEASURES),
  part: z.string().max(80).default(""),
  csv: z.literal("days").optional(),
});

/** Rows that have arrived and are not counted. */
export const uncountedQuery = (): Statement => ({
  sql: `select coalesce(sum(w.journaled - coalesce(m.seq, 0)), 0) as uncounted
        from writer w left join quality_mark m on m.source = w.source and m.epoch = w.epoch`,
});

export function qualityRoutes({ storage, nowMs }: QualityPagesDeps): Hono<ConsoleEnv> {
  const routes = new Hono<ConsoleEnv>();

  routes.get("/quality", permit("quality.read"), async (c) => {
    const { csv } = parseRequest(pageQuery, c.req.query());
    const series = await readSeries(storage, nowMs());
    const published = await standingQualityPolicy(storage);
    const breaches = breachesOf(series, published.policy);
    if (csv) {
      mayExport(c);
      const table = qualityTables(series, breaches, published.policy)[csv];
      return csvResponse(`quality-${csv}`, tableFile(table.columns, table.rows));
    }
    const [[row] = []] = await storage.read([uncountedQuery()]);
    return c.html(
      <QualityPage
        page={pageOf(c)}
        series={series}
        breaches={breaches}
        published={published}
        day={windowOf(nowMs()).at(-1) ?? ""}
        uncounted={row ? numberOf(row, "uncounted") : 0}
      />,
    );
  });

  routes.get("/quality/days", permit("quality.read"), async (c) => {
    const { measure, part, csv } = parseRequest(daysQuery, c.req.query());
    const all = await readSeries(storage, nowMs());
    const days = windowOf(nowMs()).map((day) => ({ day, count: 0, of: 0 }));
    const series = all.find((each) => each.measure === measure && each.part === part) ?? { measure, part, days }; // prettier-ignore
    if (csv) {
      mayExport(c);
      return csvResponse(`quality-${measure}`, tableFile(dayColumns(series), series.days));
    }
    return c.html(<DaysPage page={pageOf(c)} series={series} />);
  });

  return routes;
}

function mayExport(c: Context<ConsoleEnv>): void {
  if (!pageOf(c).may("export")) throw new Refused("forbidden");
}
