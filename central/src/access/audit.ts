/** The audit: who saw and changed what (SEC3). Append-only; ids and words of closed lists, no personal data (SEC2). */
import type { Json } from "@regulars/shared/digest";
import type { ConsoleAction } from "@regulars/shared/access/actions";
import type { Statement } from "@regulars/shared/storage/port";

export interface AuditEntry {
  readonly atMs: number;
  /** Id of the person. */
  readonly by: string;
  readonly action: ConsoleAction | "sign_in" | "sign_in_refused" | "sign_out";
  /** What it was done to: an id, such as a customer's or a decision's. */
  readonly target?: string;
  readonly detail?: Json;
}

/** In `by`, of what was done before anybody had proven who they are. */
export const NOBODY = "nobody";

/** Stands in the write of what it tells of, so that nothing is done that is not told. */
export const auditStatement = (entry: AuditEntry): Statement => ({
  sql: "insert into audit (at_ms, by, action, target, detail) values (?, ?, ?, ?, ?)",
  args: [
    entry.atMs,
    entry.by,
    entry.action,
    entry.target ?? null,
    entry.detail === undefined ? null : JSON.stringify(entry.detail),
  ],
});
