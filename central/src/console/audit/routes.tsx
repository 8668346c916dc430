/** @jsxImportSource hono/jsx */
import { LIMITS } from "@regulars/shared/limits";
import type { Storage } from "@regulars/shared/storage/port";
import { Hono } from "hono";
import { z } from "zod";
import { permit } from "../../access/permit.ts";
import { type AuditFilter, readAudit, readNames } from "../../access/read-audit.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import { csvResponse } from "../csv.ts";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { type AuditAsked, auditFile, auditHref, AuditPage } from "./audit-page.tsx";
import { AUDIT_ACTIONS } from "./words.ts";

export interface AuditDeps {
  readonly storage: Storage;
}

const DAY_MS = 86_400_000;
const daySchema = z.union([z.iso.date(), z.literal("")]).default("");

const auditQuery = z.object({
  person: z.string().max(64).default(""),
  action: z.union([z.enum(AUDIT_ACTIONS), z.literal("")]).default(""),
  target: z.string().trim().max(200).default(""),
  from: daySchema,
  to: daySchema,
  /** Time and number of the last entry of the page before. */
  before: z
    .string()
    .regex(/^\d{1,15}\.\d{1,15}$/)
    .optional(),
  csv: z.literal("audit").optional(),
});

const filterOf = ({ person, action, target, from, to }: AuditAsked): AuditFilter => ({
  by: person === "" ? undefined : person,
  action: action === "" ? undefined : action,
  target: target === "" ? undefined : target,
  fromMs: from === "" ? undefined : Date.parse(from),
  untilMs: to === "" ? undefined : Date.parse(to) + DAY_MS,
});

export function auditRoutes({ storage }: AuditDeps): Hono<ConsoleEnv> {
  const routes = new Hono<ConsoleEnv>();

  routes.get("/audit", permit("audit.read"), async (c) => {
    const { before, csv, ...asked } = parseRequest(auditQuery, c.req.query());
    const page = pageOf(c);
    const filter = filterOf(asked);
    if (csv !== undefined) {
      if (!page.may("export")) throw new Refused("forbidden");
      const all = await readAudit(storage, filter, { before: null, limit: LIMITS.auditFileRows });
      return csvResponse("audit", auditFile(all, asked));
    }
    const [atMs = 0, n = 0] = before?.split(".").map(Number) ?? [];
    const read = await readAudit(storage, filter, {
      before: before === undefined ? null : { atMs, n },
      limit: LIMITS.auditPageRows + 1,
    });
    const lines = read.slice(0, LIMITS.auditPageRows);
    const last = lines.at(-1);
    const hasMore = read.length > lines.length && last !== undefined;
    return c.html(
      <AuditPage
        page={page}
        asked={asked}
        lines={lines}
        next={hasMore ? auditHref(asked, { before: `${last.atMs}.${last.n}` }) : null}
        names={await readNames(storage, LIMITS.peopleFileRows)}
      />,
    );
  });
  return routes;
}
