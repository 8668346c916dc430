/** Store-days, one after the other, for as long back as somebody may still want them mended. */
import { LIMITS } from "@regulars/shared/limits";
import { rowsOf, type Statement, textOf } from "@regulars/shared/storage/port";
import type { Found } from "../reconcile/found.ts";
import { cursorStatement, JOURNALS, nextRound, readJournalsCursor } from "./cursor.ts";
import { fileStatements, repairedStatement, REPAIRS } from "./differences.ts";
import { type ComparedJournals, compareJournals, type CompareJournalsDeps } from "./journals.ts";
import type { StepResult } from "./profiles.ts";
import type { StoreDay } from "./stretches.ts";

export interface JournalsDeps extends CompareJournalsDeps {
  /** Told of each store-day that was compared, also where nothing was found: what was found before is over then. */
  readonly onJournals: (day: StoreDay, found: readonly Found[]) => Promise<void>;
}

export const nextDayStatement = (store: string, day: string, since: string): Statement => ({
  sql: `select store, business_day from store_day
        where (store, business_day) > (?, ?) and business_day >= ?
        order by store, business_day limit 1`,
  args: [store, day, since],
});

export function createJournalComparing(deps: JournalsDeps) {
  const { storage, nowMs, onJournals } = deps;
  return {
    async step(): Promise<StepResult> {
      const cursor = await readJournalsCursor(storage, nowMs());
      const since = new Date(nowMs() - LIMITS.compareDays * DAY_MS).toISOString().slice(0, 10);
      const { sql, args = [] } = nextDayStatement(cursor.store, cursor.day, since);
      const [row] = await rowsOf(storage, sql, [...args]);
      if (!row) {
        const next = { ...cursor, store: "", day: "", ...nextRound(cursor, nowMs()) };
        await storage.write([cursorStatement(JOURNALS, next)]);
        return "rest";
      }
      const day = { store: textOf(row, "store"), businessDay: textOf(row, "business_day") };
      const compared = await compareJournals(deps, day);
      await onJournals(day, compared.found);
      // Filed all the same: what was mended is opened and settled, and nothing goes silently.
      const left = compared.found.filter(({ evidence }) => evidence["repair"] !== "filled_in");
      if (left.length < compared.found.length) await onJournals(day, left);
      const next = {
        ...cursor,
        store: day.store,
        day: day.businessDay,
        compared: cursor.compared + 1,
      };
      await storage.write([
        ...differenceStatements(day, compared, nowMs()),
        cursorStatement(JOURNALS, next),
      ]);
      return "again";
    },
  };
}

const DAY_MS = 86_400_000;

function differenceStatements(
  { store, businessDay }: StoreDay,
  { found, isMended, edgeDigest, centreDigest }: ComparedJournals,
  nowMs: number,
): Statement[] {
  const subject = `${store}/${businessDay}`;
  const repaired = repairedStatement(["journal"], subject, nowMs);
  if (found.length === 0) return [repaired];
  const done = REPAIRS.filter((each) => found.some(({ evidence }) => evidence["repair"] === each));
  const what = found.map(({ about, evidence }) => `${String(evidence["what"])} ${about}`);
  const detail = {
    what: what.slice(0, LISTED),
    edge: edgeDigest,
    centre: centreDigest,
    done,
    tries: 1,
  };
  const filed = fileStatements("journal", subject, detail, nowMs);
  return isMended ? [...filed, repaired] : filed;
}

/** More say no more. */
const LISTED = 20;
