/** Dead letters: what was refused, kept whole (SYN6). The same thing sent again is the same row. */
import type { Statement } from "@regulars/shared/storage/port";

export interface IntakeProblem {
  readonly source: string;
  readonly epoch: number;
  readonly code: string;
  /** Journal number or identity key. */
  readonly item: string;
  readonly hash: string;
  readonly payload: object;
}

export function problemStatement(problem: IntakeProblem, nowMs: number): Statement {
  const { source, epoch, code, item, hash, payload } = problem;
  return {
    sql: `insert into intake_problem (source, epoch, code, item, hash, received_ms, payload)
          values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
    args: [source, epoch, code, item, hash, nowMs, JSON.stringify(payload)],
  };
}
