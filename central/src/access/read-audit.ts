/** The audit, read: the newest first, by person, action, target and time. Every way has its index. */
import type { Json } from "@regulars/shared/digest";
import {
  numberOf,
  type Row,
  type SqlValue,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";

export interface AuditFilter {
  readonly by?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  /** From this moment on, up to before that one. */
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

/** The last entry of the page before. */
export interface AuditCursor {
  readonly atMs: number;
  readonly n: number;
}

export interface AuditLine {
  readonly n: number;
  readonly atMs: number;
  readonly by: string;
  /** Null for what is no person, such as `nobody`. */
  readonly byName: string | null;
  readonly action: string;
  readonly target: string | null;
  /** Where the target is a person. */
  readonly targetName: string | null;
  readonly detail: Json;
}

/** The narrowest; the database has no statistics to choose by. */
function indexOf({ by, action, target }: AuditFilter): string {
  if (target !== undefined) return "audit_target";
  if (by !== undefined) return action === undefined ? "audit_by" : "audit_by_action";
  return action === undefined ? "audit_at" : "audit_action";
}

export function auditQuery(filter: AuditFilter, before: AuditCursor | null, limit: number): Statement {
  const { by, action, target, fromMs, untilMs } = filter;
  const wanted: readonly (readonly [string, readonly (SqlValue | undefined)[]])[] = [
    ["a.by = ?", [by]],
    ["a.action = ?", [action]],
    ["a.target = ?", [target]],
    ["a.at_ms >= ?", [fromMs]],
    ["a.at_ms < ?", [untilMs]],
    ["a.at_ms <= ? and (a.at_ms < ? or a.n < ?)", [before?.atMs, before?.atMs, before?.n]],
  ];
  const where = wanted.filter(([, args]) => args.every((arg) => arg !== undefined));
  return {
    sql: `select a.n, a.at_ms, a.by, p.name as by_name, a.action, a.target, t.name as target_name, a.detail
          from audit a indexed by ${indexOf(filter)}
          left join person p on p.id = a.by left join person t on t.id = a.target
          where ${["1 = 1", ...where.map(([sql]) => sql)].join(" and ")}
          order by a.at_ms desc, a.n desc limit ?`,
    args: [...where.flatMap(([, args]) => args.filter((arg) => arg !== undefined)), limit],
  };
} // prettier-ignore

export async function readAudit(
  storage: Storage,
  filter: AuditFilter,
  { before, limit }: { readonly before: AuditCursor | null; readonly limit: number },
): Promise<AuditLine[]> {
  const [rows = []] = await storage.read([auditQuery(filter, before, limit)]);
  return rows.map(lineOf);
}

const textOrNull = (row: Row, column: string): string | null =>
  row[column] === null ? null : textOf(row, column);

function lineOf(row: Row): AuditLine {
  const detail = textOrNull(row, "detail");
  return {
    n: numberOf(row, "n"),
    atMs: numberOf(row, "at_ms"),
    by: textOf(row, "by"),
    byName: textOrNull(row, "by_name"),
    action: textOf(row, "action"),
    target: textOrNull(row, "target"),
    targetName: textOrNull(row, "target_name"),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON is what `auditStatement` has written there
    detail: detail === null ? null : (JSON.parse(detail) as Json),
  };
}

export const namesQuery = (limit: number): Statement => ({
  sql: "select id, name from person order by name, id limit ?",
  args: [limit],
});

/** For choosing from. */
export async function readNames(
  storage: Storage,
  limit: number,
): Promise<{ readonly id: string; readonly name: string }[]> {
  const [rows = []] = await storage.read([namesQuery(limit)]);
  return rows.map((row) => ({ id: textOf(row, "id"), name: textOf(row, "name") }));
}
