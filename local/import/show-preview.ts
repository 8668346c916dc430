/** A preview on the terminal of the person who imports: it shows values, so it goes nowhere else. */
import { type Doubt, DOUBTS, type Preview } from "@regulars/shared/connect/csv/preview";
import type { CsvMapping } from "@regulars/shared/connect/csv/mapping";
import { failureLines, nothingUsable, type Summary } from "./summary.ts";

export function previewText(
  preview: Preview,
  mapping: CsvMapping,
  gaps: readonly string[],
): string {
  const { encoding, delimiter, decimalMark, dateOrder, what } = mapping;
  const delimiterName = delimiter === "\t" ? "tab" : delimiter;
  const head = `${what}; ${encoding}, delimiter ${delimiterName}, decimal mark ${decimalMark}, dates ${dateOrder}`;
  const width = Math.max(...preview.columns.map(({ header }) => header.length), 0);
  const columns = preview.columns.map(({ header, meaning, filled, readable, examples, doubts }) => {
    const counts = meaning === null ? `${filled} filled` : `${readable} of ${filled} read`;
    const shown = examples.map((each) => each.slice(0, 40)).join(" | ");
    const line = `  ${header.padEnd(width)}  ${(meaning ?? "(left out)").padEnd(13)}  ${counts.padEnd(18)}  ${shown}`;
    return [line.trimEnd(), ...doubts.map(wordsOf)].join("\n");
  });
  return [
    head,
    `Of the first ${preview.rows} rows:`,
    ...columns,
    ...preview.doubts.map(wordsOf),
    ...gaps.map((gap) => `  ! ${gap}.`),
  ].join("\n");
}

const wordsOf = (doubt: Doubt): string => `  ! ${DOUBTS[doubt]}.`;

/** What the records that were looked at would become. */
export function summaryText(summary: Summary): string {
  const { records, captures, failed, skippedByReason, money } = summary;
  const skipped = Object.entries(skippedByReason).map(([reason, count]) => `${count} ${reason}`);
  const sums = Object.entries(money).map(([currency, minor]) => `${currency} ${minor} minor units`);
  const nothing = nothingUsable(summary);
  return [
    `${records} records: ${captures} captures, ${failed} that cannot be used${skipped.length > 0 ? `, and left out: ${skipped.join(", ")}` : ""}.`,
    ...(sums.length > 0 ? [`Sales less returns: ${sums.join(", ")}.`] : []),
    ...failureLines(summary).map((line) => `  ! ${line}`),
    ...(nothing === null ? [] : [nothing]),
  ].join("\n");
}
