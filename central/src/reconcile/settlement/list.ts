/** What was imported, and how card sales and settlement of each store-day stand to each other. */
import { currencySchema, minorSchema } from "@regulars/shared/money";
import type { Row, Statement, Storage } from "@regulars/shared/storage/port";
import { z } from "zod";
import { SHAPES } from "./mapping.ts";

const fileRow = z.object({
  n: z.int(),
  name: z.string(),
  shape: z.enum(SHAPES),
  lines: z.int(),
  known: z.int(),
  skipped: z.int(),
  currency: z.string(),
  amountMinor: z.int(),
  feeMinor: z.int(),
  firstDay: z.string().nullable(),
  lastDay: z.string().nullable(),
  importedMs: z.int(),
  importedBy: z.string(),
});
export type SettlementFile = z.infer<typeof fileRow>;

const FILE_COLUMNS = `n, name, shape, lines, known, skipped, currency, amount_minor as amountMinor, fee_minor as feeMinor,
  first_day as firstDay, last_day as lastDay, imported_ms as importedMs, imported_by as importedBy`;

/** Newest first. */
export const filesQuery = (before: number | null, limit: number): Statement => ({
  sql: `select ${FILE_COLUMNS} from settlement_file where n < ? order by n desc limit ?`,
  args: [before ?? Number.MAX_SAFE_INTEGER, limit],
});

export const fileQuery = (n: number): Statement => ({
  sql: `select ${FILE_COLUMNS} from settlement_file where n = ?`,
  args: [n],
});

