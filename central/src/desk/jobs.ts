/**
 * "Replay all like this": a job that goes on page by page in the background, whoever looks. One cause is replayed once at a time;
 * a page that was cut off is asked for once more, which does no harm, because what has taken effect has left the list (SYN6).
 */
import { sha256Hex, canonicalJson } from "@regulars/shared/digest";
import { numberOf, type Row, rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port"; // prettier-ignore
import { z } from "zod";
import { hereCauseSchema } from "./here.ts";

const edgeCauseSchema = z.object({
  shop: z.string(),
  account: z.string(),
  format: z.string(),
  topic: z.string(),
  code: z.string(),
  field: z.string().nullable(),
});

export const askSchema = z.discriminatedUnion("at", [
  z.object({ at: z.literal("edge"), cause: edgeCauseSchema, approve: z.boolean() }),
  z.object({ at: z.literal("here"), cause: hereCauseSchema }),
]);
export type JobAsk = z.infer<typeof askSchema>;

export interface DeskJob {
  readonly n: number;
  readonly ask: JobAsk;
  readonly state: "running" | "done" | "stopped";
  readonly next: string | null;
  readonly replayed: number;
  readonly kept: number;
  /** Why they are kept, by code. */
  readonly reasons: Readonly<Record<string, number>>;
  /** What it waits for. */
  readonly failure: "unreachable" | null;
  readonly by: string;
  readonly startedMs: number;
  readonly changedMs: number;
  readonly finishedMs: number | null;
}

export const causeDigest = ({ at, cause }: JobAsk): string =>
  sha256Hex(canonicalJson([at, { ...cause }]));

export const runningJob = (): Statement => ({
  sql: `select * from desk_job indexed by desk_job_running where state = 'running' order by n limit 1`,
});
export const jobOfCause = (digest: string): Statement => ({
  sql: `select * from desk_job indexed by desk_job_cause where cause = ? order by n desc limit 1`,
  args: [digest],
});
export const newestJobs = (limit: number): Statement => ({
  sql: "select * from desk_job order by n desc limit ?",
  args: [limit],
});
export const oneJob = (n: number): Statement => ({
  sql: "select * from desk_job where n = ?",
  args: [n],
});

export async function readJobs(storage: Storage, statement: Statement): Promise<DeskJob[]> {
  const [rows = []] = await storage.read([statement]);
  return rows.map((row) => jobOf(row));
}

export interface NewJob {
  readonly ask: JobAsk;
  readonly by: string;
  readonly nowMs: number;
}

/** The one that runs already, where somebody else was quicker: two clicks are one job. */
export async function addJob(
  storage: Storage,
  { ask, by, nowMs }: NewJob,
  also: readonly Statement[],
): Promise<{ readonly job: DeskJob; readonly isNew: boolean }> {
  const digest = causeDigest(ask);
  const [before] = await readJobs(storage, jobOfCause(digest));
  if (before?.state === "running") return { job: before, isNew: false };
  const insert = {
    sql: `insert into desk_job (cause, ask, state, "by", started_ms, changed_ms)
          values (?, ?, 'running', ?, ?, ?)`,
    args: [digest, JSON.stringify(ask), by, nowMs, nowMs],
  };
  // Refused by the index, where the other one came between: then it is theirs.
  const isNew = await storage.write([insert, ...also]).then(
    () => true,
    async (error: unknown) => {
      const [theirs] = await readJobs(storage, jobOfCause(digest));
      if (theirs?.state !== "running") throw error;
      return false;
    },
  );
  const [job] = await readJobs(storage, jobOfCause(digest));
  if (!job) throw new Error("a job that was just written is not there");
  return { job, isNew };
}

export interface JobPage {
  readonly next: string | null;
  readonly replayed: number;
  readonly kept: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly isDone: boolean;
}

export function jobStatement(job: DeskJob, page: JobPage, nowMs: number): Statement {
  const reasons: Record<string, number> = { ...job.reasons };
  for (const [code, count] of Object.entries(page.reasons)) {
    reasons[code] = (reasons[code] ?? 0) + count;
  }
  return {
    sql: `update desk_job set next = ?, replayed = replayed + ?, kept = kept + ?, reasons = ?, failure = null,
            changed_ms = ?, state = case when ?6 is null then 'running' else 'done' end, finished_ms = ?6
          where n = ? and state = 'running'`,
    args: [
      page.next,
      page.replayed,
      page.kept,
      JSON.stringify(reasons),
      nowMs,
      page.isDone ? nowMs : null,
      job.n,
    ],
  };
}

export const waitStatement = (n: number, nowMs: number): Statement => ({
  sql: "update desk_job set failure = 'unreachable', changed_ms = ? where n = ? and state = 'running'",
  args: [nowMs, n],
});
export const stopJobStatement = (n: number, nowMs: number): Statement => ({
  sql: `update desk_job set state = 'stopped', changed_ms = ?1, finished_ms = ?1
        where n = ?2 and state = 'running'`,
  args: [nowMs, n],
});

/** Who last worked an item, and when: the audit says it. */
export async function lastWorked(
  storage: Storage,
  action: "intake.replay" | "tills.manage",
  target: string,
): Promise<{ readonly by: string; readonly atMs: number } | null> {
  const [row] = await rowsOf(
    storage,
    `select coalesce(p.name, a."by") as who, a.at_ms from audit a indexed by audit_target
     left join person p on p.id = a."by"
     where a.target = ? and a.action = ? order by a.n desc limit 1`,
    [target, action],
  );
  return row ? { by: textOf(row, "who"), atMs: numberOf(row, "at_ms") } : null;
}

const STATES = ["running", "done", "stopped"] as const;

function jobOf(row: Row): DeskJob {
  const state = STATES.find((each) => each === row["state"]);
  if (!state) throw new Error("a job in a state that is none");
  return {
    n: numberOf(row, "n"),
    ask: askSchema.parse(JSON.parse(textOf(row, "ask"))),
    state,
    next: row["next"] === null ? null : textOf(row, "next"),
    replayed: numberOf(row, "replayed"),
    kept: numberOf(row, "kept"),
    reasons: z.record(z.string(), z.int()).parse(JSON.parse(textOf(row, "reasons"))),
    failure: row["failure"] === null ? null : "unreachable",
    by: textOf(row, "by"),
    startedMs: numberOf(row, "started_ms"),
    changedMs: numberOf(row, "changed_ms"),
    finishedMs: row["finished_ms"] === null ? null : numberOf(row, "finished_ms"),
  };
}
