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
export function createLineReader({ mapping, header, zones, today }: ReaderOptions): LineReader {
  const places = new Map(header.map((name, place) => [name, place]));
  const { columns } = mapping;
  const moments = createMoments({ order: mapping.dateOrder, today });
  const cellOf = (column: string | undefined, cells: readonly string[]): string =>
    column === undefined ? "" : cellText(cells[places.get(column) ?? -1]);

  function isIn(filter: SettlementMapping["only"], cells: readonly string[]): boolean {
    if (filter === undefined) return false;
    const value = cellOf(filter.column, cells).toLowerCase();
    return filter.values.some((each) => each.toLowerCase() === value);
  }

  function moneyOf(text: string, currency: string): number | LineReason {
    const decimal = readDecimal(text, mapping.decimalMark);
    if (decimal === null) return "amount_unreadable";
    const beyond = (decimal.split(".")[1] ?? "").slice(minorDigits(currency));
    if (/[1-9]/.test(beyond)) return "amount_too_exact";
    const minor = decimalToMinor(decimal, currency);
    return minor.ok ? minor.value : "amount_unreadable";
  }

  function currencyOf(cells: readonly string[]): string | null {
    if (columns.currency === undefined) return mapping.currency ?? null;
    const code = currencySchema.safeParse(cellOf(columns.currency, cells).toUpperCase());
    return code.success ? code.data : null;
  }

  function storeOf(cells: readonly string[]): string | null {
    if (columns.store === undefined) return mapping.store ?? null;
    const value = cellOf(columns.store, cells);
    const store = Object.hasOwn(mapping.stores, value) ? (mapping.stores[value] ?? value) : value;
    return zones.has(store) ? store : null;
  }

  function whenOf(
    cells: readonly string[],
    zone: string,
  ): Pick<SettlementLine, "atMs" | "businessDay"> | null {
    const date = cellOf(columns.date, cells);
    const time = cellOf(columns.time, cells);
    const text = time === "" ? date : `${date} ${time}`;
    if (!text.includes(":")) {
      const day = readDay(text, mapping.dateOrder, today);
      return day === null ? null : { businessDay: day, atMs: null };
    }
    const written = mapping.zone === STORE_ZONE ? zone : mapping.zone;
    const atMs = moments.instantMs(text, written);
    if (atMs === null) return null;
    return { atMs, businessDay: moments.day(zone, atMs - mapping.dayFromHour * 3_600_000) };
  }

  return {
    read(line, cells) {
      const problems: LineProblem[] = [];
      const bad = (meaning: SettlementMeaning, reason: LineReason): void => {
        problems.push({ line, column: columns[meaning] ?? meaning, reason });
      };
      if (cells.length !== header.length) {
        return { is: "bad", problems: [{ line, column: null, reason: "columns_differ" }] };
      }
      if (mapping.only !== undefined && !isIn(mapping.only, cells)) return { is: "other" };
      const currency = currencyOf(cells);
      if (currency === null) bad("currency", "currency_unreadable");
      const amount = moneyOf(cellOf(columns.amount, cells), currency ?? "GBP");
      if (amount === 0) return { is: "other" };
      if (typeof amount === "string") bad("amount", amount);
      const feeText = cellOf(columns.fee, cells);
      const fee = feeText === "" ? null : moneyOf(feeText, currency ?? "GBP");
      if (typeof fee === "string") bad("fee", fee === "amount_unreadable" ? "fee_unreadable" : fee);
      const reference = cellOf(columns.reference, cells);
      if (reference === "") bad("reference", "reference_missing");
      if (reference.length > LIMITS.settlementReferenceChars)
        bad("reference", "reference_too_long");
      const store = storeOf(cells);
      const zone = store === null ? null : (zones.get(store) ?? null);
      if (store === null) bad("store", "store_unknown");
      else if (zone === null) bad("store", "zone_unknown");
      const when = whenOf(cells, zone ?? "UTC");
      if (when === null) bad("date", "date_unreadable");
      if (problems.length > 0 || store === null || when === null || currency === null) {
        return { is: "bad", problems };
      }
      if (typeof amount !== "number" || typeof fee === "string") return { is: "bad", problems };
      const batch = cellOf(columns.batch, cells).slice(0, LIMITS.fieldChars);
      return {
        is: "line",
        line: {
          line,
          store,
          ...when,
          batch: batch === "" ? null : batch,
          reference,
          currency,
          amountMinor: isIn(mapping.minus, cells) ? 0 - Math.abs(amount) : amount,
          feeMinor: fee === null ? null : mapping.feeSign === "negative" ? 0 - fee : fee,
        },
      };
    },
  };
}
