/** The outbox of messages: what is due becomes one message, which is sent until it is taken or given up (at least once). */
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  rowsOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { contentSchema, type MessageContent, MOMENTS } from "./message.ts";
import { ALERT_KINDS, SEVERITIES } from "./rules.ts";
import type { FailureCode, WayName } from "./ways.ts";
import { z } from "zod";

export const dueStatement = (way: WayName, nowMs: number): Statement => ({
  sql: `select d.alert, d.moment, d.round, a.kind, a.subject, a.severity, a.words, a.href, a.opened_ms, a.ended_ms
        from alert_delivery d indexed by alert_delivery_due cross join alert a on a.n = d.alert
        where d.message is null and d.way = ? and d.due_ms <= ? order by d.due_ms limit ?`,
  args: [way, nowMs, LIMITS.alertsPerMessage],
});

/** Gathers what is due into one message; false when nothing is. In one write, so that no alert is in two. */
export async function gather(
  storage: Storage,
  way: WayName,
  nowMs: number,
  newId: () => string,
): Promise<boolean> {
  const { sql, args = [] } = dueStatement(way, nowMs);
  const rows = await rowsOf(storage, sql, [...args]);
  if (rows.length === 0) return false;
  const content: MessageContent = { isTest: false, items: rows.map((row) => itemOf(row)) };
  const id = newId();
  const taken = rows.map((row) => [
    numberOf(row, "alert"),
    textOf(row, "moment"),
    numberOf(row, "round"),
  ]);
  await storage.write([
    messageStatement(id, way, content, nowMs),
    {
      sql: `update alert_delivery set message = (select n from alert_message where id = ?)
            where way = ? and message is null
              and (alert, moment, round) in (select value ->> 0, value ->> 1, value ->> 2 from json_each(?))`,
      args: [id, way, JSON.stringify(taken)],
    },
  ]);
  return true;
}

function itemOf(row: Row): MessageContent["items"][number] {
  return {
    alert: numberOf(row, "alert"),
    kind: z.enum(ALERT_KINDS).parse(row["kind"]),
    subject: textOf(row, "subject"),
    severity: z.enum(SEVERITIES).parse(row["severity"]),
    moment: z.enum(MOMENTS).parse(row["moment"]),
    words: textOf(row, "words"),
    href: textOf(row, "href"),
    openedMs: numberOf(row, "opened_ms"),
    endedMs:
      row["moment"] === "ended" && row["ended_ms"] !== null ? numberOf(row, "ended_ms") : null,
  };
}

export const messageStatement = (
  id: string,
  way: WayName,
  content: MessageContent,
  nowMs: number,
  dueMs = nowMs,
): Statement => ({
  sql: "insert into alert_message (id, way, content, created_ms, next_ms) values (?, ?, ?, ?, ?)",
  args: [id, way, JSON.stringify(content), nowMs, dueMs],
});

export interface WaitingMessage {
  readonly n: number;
  readonly id: string;
  readonly way: string;
  readonly content: MessageContent;
  readonly attempts: number;
}

export const waitingStatement = (nowMs: number): Statement => ({
  sql: `select n, id, way, content, attempts from alert_message indexed by alert_message_due
        where delivered_ms is null and given_up_ms is null and next_ms <= ? order by next_ms limit 1`,
  args: [nowMs],
});

export async function nextMessage(storage: Storage, nowMs: number): Promise<WaitingMessage | null> {
  const { sql, args = [] } = waitingStatement(nowMs);
  const [row] = await rowsOf(storage, sql, [...args]);
  if (!row) return null;
  return {
    n: numberOf(row, "n"),
    id: textOf(row, "id"),
    way: textOf(row, "way"),
    content: contentSchema.parse(JSON.parse(textOf(row, "content"))),
    attempts: numberOf(row, "attempts"),
  };
}

export const deliveredStatement = (n: number, nowMs: number): Statement => ({
  sql: "update alert_message set delivered_ms = ?, attempts = attempts + 1, failure = null where n = ?",
  args: [nowMs, n],
});

/** `nextMs` null: given up. */
export const failedStatement = (
  n: number,
  failure: FailureCode,
  nextMs: number | null,
  nowMs: number,
): Statement => ({
  sql: `update alert_message set attempts = attempts + 1, failure = ?2, next_ms = coalesce(?3, next_ms),
          given_up_ms = case when ?3 is null then ?4 end where n = ?1`,
  args: [n, failure, nextMs, nowMs],
});
