/** Which alerts stand: opened once, ended once, told each time once by each way, in one write with what is to be told. */
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { quietUntilMs } from "./clocks.ts";
import type { Condition } from "./conditions.ts";
import type { AlertRules, AlertSeverity } from "./rules.ts";
import type { WayName } from "./ways.ts";

export const standingStatement: Statement = {
  sql: `select n, kind, subject, severity, words, href, opened_ms, remind_ms from alert
        indexed by alert_standing where ended_ms is null order by kind, subject`,
};

interface Standing {
  readonly n: number;
  readonly name: string;
  readonly severity: AlertSeverity;
  readonly words: string;
  readonly remindMs: number | null;
}

export interface TellDeps {
  readonly rules: AlertRules;
  readonly ways: readonly WayName[];
  readonly nowMs: number;
}

const nameOf = ({ kind, subject }: { readonly kind: string; readonly subject: string }): string =>
  `${kind} ${subject}`;

/** All statements that make the alerts what the conditions are; none where nothing has changed. */
export async function changesOf(
  storage: Storage,
  conditions: readonly Condition[],
  deps: TellDeps,
): Promise<Statement[]> {
  const [rows = []] = await storage.read([standingStatement]);
  const standing = new Map(rows.map((row) => [nameOf(rowNames(row)), standingOf(row)]));
  const current = new Map(conditions.map((condition) => [nameOf(condition), condition]));
  const statements: Statement[] = [];
  for (const [name, condition] of current) {
    const known = standing.get(name);
    if (!known) statements.push(...openStatements(condition, deps));
    else statements.push(...stayStatements(known, condition, deps));
  }
  for (const [name, known] of standing) {
    if (!current.has(name)) statements.push(...endStatements(known, deps));
  }
  return statements;
}

const rowNames = (row: Row) => ({ kind: textOf(row, "kind"), subject: textOf(row, "subject") });

const standingOf = (row: Row): Standing => ({
  n: numberOf(row, "n"),
  name: nameOf(rowNames(row)),
  severity:
    row["severity"] === "serious" ? "serious" : row["severity"] === "info" ? "info" : "warning",
  words: textOf(row, "words"),
  remindMs: row["remind_ms"] === null ? null : numberOf(row, "remind_ms"),
});

const HOUR_MS = 3_600_000;

const remindMsOf = (severity: AlertSeverity, { rules, nowMs }: TellDeps): number | null =>
  severity === "serious" && rules.remindHours > 0 ? nowMs + rules.remindHours * HOUR_MS : null;

/** A little later, for others that come along; in quiet hours at their end, but for what is serious. */
function dueMsOf(severity: AlertSeverity, { rules, nowMs }: TellDeps): number {
  const gathered = nowMs + LIMITS.alertGatherMs;
  if (severity === "serious") return gathered;
  return Math.max(gathered, quietUntilMs(nowMs, rules.quiet, rules.zone) ?? 0);
}

function openStatements(condition: Condition, deps: TellDeps): Statement[] {
  const { kind, subject, severity, words, href } = condition;
  return [
    {
      sql: `insert into alert (kind, subject, severity, words, href, opened_ms, remind_ms)
            values (?, ?, ?, ?, ?, ?, ?)`,
      args: [kind, subject, severity, words, href, deps.nowMs, remindMsOf(severity, deps)],
    },
    ...deps.ways.map((way) => ({
      sql: `insert into alert_delivery (alert, moment, round, way, due_ms)
            select n, 'opened', 0, ?, ? from alert
            where kind = ? and subject = ? and ended_ms is null`,
      args: [way, dueMsOf(severity, deps), kind, subject],
    })),
  ];
}

function stayStatements(known: Standing, condition: Condition, deps: TellDeps): Statement[] {
  const { n, remindMs } = known;
  const { words, severity, href } = condition;
  const statements: Statement[] = [];
  if (words !== known.words || severity !== known.severity) {
    // Told once: what is counted in it may change.
    statements.push({
      sql: "update alert set words = ?, severity = ?, href = ? where n = ?",
      args: [words, severity, href, n],
    });
  }
  const next = remindMsOf(severity, deps);
  if (remindMs === null || next === null || deps.nowMs < remindMs) {
    const isOff = (remindMs === null) !== (next === null);
    if (isOff)
      statements.push({ sql: "update alert set remind_ms = ? where n = ?", args: [next, n] });
    return statements;
  }
  return [
    ...statements,
    {
      sql: "update alert set reminders = reminders + 1, remind_ms = ? where n = ?",
      args: [next, n],
    },
    ...deps.ways.map((way) => ({
      sql: `insert into alert_delivery (alert, moment, round, way, due_ms)
            select n, 'reminded', reminders, ?, ? from alert where n = ?`,
      args: [way, dueMsOf(severity, deps), n],
    })),
  ];
}

/** What nobody has been told yet is over before anybody had to know. */
function endStatements({ n, severity }: Standing, deps: TellDeps): Statement[] {
  return [
    { sql: "update alert set ended_ms = ?, remind_ms = null where n = ?", args: [deps.nowMs, n] },
    { sql: "delete from alert_delivery where alert = ? and message is null", args: [n] },
    ...deps.ways.map((way) => ({
      sql: `insert into alert_delivery (alert, moment, round, way, due_ms)
            select ?1, 'ended', 0, ?2, ?3 where exists (
              select 1 from alert_delivery where alert = ?1 and way = ?2)`,
      args: [n, way, dueMsOf(severity, deps)],
    })),
  ];
}
