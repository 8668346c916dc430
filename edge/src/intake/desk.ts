/** The desk: what could not be used, listed, shown, read anew or dropped by a person (SYN6). */
import {
  classOf,
  type ErrorClass,
  FAILURE_CODES,
  type FailureCode,
  failureOf,
  wordsOf,
} from "@regulars/shared/connect/failure";
import { bytesToBase64 } from "@regulars/shared/digest";
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  type Row,
  rowsOf,
  type SqlValue,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { parseOwn } from "../own-json.ts";
import type { Tried } from "./page.ts";

export interface FailedItem {
  readonly n: number;
  readonly account: string;
  readonly format: string;
  readonly topic: string;
  readonly code: FailureCode;
  readonly class: ErrorClass;
  readonly field: string | null;
  /** For a person; never anything of what was sent (SEC2). */
  readonly words: string;
  readonly receivedMs: number;
  readonly attempts: number;
  /** When it is tried again by itself; null for never. */
  readonly retryMs: number | null;
  readonly worthMinor: number;
  readonly currency: string | null;
  readonly priority: number;
}

export interface FailedAsk {
  readonly account?: string | undefined;
  readonly class?: ErrorClass | undefined;
  readonly code?: FailureCode | undefined;
  /** Of the last item of the page before. */
  readonly after?: { readonly priority: number; readonly n: number } | undefined;
  /** As of when priorities are; now where absent. */
  readonly atMs?: number | undefined;
  readonly max: number;
}

/**
 * What comes first: money, and what waits long. An item is worth a point for each hundred of its currency, a thousand at most,
 * so that one large order does not hide all others for ever, and ten points for each hour that it waits.
 */
export const priorityOf = (worthMinor: number, waitedMs: number): number =>
  Math.floor(Math.min(1_000, worthMinor / 10_000) + (waitedMs / 3_600_000) * 10);

/** The same in SQL, of minor units and received_ms, at ?1 ms. */
const PRIORITY =
  "cast(min(1000.0, worth_minor / 10000.0) + (?1 - received_ms) / 3600000.0 * 10 as integer)";

export async function listFailed(
  storage: Storage,
  ask: FailedAsk,
  nowMs: number,
): Promise<FailedItem[]> {
  const codes = ask.code
    ? [ask.code]
    : FAILURE_CODES.filter((code) => !ask.class || classOf(failureOf(code)) === ask.class);
  const rows = await rowsOf(
    storage,
    `select * from (
       select n, account, format, topic, code, field, detail, received_ms, attempts, due_ms,
         worth_minor, currency, ${PRIORITY} as priority
       from received where state = 'failed' and (?2 is null or account = ?2)
         and code in (select value from json_each(?3)))
     where priority < ?4 or (priority = ?4 and n > ?5)
     order by priority desc, n limit ?6`,
    [
      nowMs,
      ask.account ?? null,
      JSON.stringify(codes),
      ask.after?.priority ?? Number.MAX_SAFE_INTEGER,
      ask.after?.n ?? 0,
      ask.max,
    ],
  );
  return rows.map((row) => failedOf(row));
}

function failedOf(row: Row): FailedItem {
  const failure = failureOfRow(row);
  return {
    n: numberOf(row, "n"),
    account: textOf(row, "account"),
    format: textOf(row, "format"),
    topic: textOf(row, "topic"),
    code: failure.code,
    class: classOf(failure),
    field: failure.field ?? null,
    words: wordsOf(failure),
    receivedMs: numberOf(row, "received_ms"),
    attempts: numberOf(row, "attempts"),
    retryMs: numberOrNull(row["due_ms"]),
    worthMinor: numberOf(row, "worth_minor"),
    currency: textOrNull(row["currency"]),
    priority: numberOf(row, "priority"),
  };
}

/** A code of another build is shown as a mistake of ours. */
function failureOfRow(row: Row) {
  const code = FAILURE_CODES.find((known) => known === row["code"]) ?? "internal";
  return failureOf(
    code,
    textOrNull(row["field"]) ?? undefined,
    textOrNull(row["detail"]) ?? undefined,
  );
}

