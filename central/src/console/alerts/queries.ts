/** What the pages of alerts read, each page by index. */
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { type AlertSeverity, SEVERITIES } from "../../alerts/rules.ts";
import { contentSchema } from "../../alerts/message.ts";
import { z } from "zod";

export interface AlertRow {
  readonly n: number;
  readonly kind: string;
  readonly subject: string;
  readonly severity: AlertSeverity;
  readonly words: string;
  readonly href: string;
  readonly openedMs: number;
  readonly endedMs: number | null;
  readonly reminders: number;
  /** When the first message about it was taken by somebody; null where none was yet. */
  readonly toldMs: number | null;
}

const COLUMNS = `a.n, a.kind, a.subject, a.severity, a.words, a.href, a.opened_ms, a.ended_ms, a.reminders,
  (select min(m.delivered_ms) from alert_delivery d cross join alert_message m on m.n = d.message
   where d.alert = a.n and d.moment = 'opened') as told_ms`;

/** As many as stand: one per kind and subject. */
export const standingQuery = (max: number): Statement => ({
  sql: `select ${COLUMNS} from alert a indexed by alert_standing where a.ended_ms is null
        order by a.kind, a.subject limit ?`,
  args: [max],
});

export const pastQuery = (before: number | null, max: number): Statement => ({
  sql: `select ${COLUMNS} from alert a where a.n < ? and a.ended_ms is not null order by a.n desc limit ?`,
  args: [before ?? Number.MAX_SAFE_INTEGER, max],
});

export async function readAlerts(
  storage: Storage,
  { sql, args = [] }: Statement,
): Promise<AlertRow[]> {
  const rows = await rowsOf(storage, sql, [...args]);
  return rows.map((row) => ({
    n: numberOf(row, "n"),
    kind: textOf(row, "kind"),
    subject: textOf(row, "subject"),
    severity: z.enum(SEVERITIES).parse(row["severity"]),
    words: textOf(row, "words"),
    href: textOf(row, "href"),
    openedMs: numberOf(row, "opened_ms"),
    endedMs: numberOrNull(row, "ended_ms"),
    reminders: numberOf(row, "reminders"),
    toldMs: numberOrNull(row, "told_ms"),
  }));
}

/** The worst first, then the oldest. */
export const worstFirst = (alerts: readonly AlertRow[]): AlertRow[] =>
  alerts.toSorted(
    (a, b) =>
      SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || a.openedMs - b.openedMs,
  );

export interface MessageRow {
  readonly n: number;
  readonly id: string;
  readonly way: string;
  readonly isTest: boolean;
  readonly alerts: number;
  readonly createdMs: number;
  readonly attempts: number;
  readonly nextMs: number;
  readonly deliveredMs: number | null;
  readonly givenUpMs: number | null;
  readonly failure: string | null;
}

export const messagesQuery = (before: number | null, max: number): Statement => ({
  sql: `select n, id, way, content, created_ms, attempts, next_ms, delivered_ms, given_up_ms, failure
        from alert_message where n < ? order by n desc limit ?`,
  args: [before ?? Number.MAX_SAFE_INTEGER, max],
});

export const messageByIdQuery = (id: string): Statement => ({
  sql: `select n, id, way, content, created_ms, attempts, next_ms, delivered_ms, given_up_ms, failure
        from alert_message where id = ?`,
  args: [id],
});

export async function readMessages(
  storage: Storage,
  { sql, args = [] }: Statement,
): Promise<MessageRow[]> {
  const rows = await rowsOf(storage, sql, [...args]);
  return rows.map((row) => {
    const { isTest, items } = contentSchema.parse(JSON.parse(textOf(row, "content")));
    return {
      n: numberOf(row, "n"),
      id: textOf(row, "id"),
      way: textOf(row, "way"),
      isTest,
      alerts: items.length,
      createdMs: numberOf(row, "created_ms"),
      attempts: numberOf(row, "attempts"),
      nextMs: numberOf(row, "next_ms"),
      deliveredMs: numberOrNull(row, "delivered_ms"),
      givenUpMs: numberOrNull(row, "given_up_ms"),
      failure: row["failure"] === null ? null : textOf(row, "failure"),
    };
  });
}

/** Messages that nobody has taken yet. */
export const waitingCountQuery: Statement = {
  sql: `select count(*) as waiting from alert_message indexed by alert_message_due
        where delivered_ms is null and given_up_ms is null`,
};

export async function readWaiting(storage: Storage): Promise<number> {
  const [row = {}] = await rowsOf(storage, waitingCountQuery.sql);
  return numberOf(row, "waiting");
}

const numberOrNull = (row: Row, column: string): number | null =>
  row[column] === null ? null : numberOf(row, column);
