/** Policies that are tried: kept with what was found so far, so that nobody has to wait for it, and only what was tried is published. */
import { canonicalJson, type Json, sha256Hex } from "@regulars/shared/digest";
import { z } from "zod";
import { numberOf, type Row, rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port"; // prettier-ignore

export const POLICY_KINDS = ["survivorship", "matching", "quality"] as const;
export type PolicyKind = (typeof POLICY_KINDS)[number];

export interface PolicyTry {
  readonly n: number;
  readonly kind: PolicyKind;
  readonly digest: string;
  /** As JSON; its version is the one after `base`. */
  readonly policy: unknown;
  readonly base: number;
  readonly state: "running" | "done" | "stopped";
  readonly cursor: string;
  readonly done: number;
  readonly total: number;
  readonly tally: unknown;
  readonly by: string;
  readonly startedMs: number;
  readonly finishedMs: number | null;
  readonly publishedMs: number | null;
}

/** As JSON says it: what is undefined is not there. */
export function digestOfJson(value: object): string {
  const json: Json = z.json().parse(JSON.parse(JSON.stringify(value)));
  return sha256Hex(canonicalJson(json));
}

export const oneTry = (n: number): Statement => ({
  sql: "select * from policy_try where n = ?",
  args: [n],
});
/** The oldest first: one runs at a time. */
export const runningTry = (): Statement => ({
  sql: `select * from policy_try indexed by policy_try_running where state = 'running' order by n limit 1`,
});
export const newestTries = (kind: PolicyKind, limit: number): Statement => ({
  sql: "select * from policy_try where kind = ? order by n desc limit ?",
  args: [kind, limit],
});

export async function readTries(storage: Storage, statement: Statement): Promise<PolicyTry[]> {
  const [rows = []] = await storage.read([statement]);
  return rows.map((row) => tryOf(row));
}

export interface NewTry {
  readonly kind: PolicyKind;
  readonly policy: object;
  readonly base: number;
  readonly total: number;
  readonly by: string;
  readonly nowMs: number;
}

/** Answers its number. */
export async function addTry(
  storage: Storage,
  each: NewTry,
  also: readonly Statement[],
): Promise<number> {
  const { kind, policy, base, total, by, nowMs } = each;
  const digest = digestOfJson(policy);
  await storage.write([
    {
      sql: `insert into policy_try (kind, digest, policy, base, state, total, "by", started_ms)
            values (?, ?, ?, ?, 'running', ?, ?, ?)`,
      args: [kind, digest, JSON.stringify(policy), base, total, by, nowMs],
    },
    ...also,
  ]);
  const [row] = await rowsOf(storage, "select max(n) as n from policy_try where kind = ? and digest = ?", [kind, digest]); // prettier-ignore
  if (!row) throw new Error("a count without a row");
  return numberOf(row, "n");
}

export interface TryProgress {
  readonly cursor: string;
  readonly done: number;
  readonly tally: object;
  /** Null while there is more. */
  readonly finishedMs: number | null;
}

/** Of one that was stopped meanwhile nothing changes. */
export const progressStatement = (n: number, progress: TryProgress): Statement => ({
  sql: `update policy_try set cursor = ?, done = ?, tally = ?, finished_ms = ?,
          state = case when ?4 is null then 'running' else 'done' end
        where n = ? and state = 'running'`,
  args: [progress.cursor, progress.done, JSON.stringify(progress.tally), progress.finishedMs, n],
});

export const stopStatement = (n: number, nowMs: number): Statement => ({
  sql: "update policy_try set state = 'stopped', finished_ms = ? where n = ? and state = 'running'",
  args: [nowMs, n],
});

export const publishedStatement = (n: number, nowMs: number): Statement => ({
  sql: "update policy_try set published_ms = ? where n = ?",
  args: [nowMs, n],
});

const STATES = ["running", "done", "stopped"] as const;

function tryOf(row: Row): PolicyTry {
  const kind = POLICY_KINDS.find((each) => each === row["kind"]);
  const state = STATES.find((each) => each === row["state"]);
  if (!kind || !state) throw new Error("a try of a kind that is none");
  const msOf = (column: string): number | null =>
    row[column] === null ? null : numberOf(row, column);
  return {
    n: numberOf(row, "n"),
    kind,
    state,
    digest: textOf(row, "digest"),
    policy: JSON.parse(textOf(row, "policy")),
    base: numberOf(row, "base"),
    cursor: textOf(row, "cursor"),
    done: numberOf(row, "done"),
    total: numberOf(row, "total"),
    tally: JSON.parse(textOf(row, "tally")),
    by: textOf(row, "by"),
    startedMs: numberOf(row, "started_ms"),
    finishedMs: msOf("finished_ms"),
    publishedMs: msOf("published_ms"),
  };
}
