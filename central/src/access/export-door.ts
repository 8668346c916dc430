/** Whoever takes a table as a file stands in the audit with what it was (SEC3): in one place, so that no table is forgotten. */
import type { Storage } from "@regulars/shared/storage/port";
import type { MiddlewareHandler } from "hono";
import type { ConsoleEnv } from "../console/environment.ts";
import { auditStatement } from "./audit.ts";

export interface ExportDoorDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
}

/** Written before the answer goes out: where it cannot be, nothing does. What was asked for beside the table is not kept. */
export function exportDoor({ storage, nowMs }: ExportDoorDeps): MiddlewareHandler<ConsoleEnv> {
  return async (c, next) => {
    await next();
    if (c.res.headers.get("content-type")?.startsWith("text/csv") !== true) return;
    const table = c.req.query("csv") ?? null;
    await storage.write([
      auditStatement({
        atMs: nowMs(),
        by: c.get("person").id,
        action: "export",
        target: c.req.path.slice(1) || "today",
        detail: { table },
      }),
    ]);
  };
}
