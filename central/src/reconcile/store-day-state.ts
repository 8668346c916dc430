/**
 * How a store-day stands (REC2), from what it waits for and what is in question about it: one function for the checks, and the
 * same as a statement, for whoever changes an exception and has to leave the day as it stands after that, in one write.
 */
import type { Statement } from "@regulars/shared/storage/port";
import type { Severity, Waiting } from "./found.ts";

export type ExceptionState = "open" | "explained" | "approved" | "settled";
export type StoreDayState = "complete" | "waiting" | "in_question";

export interface DayStanding {
  readonly state: StoreDayState;
  /** Exceptions that nobody has approved yet. */
  readonly openExceptions: number;
  /** Of those. */
  readonly worst: Severity | null;
}

const BY_SEVERITY: readonly Severity[] = ["serious", "warning", "info"];

/** A question stands before waiting: whoever looks at the day has something to do. Info alone keeps no day open. */
export function standingOf(
  waiting: readonly Waiting[],
  exceptions: readonly { readonly state: ExceptionState; readonly severity: Severity }[],
): DayStanding {
  const open = exceptions.filter(({ state }) => state === "open" || state === "explained");
  const worst = BY_SEVERITY.find((of) => open.some(({ severity }) => severity === of)) ?? null;
  const isInQuestion = worst === "serious" || worst === "warning";
  return {
    state: isInQuestion ? "in_question" : waiting.length > 0 ? "waiting" : "complete",
    openExceptions: open.length,
    worst,
  };
}

/** After changes of exceptions of the day, in their write. A day without a row gets its row by its first check. */
export const recountStatement = (store: string, businessDay: string, nowMs: number): Statement => ({
  sql: `update store_day set
      open_exceptions = now.open, worst = now.worst, state = now.state,
      since_ms = case when store_day.state = now.state then since_ms else ?3 end
    from (
      select open, worst, case
          when worst in ('serious', 'warning') then 'in_question'
          when (select waiting from store_day where store = ?1 and business_day = ?2) <> '[]' then 'waiting'
          else 'complete'
        end as state
      from (
        select count(*) as open, case max(case severity when 'serious' then 3 when 'warning' then 2 else 1 end)
            when 3 then 'serious' when 2 then 'warning' when 1 then 'info'
          end as worst
        from exception
        where store = ?1 and business_day = ?2 and state in ('open', 'explained')
      )
    ) as now
    where store_day.store = ?1 and store_day.business_day = ?2`,
  args: [store, businessDay, nowMs],
});
