/** One line of a processor's file as a payment of a store-day; pure. */
import { cellText, readDay, readDecimal } from "@regulars/shared/connect/csv/cell";
import { LIMITS } from "@regulars/shared/limits";
import { currencySchema, decimalToMinor, minorDigits } from "@regulars/shared/money";
import { type SettlementMapping, type SettlementMeaning, STORE_ZONE } from "./mapping.ts";
import { createMoments } from "./moments.ts";
import type { LineProblem, LineReason } from "./refusal.ts";

export interface SettlementLine {
  readonly line: number;
  readonly store: string;
  readonly businessDay: string;
  readonly batch: string | null;
  readonly reference: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly feeMinor: number | null;
  readonly atMs: number | null;
}

/** `other`: of another kind than is asked for, or about no money. */
export type ReadLine =
  | { readonly is: "line"; readonly line: SettlementLine }
  | { readonly is: "other" }
  | { readonly is: "bad"; readonly problems: readonly LineProblem[] };

export interface LineReader {
  read(line: number, cells: readonly string[]): ReadLine;
}

export interface ReaderOptions {
  readonly mapping: SettlementMapping;
  readonly header: readonly string[];
  /** The zone of each store that has tills; null where none has told it. */
  readonly zones: ReadonlyMap<string, string | null>;
  /** ISO date: two digits of a year are the last that has been by then. */
  readonly today: string;
}

/** `mapping` has columns of this header only. */
export function createLineReader(options: ReaderOptions): LineReader {
  const { mapping, header } = options;
  const { columns } = mapping;
  const read = createCellReaders(options);
  return {
    read(line, cells) {
      if (cells.length !== header.length) {
        return { is: "bad", problems: [{ line, column: null, reason: "columns_differ" }] };
      }
      if (mapping.only !== undefined && !read.isIn(mapping.only, cells)) return { is: "other" };
      const currency = read.currency(cells);
      const amount = read.money(read.text(columns.amount, cells), currency ?? ANY_CURRENCY);
      if (amount === 0) return { is: "other" };
      const fee = read.fee(cells, currency ?? ANY_CURRENCY);
      const reference = read.text(columns.reference, cells);
      const { store, zone } = read.store(cells);
      const when = read.when(cells, zone ?? "UTC");
      const reasons: readonly (readonly [SettlementMeaning, LineReason | null])[] = [
        ["currency", currency === null ? "currency_unreadable" : null],
        ["amount", typeof amount === "string" ? amount : null],
        ["fee", typeof fee === "string" ? fee : null],
        ["reference", referenceReason(reference)],
        ["store", store === null ? "store_unknown" : zone === null ? "zone_unknown" : null],
        ["date", when === null ? "date_unreadable" : null],
      ];
      const problems = reasons.flatMap(([meaning, reason]): LineProblem[] =>
        reason === null ? [] : [{ line, column: columns[meaning] ?? meaning, reason }],
      );
      const isWhole = typeof amount === "number" && typeof fee !== "string";
      if (problems.length > 0 || !isWhole || currency === null || store === null || when === null) {
        return { is: "bad", problems };
      }
      const batch = read.text(columns.batch, cells).slice(0, LIMITS.fieldChars);
      const amountMinor = read.isIn(mapping.minus, cells) ? 0 - Math.abs(amount) : amount;
      const known = { line, store, reference, currency, amountMinor, feeMinor: fee };
      return { is: "line", line: { ...known, ...when, batch: batch === "" ? null : batch } };
    },
  };
}

/** Decimals of most, to say what else is wrong with a line whose currency is not known. */
const ANY_CURRENCY = "GBP";

function referenceReason(reference: string): LineReason | null {
  if (reference === "") return "reference_missing";
  return reference.length > LIMITS.settlementReferenceChars ? "reference_too_long" : null;
}

function createCellReaders({ mapping, header, zones, today }: ReaderOptions) {
  const places = new Map(header.map((name, place) => [name, place]));
  const { columns } = mapping;
  const moments = createMoments({ order: mapping.dateOrder, today });
  const text = (column: string | undefined, cells: readonly string[]): string =>
    column === undefined ? "" : cellText(cells[places.get(column) ?? -1]);

  function money(written: string, currency: string): number | LineReason {
    const decimal = readDecimal(written, mapping.decimalMark);
    if (decimal === null) return "amount_unreadable";
    const beyond = (decimal.split(".")[1] ?? "").slice(minorDigits(currency));
    if (/[1-9]/.test(beyond)) return "amount_too_exact";
    const minor = decimalToMinor(decimal, currency);
    return minor.ok ? minor.value : "amount_unreadable";
  }

  return {
    text,
    money,
    isIn(filter: SettlementMapping["only"], cells: readonly string[]): boolean {
      if (filter === undefined) return false;
      const value = text(filter.column, cells).toLowerCase();
      return filter.values.some((each) => each.toLowerCase() === value);
    },
    /** Positive where the processor keeps it; null where it says nothing. */
    fee(cells: readonly string[], currency: string): number | LineReason | null {
      const written = text(columns.fee, cells);
      if (written === "") return null;
      const fee = money(written, currency);
      if (fee === "amount_unreadable") return "fee_unreadable";
      return typeof fee === "number" && mapping.feeSign === "negative" ? 0 - fee : fee;
    },
    currency(cells: readonly string[]): string | null {
      if (columns.currency === undefined) return mapping.currency ?? null;
      const code = currencySchema.safeParse(text(columns.currency, cells).toUpperCase());
      return code.success ? code.data : null;
    },
    store(cells: readonly string[]): { store: string | null; zone: string | null } {
      const value =
        columns.store === undefined ? (mapping.store ?? "") : text(columns.store, cells);
      const named = Object.hasOwn(mapping.stores, value) ? (mapping.stores[value] ?? value) : value;
      return zones.has(named)
        ? { store: named, zone: zones.get(named) ?? null }
        : { store: null, zone: null };
    },
    when(
      cells: readonly string[],
      zone: string,
    ): Pick<SettlementLine, "atMs" | "businessDay"> | null {
      const date = text(columns.date, cells);
      const time = text(columns.time, cells);
      const written = time === "" ? date : `${date} ${time}`;
      if (!written.includes(":")) {
        const day = readDay(written, mapping.dateOrder, today);
        return day === null ? null : { businessDay: day, atMs: null };
      }
      const atMs = moments.instantMs(written, mapping.zone === STORE_ZONE ? zone : mapping.zone);
      if (atMs === null) return null;
      return { atMs, businessDay: moments.day(zone, atMs - mapping.dayFromHour * 3_600_000) };
    },
  };
}
