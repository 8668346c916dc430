/** The versions that a golden record has had: when, why, and what each says otherwise than the one before (GLD1). */
import type { CustomerId } from "@regulars/shared/ids";
import { numberOf, type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { STANDS } from "./write-golden.ts";
import { goldenText } from "../db/packed-columns.ts";
import { type Cause, causeSchema } from "./cause.ts";
import { type GoldenDifference, goldenDifference } from "./difference.ts";
import { type Golden, goldenSchema } from "./golden.ts";

/** Of the version that stands, what the customer's row says. */
const GOLDEN = `case when h.golden = '${STANDS}' then c.golden else h.golden end as golden`;

export interface VersionEntry {
  readonly version: number;
  readonly atMs: number;
  /** Null where it is not known: the row is of an older build. */
  readonly cause: Cause | null;
  readonly golden: Golden;
}

export interface HistoryPage {
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Newest first, from below `before` on. */
export async function readVersions(
  storage: Storage,
  customer: CustomerId,
  { before = Number.MAX_SAFE_INTEGER, limit }: HistoryPage,
): Promise<VersionEntry[]> {
  const rows = await rowsOf(
    storage,
    `select h.version, h.at_ms, ${GOLDEN}, h.cause from golden_history h
       left join customer c on c.id = h.customer
     where h.customer = ? and h.version < ? order by h.version desc limit ?`,
    [customer, before, limit],
  );
  return rows.map((row) => versionOf(row));
}

export interface VersionSummary extends Omit<VersionEntry, "golden"> {
  readonly fields: readonly string[];
  readonly keys: boolean;
  readonly consents: boolean;
}

/** Without values: what has changed, and not into what. One version more is read, to compare the last one with. */
export async function readHistory(
  storage: Storage,
  customer: CustomerId,
  { before, limit }: HistoryPage,
): Promise<{ versions: VersionSummary[]; more: boolean }> {
  const entries = await readVersions(storage, customer, { before, limit: limit + 1 });
  const versions = entries.slice(0, limit).map(({ golden, ...entry }, at) => {
    const { fields, keys, consents } = goldenDifference(entries[at + 1]?.golden ?? null, golden);
    return {
      ...entry,
      fields: fields.map(({ field }) => field),
      keys: keys.added.length + keys.removed.length > 0,
      consents: consents.length > 0,
    };
  });
  return { versions, more: entries.length > limit };
}

/** Null where one of the versions does not exist. */
export async function readDifference(
  storage: Storage,
  customer: CustomerId,
  from: number,
  to: number,
): Promise<GoldenDifference | null> {
  const rows = await rowsOf(
    storage,
    `select h.version, ${GOLDEN} from golden_history h left join customer c on c.id = h.customer
     where h.customer = ? and h.version in (?, ?)`,
    [customer, from, to],
  );
  const goldenOf = (version: number): Golden | null => {
    const row = rows.find((each) => numberOf(each, "version") === version);
    return row ? goldenSchema.parse(JSON.parse(goldenText(row))) : null;
  };
  const [before, after] = [goldenOf(from), goldenOf(to)];
  return before && after && goldenDifference(before, after);
}

const versionOf = (row: Row): VersionEntry => ({
  version: numberOf(row, "version"),
  atMs: numberOf(row, "at_ms"),
  cause: row["cause"] === null ? null : causeSchema.parse(JSON.parse(textOf(row, "cause"))),
  golden: goldenSchema.parse(JSON.parse(goldenText(row))),
});
