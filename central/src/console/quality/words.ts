/** Data quality in words. */
import type { Breach } from "../../quality/breaches.ts";
import { COMPLETENESS_DAYS } from "../../quality/breaches.ts";
import { formatCount, formatCountOf } from "../format.ts";
import { fieldWords } from "../words.ts";

const CHANNEL_WORDS: Readonly<Record<string, string>> = {
  till: "Till",
  web: "Web shop",
  app: "App",
  desk: "Service desk",
  import: "Import",
  unknown: "Not said",
};
export const wayWords = (channel: string): string => CHANNEL_WORDS[channel] ?? channel;

const SALE_FIELD_WORDS: Readonly<Record<string, string>> = {
  customer: "Sale names a customer",
  staff: "Sale names who sold",
  payment: "Sale says how it was paid",
};
export const qualityFieldWords = (field: string): string =>
  SALE_FIELD_WORDS[field] ?? fieldWords(field);

const FLAG_WORDS: Readonly<Record<string, string>> = {
  tenders_differ: "Payments do not add up",
  negative_quantity: "Negative quantity in a sale",
  two_timestamps: "Lines of different times",
  fraction_of_minor: "Price finer than a penny",
  doubtful_field: "A customer field that could not be read",
  split_receipt: "Receipt came in pieces",
  clock_off: "Till's clock was off",
  lines_differ: "Lines do not come to the total",
  late: "After its day was closed",
  clock_ahead: "Till's clock was ahead",
  other: "A flag that this version does not know",
};
export const flagWords = (flag: string): string => FLAG_WORDS[flag] ?? flag;

/** "97.4%", with two digits close to all and to nothing, where they matter. */
export function shareWords(share: number): string {
  const percent = share * 100;
  if (percent === 0 || percent === 100) return `${percent}%`;
  const isClose = percent > 99 || percent < 1;
  const text = percent.toFixed(isClose ? 2 : 1);
  if (text === "100.00") return "just below 100%";
  if (text === "0.00") return "just above 0%";
  return `${text}%`;
}

/** What a part of a measure is, such as "Web shop · E-mail". */
export function partWords(measure: string, part: string): string {
  const [channel = "", rest = ""] = part.split("/");
  if (measure === "accepted") return wayWords(channel);
  if (measure === "field") return `${wayWords(channel)} · ${qualityFieldWords(rest)}`;
  if (measure === "flag") return `${wayWords(channel)} · ${flagWords(rest)}`;
  return NUMBER_WORDS[measure] ?? measure;
}

const NUMBER_WORDS: Readonly<Record<string, string>> = {
  potential: "Potential matches",
  merges: "Customers joined",
  splits: "Customers parted",
  twice: "Receipts found twice",
};

const MEASURE_WORDS: Readonly<Record<string, string>> = {
  accepted: "Of use, of what was received",
  field: "Has the field, of what could have it",
  flag: "Flagged, of what was accepted",
  potential: "Potential matches, of all customers",
  merges: "Customers joined in the day",
  splits: "Customers parted in the day",
  twice: "Receipts found twice in the day",
};
export const measureWords = (measure: string): string => MEASURE_WORDS[measure] ?? measure;

/** One sentence for whoever has to look. */
export function breachWords(breach: Breach): string {
  const { measure, part, value, limit, count, of, day, distance } = breach;
  switch (measure) {
    case "accepted":
      return `${wayWords(part)}: ${formatCountOf(of - count, "row")} of ${formatCount(of)} on ${day} could not be used. At least ${shareWords(limit)} have to be of use, and ${shareWords(value)} are.`;
    case "completeness":
      return `${partWords("field", part)}: ${shareWords(value)} of the last ${COMPLETENESS_DAYS} days. The policy asks for ${shareWords(limit)}.`;
    case "drift": {
      const [of_ = "", ...rest] = part.split("/");
      const way = (distance ?? 0) < 0 ? "fell" : "rose";
      return `${partWords(of_, rest.join("/"))} ${way} to ${shareWords(value)} on ${day}. Usual are ${shareWords(limit)}.`;
    }
    case "potential":
      return `${perThousand(value)} potential matches per 1,000 customers wait for a decision. The threshold is ${perThousand(limit)}.`;
    case "merges":
      return `${formatCountOf(value, "customer was", "customers were")} joined on ${day}. The threshold is ${formatCount(limit)}.`;
    case "twice":
      return `${formatCountOf(value, "receipt was", "receipts were")} found twice on ${day}. The threshold is ${formatCount(limit)}.`;
  }
}

export const perThousand = (share: number): string => (share * 1_000).toFixed(1);
