/** @jsxImportSource hono/jsx */
import { LIMITS } from "@regulars/shared/limits";
import type { Storage } from "@regulars/shared/storage/port";
import { Hono } from "hono";
import { permit } from "../../access/permit.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import type { EdgeWatch } from "../../watch/edge-watch.ts";
import { csvResponse } from "../csv.ts";
import { tableFile } from "../data-table.tsx";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { keptOf, todayHref, todayQuery } from "./query.ts";
import { readToday, troubleOf } from "./read-today.ts";
import { TodayPage, TodayPart } from "./today-page.tsx";
import { todayColumns } from "./today-table.tsx";

export interface TodayDeps {
  readonly storage: Storage;
  readonly edgeWatch: Pick<EdgeWatch, "sight">;
  readonly nowMs: () => number;
}

export function todayRoutes({ storage, edgeWatch, nowMs }: TodayDeps): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.get("/", permit("days.read"), async (c) => {
    const query = parseRequest(todayQuery, c.req.query());
    const page = pageOf(c);
    const sight = edgeWatch.sight();
    const atMs = nowMs();
    const today = await readToday(storage, query.day ?? null, { sight, nowMs: atMs });
    const kept = (today?.stores ?? [])
      .filter((each) => keptOf(query.state)(each) && each.store.includes(query.store.trim()))
      .toSorted((a, b) => troubleOf(a) - troubleOf(b));
    if (query.csv !== undefined) {
      if (!page.may("export")) throw new Refused("forbidden");
      const columns = todayColumns({ day: today?.day ?? "", nowMs: atMs });
      return csvResponse(`stores-${today?.day ?? "none"}`, tableFile(columns, kept));
    }
    const end = query.from + LIMITS.pageStoresRows;
    const props = {
      page,
      shown: kept.slice(query.from, end),
      next: kept.length > end ? todayHref(query, { from: end }) : null,
      query,
      sight,
      nowMs: atMs,
    };
    if (page.isPart && today !== null) return c.html(<TodayPart {...props} today={today} />);
    return c.html(<TodayPage {...props} today={today} />);
  });
  return app;
}
