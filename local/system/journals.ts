/** Whole journals and whole lists of the centre, page by page. */
import type { JournalRow } from "./agent-client.ts";
import type { CentreEvent } from "./centre-client.ts";
import type { Agent, System } from "./system.ts";
import { untilAvailable } from "./until-available.ts";

const pageRows = 1_000;

export function readJournal({ client }: Agent, signal: AbortSignal): AsyncGenerator<JournalRow> {
  return paged(
    (after) => untilAvailable(() => client.journal(after, pageRows), signal),
    ({ seq }) => seq,
  );
}

export function readCentreEvents(
  { centre }: System,
  writer: { readonly source: string; readonly epoch: number },
  signal: AbortSignal,
): AsyncGenerator<CentreEvent> {
  return paged(
    (after) => untilAvailable(() => centre.events({ ...writer, after, limit: pageRows }), signal),
    ({ seq }) => seq,
  );
}

/** Until a page is empty. */
export async function* paged<Entry>(
  read: (after: number) => Promise<readonly Entry[]>,
  numberOf: (entry: Entry) => number,
): AsyncGenerator<Entry> {
  for (let after = 0; ;) {
    const page = await read(after);
    const last = page.at(-1);
    if (last === undefined) return;
    yield* page;
    after = numberOf(last);
  }
}
