/**
 * Stretches of journals as digests, for the centre to compare (GLD2). Of what is delivered alone: the rest is on its way. An
 * inbox that lost its disk has not all rows (docs/decisions/0014), and says how many it has.
 */
import type { CompareJournal, CompareJournalAnswer } from "@regulars/shared/compare/messages";
import { rowsDigest } from "@regulars/shared/compare/marks";
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";

import { itemIdSql } from "./item-id.ts";

type Range = CompareJournal["ranges"][number];
export type ComparedJournal = Omit<CompareJournalAnswer, "protocol" | "schema" | "minReader">;

export async function compareJournal(
  storage: Storage,
  ranges: readonly Range[],
  withRows: boolean,
): Promise<ComparedJournal> {
  const writers = await rowsOf(storage, "select source, epoch, delivered from mark");
  const found = await storage.read(ranges.map((range) => rangeQuery(range, withRows)));
  return {
    writers: writers.map((row) => ({
      source: textOf(row, "source"),
      epoch: numberOf(row, "epoch"),
      delivered: numberOf(row, "delivered"),
    })),
    ranges: found.map((rows) => ({
      rows: rows.length,
      digest: rowsDigest(
        rows.map((row) => ({ seq: numberOf(row, "seq"), hash: textOf(row, "hash") })),
      ),
      ...(withRows ? { items: withinBytes(rows).map((row) => itemOf(row)) } : {}),
    })),
  };
}

const rangeQuery = ({ source, epoch, from, to }: Range, withRows: boolean): Statement => ({
  sql: `select i.seq, i.hash${withRows ? ", i.prev, i.accepted_ms, i.offset_ms, i.body, i.code" : ""}
        from mark m cross join item i on i.id >= ${itemIdSql("m.n", "?3")}
          and i.id <= ${itemIdSql("m.n", "min(?4, m.delivered)")}
        where m.source = ?1 and m.epoch = ?2 order by i.id ${withRows ? "limit ?5" : ""}`,
  args: [source, epoch, from, to, ...(withRows ? [LIMITS.compareRows] : [])],
});

/** The first in any case. */
function withinBytes(rows: readonly Row[]): readonly Row[] {
  let bytes = 0;
  const end = rows.findIndex(({ body }) => {
    bytes += typeof body === "string" ? body.length : 0;
    return bytes > LIMITS.compareRowsBytes;
  });
  return rows.slice(0, end === -1 ? rows.length : Math.max(1, end));
}

function itemOf(row: Row) {
  const { body, code } = row;
  return {
    seq: numberOf(row, "seq"),
    prev: textOf(row, "prev"),
    hash: textOf(row, "hash"),
    acceptedAtMs: numberOf(row, "accepted_ms"),
    offsetMs: numberOf(row, "offset_ms"),
    body: typeof body === "string" ? body : null,
    quarantined: typeof code === "string" ? code : null,
  };
}
