/** @jsxImportSource hono/jsx */
// Settlement: what was paid out beside what was taken, and the files that say so.
import { storeIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { type Row, rowsOf, type Storage } from "@regulars/shared/storage/port";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { permit } from "../../access/permit.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import {
  type DayPlace,
  readDays,
  readFile,
  readFileDays,
  readFiles,
  readLines,
} from "../../reconcile/settlement/list.ts";
import { csvResponse } from "../csv.ts";
import { tableFile } from "../data-table.tsx";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { readNames } from "../exceptions/people.ts";
import { DAY_COLUMNS } from "./days-table.tsx";
import { FilePage, LINE_COLUMNS } from "./file-page.tsx";
import { DaysPage, fileColumns, FilesPage, type UploadRefusal } from "./settlement-page.tsx";
import { type UploadRoutesDeps, uploadRoutes } from "./upload-routes.tsx";

export type SettlementRoutesDeps = Omit<UploadRoutesDeps, "drawRefused">;

const orNothing = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());
const daysQuery = z.object({
  store: orNothing(storeIdSchema),
  day: orNothing(z.iso.date()),
  after: z.string().max(80).optional(),
  csv: z.literal("days").optional(),
});
const filesQuery = z.object({
  before: z.coerce.number().int().min(1).optional(),
  csv: z.literal("files").optional(),
});
const fileQuery = z.object({
  after: z.coerce.number().int().min(0).default(0),
  csv: z.enum(["days", "lines"]).optional(),
});

export function settlementRoutes(deps: SettlementRoutesDeps): Hono<ConsoleEnv> {
  const { storage } = deps;
  const routes = new Hono<ConsoleEnv>();

  routes.get("/settlement", permit("settlement.read"), async (c) => {
    const { csv } = parseRequest(daysQuery, c.req.query());
    if (csv === undefined) return c.html(await drawDays(c, storage, null));
    mayExport(c);
    const filter = parseRequest(daysQuery, c.req.query());
    const { days } = await readDays(storage, filter, {
      after: null,
      limit: LIMITS.settlementFileRows,
    });
    return csvResponse("settlement", tableFile(DAY_COLUMNS, days));
  });

  routes.get("/settlement/files", permit("settlement.read"), async (c) => {
    const { before, csv } = parseRequest(filesQuery, c.req.query());
    if (csv !== undefined) mayExport(c);
    const limit = csv === undefined ? LIMITS.settlementPageRows : LIMITS.settlementFileRows;
    const { files, next } = await readFiles(storage, { before: before ?? null, limit });
    const names = await readNames(
      storage,
      files.map(({ importedBy }) => importedBy),
    );
    if (csv !== undefined)
      return csvResponse("settlement-files", tableFile(fileColumns(names), files));
    const page = pageOf(c);
    return c.html(
      <FilesPage
        page={page}
        refusal={null}
        files={files}
        names={names}
        next={next === null ? null : `/settlement/files?before=${next}`}
        csvHref={page.may("export") ? "/settlement/files?csv=files" : null}
      />,
    );
  });

  routes.get("/settlement/files/:n", permit("settlement.read"), async (c) => {
    const n = z.coerce.number().int().min(1).safeParse(c.req.param("n"));
    const file = n.success ? await readFile(storage, n.data) : null;
    if (!file) throw new Refused("unknown_settlement");
    const { after, csv } = parseRequest(fileQuery, c.req.query());
    if (csv !== undefined) mayExport(c);
    if (csv === "lines") {
      const { lines } = await readLines(storage, file.n, {
        after: 0,
        limit: LIMITS.settlementFileRows,
      });
      return csvResponse(`settlement-${file.n}`, tableFile(LINE_COLUMNS, lines));
    }
    const rows = csv === "days" ? LIMITS.settlementFileRows : LIMITS.settlementPageRows;
    const days = await readFileDays(storage, file.n, rows);
    if (csv === "days")
      return csvResponse(`settlement-${file.n}-days`, tableFile(DAY_COLUMNS, days));
    const { lines, next } = await readLines(storage, file.n, {
      after,
      limit: LIMITS.settlementPageRows,
    });
    return c.html(
      <FilePage
        page={pageOf(c)}
        file={file}
        days={days}
        lines={lines}
        next={next === null ? null : `/settlement/files/${file.n}?after=${next}#lines`}
        names={await readNames(storage, [file.importedBy])}
      />,
    );
  });

  routes.route(
    "/",
    uploadRoutes({ ...deps, drawRefused: (c, refusal) => drawDays(c, storage, refusal) }),
  );
  return routes;
}

function mayExport(c: Context<ConsoleEnv>): void {
  if (!pageOf(c).may("export")) throw new Refused("forbidden");
}

async function drawDays(c: Context<ConsoleEnv>, storage: Storage, refusal: UploadRefusal | null) {
  const page = pageOf(c);
  const { store, day, after } = parseRequest(daysQuery, c.req.query());
  const filter = { store, day };
  const { days, next } = await readDays(storage, filter, {
    after: after === undefined ? null : placeOf(after),
    limit: LIMITS.settlementPageRows,
  });
  const [any]: Row[] = await rowsOf(storage, "select 1 from settlement_file limit 1");
  return (
    <DaysPage
      page={page}
      refusal={refusal}
      days={days}
      filter={filter}
      next={
        next === null
          ? null
          : `/settlement?${queryOf({ ...filter, after: `${next.businessDay}.${next.store}` })}`
      }
      csvHref={page.may("export") ? `/settlement?${queryOf({ ...filter, csv: "days" })}` : null}
      isExpected={any !== undefined}
    />
  );
}

function queryOf(parts: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts))
    if (value !== undefined) query.set(name, value);
  return query.toString();
}

/** `2026-11-20.store-1` */
function placeOf(text: string): DayPlace | null {
  const [, businessDay, store] = /^(\d{4}-\d\d-\d\d)\.(.{1,64})$/.exec(text) ?? [];
  return businessDay === undefined || store === undefined ? null : { businessDay, store };
}
