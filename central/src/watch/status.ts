/** How the centre stands with its terminals and with the edge. */
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { readWriters, type WriterState } from "../console/writers.ts";

export interface CentreStatus {
  readonly terminals: readonly WriterState[];
  /** Decisions that the edge has not applied. */
  readonly publications: number;
  /** What arrived and could not be used, by reason; events that are kept and not understood among them. */
  readonly quarantined: Readonly<Record<string, number>>;
  readonly storageBytes: number;
}

const STORES_MAX = 1_000;

export async function readCentreStatus(storage: Storage): Promise<CentreStatus> {
  const { writers } = await readWriters(storage, { after: "", limit: STORES_MAX });
  const [counts = [], reasons = []] = await storage.read([
    {
      sql: `select (select count(*) from publication) as publications,
              (select page_count * page_size from pragma_page_count, pragma_page_size) as bytes`,
    },
    {
      sql: `select code, count(*) as items from (
              select code from intake_problem
              union all select quarantined from event where quarantined is not null)
            group by code order by code`,
    },
  ]);
  const [count = {}] = counts;
  return {
    terminals: writers,
    publications: numberOf(count, "publications"),
    quarantined: Object.fromEntries(
      reasons.map((row) => [textOf(row, "code"), numberOf(row, "items")]),
    ),
    storageBytes: numberOf(count, "bytes"),
  };
}

export interface QuarantinedItem {
  readonly source: string;
  readonly epoch: number;
  /** A row's number, or the key of a fragment. */
  readonly item: string;
  readonly code: string;
  readonly sinceMs: number;
}

export async function readQuarantine(storage: Storage, max: number): Promise<QuarantinedItem[]> {
  const rows = await rowsOf(
    storage,
    `select source, epoch, item, code, received_ms as since_ms from intake_problem
     union all select source, epoch, cast(seq as text), quarantined, received_ms from event
       where quarantined is not null
     order by since_ms, source, epoch, item limit ?`,
    [max],
  );
  return rows.map((row) => ({
    source: textOf(row, "source"),
    epoch: numberOf(row, "epoch"),
    item: textOf(row, "item"),
    code: textOf(row, "code"),
    sinceMs: numberOf(row, "since_ms"),
  }));
}

/** Of a centre that has nothing to complain of: "all is well". */
export function wordsOf({ terminals, publications, quarantined }: CentreStatus, nowMs: number) {
  const late = terminals.filter(
    ({ waitingSinceMs }) => waitingSinceMs !== null && nowMs - waitingSinceMs > PATIENCE_MS,
  );
  const items = Object.values(quarantined).reduce((sum, count) => sum + count, 0);
  const words = [
    ...(late.length > 0
      ? [`${counted(late.length, "terminal")} with events that wait for their fragments`]
      : []),
    ...(publications > LATE_PUBLICATIONS
      ? [`${counted(publications, "decision")} not yet at the edge`]
      : []),
    ...(items > 0 ? [`${counted(items, "item")} in quarantine`] : []),
  ];
  return { ok: words.length === 0, words: words.length === 0 ? "all is well" : words.join(", ") };
}

/** So long may an event wait for its fragment before anybody has to know. */
const PATIENCE_MS = 60_000;
/** More than a busy minute leaves. */
const LATE_PUBLICATIONS = 1_000;

const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? "" : "s"}`;
