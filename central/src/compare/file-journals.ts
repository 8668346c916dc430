/** What differs in journals, as exceptions of its store-day: beside those of the checks, with the same life. */
import type { Storage } from "@regulars/shared/storage/port";
import { markDirty } from "../reconcile/dirty.ts";
import { fileFound, standingOfRow, standingQuery } from "../reconcile/exceptions/file-found.ts";
import type { Found } from "../reconcile/found.ts";
import type { StoreDay } from "./stretches.ts";

/** A person may be quicker with one of them; a third time in a row nobody is. */
const TRIES = 3;

/** What is found no more is settled. The day is marked, so that its state is made anew. */
export async function fileJournals(
  storage: Storage,
  day: StoreDay,
  found: readonly Found[],
  nowMs: number,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const [rows = []] = await storage.read([standingQuery(day)]);
    const standing = rows.map((row) => standingOfRow(row));
    const { statements } = fileFound({ day, checks: ["journal"], found, standing, nowMs });
    if (statements.length === 0) return;
    try {
      await storage.write([...statements, markDirty([day], nowMs)]);
      return;
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}
