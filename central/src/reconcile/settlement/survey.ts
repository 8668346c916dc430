/**
 * Goes once through a file by its mapping: what it would bring, or what is wrong with it. Nothing is written: a file is taken
 * whole or not at all, so all of it is read first.
 */
import { LIMITS } from "@regulars/shared/limits";
import type { SettlementMapping } from "./mapping.ts";
import { type FileFormat, readRecords, Unreadable } from "./read-csv.ts";
import { createLineReader, type SettlementLine } from "./read-line.ts";
import type { FileRefusal, LineProblem } from "./refusal.ts";

export interface Survey {
  readonly lines: number;
  /** Of other kinds, or about no money. */
  readonly skipped: number;
  readonly currency: string | null;
  readonly amountMinor: number;
  readonly feeMinor: number;
  readonly refunds: number;
  readonly firstDay: string | null;
  readonly lastDay: string | null;
  /** Store-days that it is about. */
  readonly storeDays: number;
  readonly stores: readonly string[];
  /** Values of the store's column that are no store here, as far as they can be chosen by hand. */
  readonly unknownStores: readonly string[];
  /** The first ones; `problemCount` is all of them. */
  readonly problems: readonly LineProblem[];
  readonly problemCount: number;
  readonly refusal: FileRefusal | null;
}

export interface SurveyOptions {
  readonly file: Omit<FileFormat, "delimiter">;
  readonly header: readonly string[];
  readonly mapping: SettlementMapping;
  readonly zones: ReadonlyMap<string, string | null>;
  readonly today: string;
  /** Lets others have their turn. */
  readonly pause: () => Promise<void>;
  /** Lines seen so far. */
  readonly onProgress?: (lines: number) => void;
  /** Each line that is taken, in their order. */
  readonly onLine?: (line: SettlementLine) => void;
}

/** Lines between two pauses: a few milliseconds of work. */
const LINES_PER_TURN = 500;

export async function surveyFile(options: SurveyOptions): Promise<Survey> {
  const { file, header, mapping, pause, onProgress } = options;
  const refusal = mappingRefusal(mapping, header);
  const sums = createSums(options);
  if (refusal) return sums.survey(refusal);
  let isHead = true;
  let seen = 0;
  try {
    for await (const { line, cells } of readRecords({ ...file, delimiter: mapping.delimiter })) {
      if (isHead) {
        isHead = false;
        continue;
      }
      seen += 1;
      if (seen > LIMITS.settlementLines) return sums.survey({ reason: "too_many_lines", line });
      sums.take(line, cells);
      if (seen % LINES_PER_TURN === 0) {
        onProgress?.(seen);
        await pause();
      }
    }
  } catch (error) {
    if (error instanceof Unreadable) return sums.survey(error.refusal);
    throw error;
  }
  return sums.survey(null);
}

/** Columns that are not there, and what neither a column nor the form says. */
export function mappingRefusal(
  mapping: SettlementMapping,
  header: readonly string[],
): FileRefusal | null {
  const { columns, only, minus } = mapping;
  const named = [...Object.values(columns), only?.column, minus?.column];
  const missing = named.find((column) => column !== undefined && !header.includes(column));
  if (missing !== undefined) return { reason: "column_missing", column: missing };
  if (columns.currency === undefined && mapping.currency === undefined) {
    return { reason: "currency_not_chosen" };
  }
  if (columns.store === undefined && mapping.store === undefined) {
    return { reason: "store_not_chosen" };
  }
  return null;
}

function createSums({ header, mapping, zones, today, onLine }: SurveyOptions) {
  const reader = createLineReader({ mapping, header, zones, today });
  const storePlace =
    mapping.columns.store === undefined ? -1 : header.indexOf(mapping.columns.store);
  const storeDays = new Set<string>();
  const stores = new Set<string>();
  const unknown = new Set<string>();
  const problems: LineProblem[] = [];
  const sum = { lines: 0, skipped: 0, amountMinor: 0, feeMinor: 0, refunds: 0, problemCount: 0 };
  let currency: string | null = null;
  let firstDay: string | null = null;
  let lastDay: string | null = null;

  function fail(found: readonly LineProblem[], cells: readonly string[]): void {
    sum.problemCount += found.length;
    problems.push(...found.slice(0, LIMITS.settlementProblemItems - problems.length));
    const place = (cells[storePlace] ?? "").trim();
    const isStore = found.some(({ reason }) => reason === "store_unknown");
    if (isStore && place !== "" && unknown.size < LIMITS.settlementStoreValues) unknown.add(place);
  }

  function add(line: SettlementLine, cells: readonly string[]): void {
    currency ??= line.currency;
    if (line.currency !== currency) {
      const column = mapping.columns.currency ?? null;
      fail([{ line: line.line, column, reason: "currency_mixed" }], cells);
      return;
    }
    sum.lines += 1;
    sum.amountMinor += line.amountMinor;
    sum.feeMinor += line.feeMinor ?? 0;
    if (line.amountMinor < 0) sum.refunds += 1;
    if (firstDay === null || line.businessDay < firstDay) firstDay = line.businessDay;
    if (lastDay === null || line.businessDay > lastDay) lastDay = line.businessDay;
    stores.add(line.store);
    storeDays.add(`${line.store}/${line.businessDay}`);
    onLine?.(line);
  }

  return {
    take(line: number, cells: readonly string[]): void {
      const read = reader.read(line, cells);
      if (read.is === "line") add(read.line, cells);
      else if (read.is === "other") sum.skipped += 1;
      else fail(read.problems, cells);
    },
    survey(refusal: FileRefusal | null): Survey {
      const isNothing = refusal === null && sum.lines === 0 && sum.problemCount === 0;
      return {
        ...sum,
        currency,
        firstDay,
        lastDay,
        storeDays: storeDays.size,
        stores: [...stores].toSorted(),
        unknownStores: [...unknown],
        problems,
        refusal: isNothing ? { reason: "no_lines" } : refusal,
      };
    },
  };
}

export const isTakeable = ({ refusal, problemCount, lines }: Survey): boolean =>
  refusal === null && problemCount === 0 && lines > 0;
