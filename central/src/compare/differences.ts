/** What was found to differ, as it is kept: digests and words of closed lists, no values (SEC2). */
import {
  numberOf,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { z } from "zod";

export const DIFFERENCE_KINDS = ["profile", "golden", "journal"] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

export const REPAIRS = [
  /** Decisions were told to the edge again. */
  "told_again",
  /** The edge made the profile anew from its fragments, and delivered these once more. */
  "rebuilt_at_edge",
  /** Fragments were given back to the edge. */
  "given_back",
  /** The golden record was derived anew. */
  "golden_anew",
  /** What the centre had of a fragment counts no more, and the edge's word is taken. */
  "taken_anew",
  /** Journal rows were filled in from the edge. */
  "filled_in",
  /** Only the till's archive has the rows: somebody has to fetch them. */
  "till_archive",
] as const;
export type Repair = (typeof REPAIRS)[number];

export const detailSchema = z.object({
  /** What was seen to differ, of all tries. */
  what: z.array(z.string()),
  /** Digests, as they were before the last try. */
  edge: z.string().nullable(),
  centre: z.string().nullable(),
  /** Of all tries. */
  done: z.array(z.enum(REPAIRS)),
  tries: z.int(),
});
export type DifferenceDetail = z.infer<typeof detailSchema>;

export interface Difference {
  readonly n: number;
  readonly kind: DifferenceKind;
  /** A customer, or `store/day`. */
  readonly subject: string;
  readonly detail: DifferenceDetail;
  readonly foundMs: number;
  readonly repairedMs: number | null;
}

/** One stands per kind and subject: found again, what is known of it is brought up to date. */
export const fileStatements = (
  kind: DifferenceKind,
  subject: string,
  detail: DifferenceDetail,
  nowMs: number,
): Statement[] => {
  const json = JSON.stringify(detail);
  return [
    {
      sql: "update difference set detail = ? where kind = ? and subject = ? and repaired_ms is null",
      args: [json, kind, subject],
    },
    {
      sql: `insert into difference (kind, subject, detail, found_ms) select ?1, ?2, ?3, ?4
            where not exists (
              select 1 from difference where kind = ?1 and subject = ?2 and repaired_ms is null)`,
      args: [kind, subject, json, nowMs],
    },
  ];
};

/** Of all kinds about a customer, or of one. */
export const repairedStatement = (
  kinds: readonly DifferenceKind[],
  subject: string,
  nowMs: number,
): Statement => ({
  sql: `update difference set repaired_ms = ?1 where repaired_ms is null and subject = ?2
          and kind in (select value from json_each(?3))`,
  args: [nowMs, subject, JSON.stringify(kinds)],
});

export const standingStatement = (max: number): Statement => ({
  sql: `select n, kind, subject, detail, found_ms, repaired_ms from difference
        where repaired_ms is null order by kind, subject limit ?`,
  args: [max],
});

export const newestStatement = (max: number): Statement => ({
  sql: "select n, kind, subject, detail, found_ms, repaired_ms from difference order by n desc limit ?",
  args: [max],
});

/** Newest first, from below `before` on. */
export const pageStatement = (before: number | null, max: number): Statement => ({
  sql: `select n, kind, subject, detail, found_ms, repaired_ms from difference where n < ?
        order by n desc limit ?`,
  args: [before ?? Number.MAX_SAFE_INTEGER, max],
});

export async function readDifferences(storage: Storage, { sql, args = [] }: Statement) {
  const rows = await rowsOf(storage, sql, [...args]);
  return rows.map((row): Difference => ({
    n: numberOf(row, "n"),
    kind: z.enum(DIFFERENCE_KINDS).parse(row["kind"]),
    subject: textOf(row, "subject"),
    detail: detailSchema.parse(JSON.parse(textOf(row, "detail"))),
    foundMs: numberOf(row, "found_ms"),
    repairedMs: row["repaired_ms"] === null ? null : numberOf(row, "repaired_ms"),
  }));
}
