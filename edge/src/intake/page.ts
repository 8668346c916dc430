/** The items of a round, as they were received. */
import { LIMITS } from "@regulars/shared/limits";
import {
  bytesOf,
  numberOf,
  type Row,
  rowsOf,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import type { RoundResult } from "../background.ts";
import { parseOwn } from "../own-json.ts";

export interface Tried {
  readonly atMs: number;
  readonly code: string;
}

export interface Item {
  readonly n: number;
  readonly account: string;
  readonly format: string;
  readonly topic: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly fetched: Uint8Array | null;
  readonly needs: string | null;
  readonly receivedMs: number;
  readonly state: string;
  readonly attempts: number;
  /** Somebody has looked at it: the rules of its account do not hold it up any more. */
  readonly isApproved: boolean;
  readonly history: readonly Tried[];
}

export const ITEM_COLUMNS = `n, account, format, topic, headers, body, fetched, needs, received_ms,
  state, attempts, approved, history`;

/** Due items in the order of their arrival, as many as fit one write. */
export async function readPage(storage: Storage, nowMs: number): Promise<Item[]> {
  const sizes = await rowsOf(
    storage,
    `select n, length(body) + coalesce(length(fetched), 0) as bytes from received
     where due_ms <= ? and state <> 'fetching' order by due_ms, n limit ?`,
    [nowMs, LIMITS.intakeRoundItems],
  );
  let bytes = 0;
  const end = sizes.findIndex((row) => {
    bytes += numberOf(row, "bytes");
    return bytes > LIMITS.intakeRoundBytes;
  });
  const fitting = sizes.slice(0, end === -1 ? sizes.length : Math.max(1, end));
  return readItems(
    storage,
    fitting.map((row) => numberOf(row, "n")),
  );
}

/** In the order of their numbers; with `dueMs`, those of them that are due then. */
export async function readItems(
  storage: Storage,
  numbers: readonly number[],
  dueMs?: number,
): Promise<Item[]> {
  if (numbers.length === 0) return [];
  const rows = await rowsOf(
    storage,
    `select ${ITEM_COLUMNS} from received
     where n in (select value from json_each(?1)) and body is not null
       and (?2 is null or (due_ms <= ?2 and state <> 'fetching')) order by n`,
    [JSON.stringify(numbers), dueMs ?? null],
  );
  return rows.map((row) => itemOf(row));
}

const itemOf = (row: Row): Item => ({
  n: numberOf(row, "n"),
  account: textOf(row, "account"),
  format: textOf(row, "format"),
  topic: textOf(row, "topic"),
  headers: parseOwn<Record<string, string>>(textOf(row, "headers")),
  body: bytesOf(row, "body"),
  fetched: row["fetched"] === null ? null : bytesOf(row, "fetched"),
  needs: row["needs"] === null ? null : textOf(row, "needs"),
  receivedMs: numberOf(row, "received_ms"),
  state: textOf(row, "state"),
  attempts: numberOf(row, "attempts"),
  isApproved: numberOf(row, "approved") === 1,
  history: parseOwn<Tried[]>(textOf(row, "history")),
});

/** When the next one is due; `idle` where none will be. */
export async function nextDue(storage: Storage, states: string): Promise<RoundResult> {
  const [row] = await rowsOf(
    storage,
    `select min(due_ms) as due from received where due_ms is not null and state ${states}`,
  );
  const due = row?.["due"];
  return typeof due === "number" ? { atMs: due } : "idle";
}
