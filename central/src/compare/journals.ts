/**
 * Journals of one store-day: the rows that the inbox of its store has handed over, against the rows that are here (GLD2). What
 * the edge has not delivered is on its way, and what it has forgotten (docs/decisions/0014) it cannot say: neither differs.
 */
import type { ComparedRow } from "@regulars/shared/compare/messages";
import { rowsDigest } from "@regulars/shared/compare/marks";
import { LIMITS } from "@regulars/shared/limits";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { hexOf } from "../db/packed.ts";
import type { Intake } from "../intake/intake.ts";
import type { Evidence, Found } from "../reconcile/found.ts";
import { fillRows } from "./fill-rows.ts";
import type { CompareEdge } from "./port.ts";
import { readStretches, rowsStatement, type StoreDay, type Stretch } from "./stretches.ts";

export interface CompareJournalsDeps {
  readonly storage: Storage;
  readonly edge: Pick<CompareEdge, "journal">;
  readonly intake: Pick<Intake, "alone">;
  readonly nowMs: () => number;
}

export interface ComparedJournals {
  /** Of kind `journal_differs`; what was filled in meanwhile says so in its evidence, and is not found again. */
  readonly found: readonly Found[];
  readonly stretches: number;
  readonly isMended: boolean;
  readonly edgeDigest: string | null;
  readonly centreDigest: string | null;
}

/** One row or consecutive rows that are not the same on both sides. */
interface Differing {
  readonly stretch: Stretch;
  readonly what: "missing_here" | "other_row";
  readonly rows: readonly ComparedRow[];
  /** Of the first of them. */
  readonly hashHere: string | null;
}

export async function compareJournals(
  deps: CompareJournalsDeps,
  day: StoreDay,
): Promise<ComparedJournals> {
  const { storage, edge } = deps;
  const stretches = [...(await readStretches(storage, day))];
  const asked = { ...THIS_VERSION, store: day.store, withRows: false };
  const found: Found[] = [];
  const digests: { edge: string; centre: string }[] = [];
  for (let at = 0; at === 0 || at < stretches.length; at += LIMITS.compareRanges) {
    const ranges = stretches.slice(at, at + LIMITS.compareRanges);
    const answer = await edge.journal({ ...asked, ranges });
    // Of journals of which nothing at all is here, the newest day of the store tells.
    const unknown = at === 0 ? await unknownWriters(storage, day, answer.writers) : [];
    for (const [index, stretch] of ranges.entries()) {
      const other = answer.ranges[index];
      if (!other || other.rows === 0) continue;
      const here = rowsDigest(await hashesOf(storage, stretch));
      if (here === other.digest) continue;
      const differing = await differingRows(deps, day, stretch);
      if (differing.length > 0) digests.push({ edge: other.digest, centre: here });
      for (const each of differing) found.push(await mendAndTell(deps, day, each));
    }
    for (const stretch of unknown) {
      for (const each of await differingRows(deps, day, stretch))
        found.push(await mendAndTell(deps, day, each));
    }
  }
  return {
    found,
    stretches: stretches.length,
    isMended: found.every(({ evidence }) => evidence["repair"] === "filled_in"),
    edgeDigest: digests[0]?.edge ?? null,
    centreDigest: digests[0]?.centre ?? null,
  };
}

async function hashesOf(storage: Storage, stretch: Stretch) {
  const { sql, args = [] } = rowsStatement(stretch);
  const rows = await rowsOf(storage, sql, [...args]);
  return rows.map((row) => ({ seq: numberOf(row, "seq"), hash: hexOf(row, "hash") }));
}

/** Journals that the edge has handed over and that are not here at all. */
async function unknownWriters(
  storage: Storage,
  { store, businessDay }: StoreDay,
  writers: readonly { source: string; epoch: number; delivered: number }[],
): Promise<Stretch[]> {
  const handedOver = writers.filter(({ delivered }) => delivered > 0);
  const keys = JSON.stringify(handedOver.map(({ source, epoch }) => [source, epoch]));
  const [newest, known] = await storage.read([
    { sql: "select max(business_day) as day from event where store = ?", args: [store] },
    {
      sql: `select e.source, e.epoch from json_each(?) k
            cross join event e on e.source = k.value ->> 0 and e.epoch = k.value ->> 1
              and e.seq = (select min(seq) from event
                where source = k.value ->> 0 and epoch = k.value ->> 1)`,
      args: [keys],
    },
  ]);
  const day = newest?.[0]?.["day"];
  if (typeof day === "string" && day > businessDay) return [];
  const here = new Set(known?.map((row) => `${textOf(row, "source")}/${numberOf(row, "epoch")}`));
  return handedOver
    .filter(({ source, epoch }) => !here.has(`${source}/${epoch}`))
    .map(({ source, epoch, delivered }) => ({ source, epoch, from: 1, to: delivered }));
}

/** Row by row. The edge is asked first: whatever it has handed over by then is here. */
async function differingRows(
  { storage, edge }: CompareJournalsDeps,
  { store }: StoreDay,
  stretch: Stretch,
): Promise<Differing[]> {
  const found: Differing[] = [];
  let { from } = stretch;
  for (;;) {
    const ranges = [{ ...stretch, from }];
    const answer = await edge.journal({ ...THIS_VERSION, store, ranges, withRows: true });
    const items = answer.ranges[0]?.items ?? [];
    const last = items.at(-1);
    if (!last) return found;
    const here = new Map(
      (await hashesOf(storage, { ...stretch, from, to: last.seq })).map((row) => [
        row.seq,
        row.hash,
      ]),
    );
    for (const item of items) {
      const hashHere = here.get(item.seq) ?? null;
      if (hashHere === item.hash) continue;
      const what = hashHere === null ? "missing_here" : "other_row";
      const before = found.at(-1);
      const goesOn = before?.what === what && before.rows.at(-1)?.seq === item.seq - 1;
      if (before && goesOn) found[found.length - 1] = { ...before, rows: [...before.rows, item] };
      else found.push({ stretch, what, rows: [item], hashHere });
    }
    from = last.seq + 1;
    if (from > stretch.to) return found;
  }
}

async function mendAndTell(
  { storage, intake, nowMs }: CompareJournalsDeps,
  day: StoreDay,
  differing: Differing,
): Promise<Found> {
  const { stretch, what, rows, hashHere } = differing;
  const { source, epoch } = stretch;
  const isFilled =
    what === "missing_here" &&
    (await intake.alone(() => fillRows(storage, day, { source, epoch, rows }, nowMs())));
  const [first, last] = [rows[0], rows.at(-1)];
  const seq = first?.seq ?? stretch.from;
  const evidence: Evidence = {
    what,
    rows: rows.length,
    first: seq,
    last: last?.seq ?? seq,
    hash_at_edge: first?.hash ?? null,
    hash_here: hashHere,
    // What is golden the edge has no more: the till keeps it in its archive for ever.
    repair: isFilled ? "filled_in" : what === "missing_here" ? "till_archive" : "by_hand",
  };
  return {
    kind: "journal_differs",
    about: `${source}/${epoch}/${seq}`,
    source,
    epoch,
    seq,
    currency: null,
    amountMinor: null,
    evidence,
  };
}
