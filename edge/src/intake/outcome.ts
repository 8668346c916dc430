/** How it ended with an item, for now, and what of it is written. */
import type { Account } from "@regulars/shared/connect/account";
import { classOf, type Failure } from "@regulars/shared/connect/failure";
import { LIMITS } from "@regulars/shared/limits";
import type { Statement } from "@regulars/shared/storage/port";
import type { Item } from "./page.ts";

/** What it comes to: its priority when somebody has to look at it. */
export interface Worth {
  readonly minor: number;
  readonly currency: string | null;
}

export const NO_WORTH: Worth = { minor: 0, currency: null };

export type Outcome =
  | { readonly state: "done" | "dropped" }
  | { readonly state: "fetching"; readonly path: string }
  | {
      readonly state: "failed";
      readonly failure: Failure;
      /** The order or receipt that it waits for. */
      readonly wants?: string;
      readonly worth: Worth;
    };

export interface OutcomeContext {
  readonly nowMs: number;
  readonly random: () => number;
  readonly retry: Account["retry"];
}

/** For what tills say: it is never given up. */
export const TILL_RETRY: Account["retry"] = { attempts: 50, firstMs: 1_000 };

const DAY_MS = 86_400_000;

export function outcomeStatement(item: Item, outcome: Outcome, context: OutcomeContext): Statement {
  const { nowMs } = context;
  switch (outcome.state) {
    case "done":
      return {
        sql: `update received set state = 'done', due_ms = null, code = null, field = null,
                detail = null, wants = null, fetched = null, go_ms = ? where n = ?`,
        args: [nowMs + LIMITS.intakeBodyDays * DAY_MS, item.n],
      };
    case "dropped":
      return droppedStatement(item.n, nowMs);
    case "fetching":
      return {
        sql: "update received set state = 'fetching', needs = ?, due_ms = ? where n = ?",
        args: [outcome.path, nowMs, item.n],
      };
    case "failed":
      return failedStatement(item, outcome, context);
  }
}

/** Nothing of it stays but its key. */
export const droppedStatement = (n: number, nowMs: number): Statement => ({
  sql: `update received set state = 'dropped', due_ms = null, body = null, fetched = null,
          headers = '{}', wants = null, go_ms = ? where n = ?`,
  args: [nowMs + LIMITS.intakeKeyDays * DAY_MS, n],
});

function failedStatement(
  item: Item,
  { failure, wants, worth }: Extract<Outcome, { state: "failed" }>,
  context: OutcomeContext,
): Statement {
  // Done it stays: the answer of that write may have been lost.
  const tried = [...item.history, { atMs: context.nowMs, code: failure.code }];
  return {
    sql: `update received set state = 'failed', due_ms = ?, attempts = ?, code = ?, field = ?,
            detail = ?, wants = ?, worth_minor = ?, currency = ?, history = ?
          where n = ? and state <> 'done'`,
    args: [
      retryAtMs(item.attempts, failure, context),
      item.attempts + 1,
      failure.code,
      failure.field ?? null,
      failure.detail ?? null,
      wants ?? null,
      worth.minor,
      worth.currency,
      JSON.stringify(tried.slice(-LIMITS.intakeHistoryItems)),
      item.n,
    ],
  };
}

/** With full jitter; null for what will not go better by itself, and once it has been tried often enough. */
export function retryAtMs(
  attempts: number,
  failure: Failure,
  { nowMs, random, retry }: OutcomeContext,
): number | null {
  const kind = classOf(failure);
  if (kind !== "transient" && kind !== "reference") return null;
  if (attempts + 1 >= retry.attempts) return null;
  const ceiling = Math.min(LIMITS.intakeRetryMaxMs, retry.firstMs * 2 ** Math.min(attempts, 20));
  return nowMs + Math.ceil(random() * ceiling);
}