export async function readFiles(
  storage: Storage,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<{ files: SettlementFile[]; next: number | null }> {
  const [rows = []] = await storage.read([filesQuery(before, limit + 1)]);
  const files = rows.slice(0, limit).map((row) => fileRow.parse(row));
  return { files, next: rows.length > limit ? (files.at(-1)?.n ?? null) : null };
}

export async function readFile(storage: Storage, n: number): Promise<SettlementFile | null> {
  const [[row] = []] = await storage.read([fileQuery(n)]);
  return row ? fileRow.parse(row) : null;
}

const lineRow = z.object({
  line: z.int(),
  store: z.string(),
  businessDay: z.string(),
  batch: z.string().nullable(),
  reference: z.string(),
  currency: z.string(),
  amountMinor: z.int(),
  feeMinor: z.int().nullable(),
  atMs: z.int().nullable(),
});
export type StoredLine = z.infer<typeof lineRow>;

const LINE_COLUMNS = `line, store, business_day as businessDay, batch, reference, currency, amount_minor as amountMinor,
  fee_minor as feeMinor, at_ms as atMs`;

export const linesQuery = (file: number, after: number, limit: number): Statement => ({
  sql: `select ${LINE_COLUMNS} from settlement_line where file = ? and line > ? order by line limit ?`,
  args: [file, after, limit],
});

export async function readLines(
  storage: Storage,
  file: number,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<{ lines: StoredLine[]; next: number | null }> {
  const [rows = []] = await storage.read([linesQuery(file, after, limit + 1)]);
  const lines = rows.slice(0, limit).map((row) => lineRow.parse(row));
  return { lines, next: rows.length > limit ? (lines.at(-1)?.line ?? null) : null };
}

/** One currency of one store-day. */
export interface SettledDay {
  readonly store: string;
  readonly businessDay: string;
  readonly zone: string | null;
  readonly currency: string;
  /** Taken by card, less what went back, as the journal has it; null where the day was not checked yet. */
  readonly cardMinor: number | null;
  /** Of all files; null where none has lines of the day. */
  readonly settledMinor: number | null;
  readonly feeMinor: number;
  readonly lines: number;
}

export interface DaysFilter {
  readonly store?: string | undefined;
  readonly day?: string | undefined;
}
/** The last store-day of the page before. */
export interface DayPlace {
  readonly businessDay: string;
  readonly store: string;
}

/** `d` is the store-day. Sums are read off the index alone. */
const DAY_COLUMNS = `d.store, d.business_day as businessDay, d.zone, d.figures ->> '$.tenders.card' as card,
  (select json_group_object(currency, json_array(lines, amount, fee)) from (
    select currency, count(*) as lines, sum(amount_minor) as amount, coalesce(sum(fee_minor), 0) as fee
    from settlement_line l where l.store = d.store and l.business_day = d.business_day group by currency) sums) as settled`;

/** Stores of which settlement is expected, because a file had them. */
const EXPECTED = "exists (select 1 from settlement_line x where x.store = d.store)";

/** Newest day first, stores of one day by name: the rest of the day where the page before ended, then the days before. */
export function daysQueries(
  { store, day }: DaysFilter,
  after: DayPlace | null,
  limit: number,
): Statement[] {
  if (store !== undefined) {
    return [
      {
        sql: `select ${DAY_COLUMNS} from store_day d where d.store = ? and d.business_day ${day === undefined ? "<" : "="} ? and ${EXPECTED}
          order by d.business_day desc limit ?`,
        args: [store, day ?? after?.businessDay ?? "9999-99-99", limit],
      },
    ];
  }
  const rest: Statement = {
    sql: `select ${DAY_COLUMNS} from store_day d where d.business_day = ? and d.store > ? and ${EXPECTED}
      order by d.store limit ?`,
    args: [day ?? after?.businessDay ?? "", after?.store ?? "", limit],
  };
  if (day !== undefined) return [rest];
  const before: Statement = {
    sql: `select ${DAY_COLUMNS} from store_day d where d.business_day < ? and ${EXPECTED}
      order by d.business_day desc, d.store limit ?`,
    args: [after?.businessDay ?? "9999-99-99", limit],
  };
  return after === null ? [before] : [rest, before];
}

export async function readDays(
  storage: Storage,
  filter: DaysFilter,
  { after, limit }: { readonly after: DayPlace | null; readonly limit: number },
): Promise<{ days: SettledDay[]; next: DayPlace | null }> {
  const rows = (await storage.read(daysQueries(filter, after, limit + 1))).flat();
  const page = rows.slice(0, limit).map((row) => dayRow.parse(row));
  const last = page.at(-1);
  return {
    days: page.flatMap(daysOf),
    next: rows.length > limit && last ? { businessDay: last.businessDay, store: last.store } : null,
  };
}

/** The store-days of one file, with all that is known of each. */
export const fileDaysQuery = (file: number, limit: number): Statement => ({
  sql: `select ${DAY_COLUMNS} from (
      select store, business_day from settlement_line where file = ? group by store, business_day
      order by business_day, store limit ?) f
    cross join store_day d on d.store = f.store and d.business_day = f.business_day`,
  args: [file, limit],
});

export async function readFileDays(
  storage: Storage,
  file: number,
  limit: number,
): Promise<SettledDay[]> {
  const [rows = []] = await storage.read([fileDaysQuery(file, limit)]);
  return rows.flatMap((row: Row) => daysOf(dayRow.parse(row)));
}

const asJson = <Schema extends z.ZodType>(schema: Schema) =>
  z.string().transform((text) => schema.parse(JSON.parse(text)));
const dayRow = z.object({
  store: z.string(),
  businessDay: z.string(),
  zone: z.string().nullable(),
  card: asJson(z.record(currencySchema, minorSchema)).nullable(),
  settled: asJson(z.record(z.string(), z.tuple([z.int(), z.int(), z.int()]))),
});

function daysOf({ card, settled, ...day }: z.infer<typeof dayRow>): SettledDay[] {
  const currencies = [...new Set([...Object.keys(card ?? {}), ...Object.keys(settled)])].toSorted();
  return currencies.map((currency) => {
    const [lines, amount, fee] = settled[currency] ?? [0, null, 0];
    const cardMinor = card === null ? null : (card[currency] ?? 0);
    return { ...day, currency, cardMinor, settledMinor: amount, feeMinor: fee, lines };
  });
}

/** Settled less taken; null where one of the two is not known yet. */
export const differenceOf = ({ cardMinor, settledMinor }: SettledDay): number | null =>
  cardMinor === null || settledMinor === null ? null : settledMinor - cardMinor;