const textOrNull = (value: SqlValue | undefined): string | null =>
  typeof value === "string" ? value : null;
const numberOrNull = (value: SqlValue | undefined): number | null =>
  typeof value === "number" ? value : null;

export interface FailedGroup {
  readonly account: string;
  readonly format: string;
  readonly topic: string;
  readonly code: string;
  readonly field: string | null;
  readonly items: number;
  readonly oldestMs: number;
  /** One of them, by which the others are named. */
  readonly example: number;
}

/** Failures that one cause may have: the largest groups first. */
export async function groupsOf(storage: Storage): Promise<FailedGroup[]> {
  const rows = await rowsOf(
    storage,
    `select account, format, topic, code, field, count(*) as items, min(received_ms) as oldest,
       min(n) as example from received where state = 'failed'
     group by account, format, topic, code, field order by items desc, example limit ?`,
    [LIMITS.intakeGroupRows],
  );
  return rows.map((row) => ({
    account: textOf(row, "account"),
    format: textOf(row, "format"),
    topic: textOf(row, "topic"),
    code: textOf(row, "code"),
    field: textOrNull(row["field"]),
    items: numberOf(row, "items"),
    oldestMs: numberOf(row, "oldest"),
    example: numberOf(row, "example"),
  }));
}

export interface ShownItem {
  readonly n: number;
  readonly account: string;
  readonly key: string;
  readonly format: string;
  readonly topic: string;
  readonly state: string;
  readonly receivedMs: number;
  readonly code: string | null;
  readonly field: string | null;
  readonly words: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** As it came, in base64; null once it has been let go. */
  readonly body: string | null;
  readonly history: readonly Tried[];
}

/** One item with all that came: whoever asks has the right to see it, and asked for this one. */
export async function showItem(storage: Storage, n: number): Promise<ShownItem | null> {
  const [row] = await rowsOf(storage, "select * from received where n = ?", [n]);
  if (!row) return null;
  const { body, code } = row;
  return {
    n,
    account: textOf(row, "account"),
    key: textOf(row, "key"),
    format: textOf(row, "format"),
    topic: textOf(row, "topic"),
    state: textOf(row, "state"),
    receivedMs: numberOf(row, "received_ms"),
    code: textOrNull(code),
    field: textOrNull(row["field"]),
    words: code === null ? null : wordsOf(failureOfRow(row)),
    headers: parseOwn<Record<string, string>>(textOf(row, "headers")),
    body: body instanceof Uint8Array ? bytesToBase64(body) : null,
    history: parseOwn<Tried[]>(textOf(row, "history")),
  };
}

export interface PrivacyRequest {
  readonly n: number;
  readonly account: string;
  readonly request: string;
  readonly atMs: number;
  /** Until then it has to be answered. */
  readonly dueMs: number;
  /** Identity keys of the person; the customer is found by them. */
  readonly subject: readonly string[];
  readonly orders: readonly string[];
}

export async function openPrivacy(storage: Storage): Promise<PrivacyRequest[]> {
  const rows = await rowsOf(
    storage,
    `select n, account, request, at_ms, due_ms, subject, orders from privacy
     where closed_ms is null order by due_ms limit ?`,
    [LIMITS.intakePageRows],
  );
  return rows.map((row) => ({
    n: numberOf(row, "n"),
    account: textOf(row, "account"),
    request: textOf(row, "request"),
    atMs: numberOf(row, "at_ms"),
    dueMs: numberOf(row, "due_ms"),
    subject: parseOwn<string[]>(textOf(row, "subject")),
    orders: parseOwn<string[]>(textOf(row, "orders")),
  }));
}

/** False where there is none, or it was closed before. */
export async function closePrivacy(storage: Storage, n: number, nowMs: number): Promise<boolean> {
  const sql = "select 1 as found from privacy where n = ? and closed_ms is null";
  const [row] = await rowsOf(storage, sql, [n]);
  if (!row) return false;
  await storage.write([{ sql: "update privacy set closed_ms = ? where n = ?", args: [nowMs, n] }]);
  return true;
}
