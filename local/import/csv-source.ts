/** Rows of a CSV file to items: a row a customer, or the rows of a receipt together. */
import { sha256Hex } from "@regulars/shared/digest";
import type { CsvContext, CsvOutcome } from "@regulars/shared/connect/csv/env";
import { createCsvMapper } from "@regulars/shared/connect/csv/map";
import { type CsvMapping, unknownColumns } from "@regulars/shared/connect/csv/mapping";
import type { CsvRow } from "@regulars/shared/connect/csv/row";
import { failureOf } from "@regulars/shared/connect/failure";
import { CommandFailure } from "../command.ts";
import { createInvoiceWindow, type InvoicePart } from "../formats/invoice-window.ts";
import { openCsv } from "./csv-text.ts";
import type { Item, Source } from "./item.ts";

export async function* csvSource(path: string, mapping: CsvMapping, context: CsvContext): Source {
  const { header, rows } = await openCsv(path, mapping);
  refuseUnknownColumns(mapping, header);
  const mapper = createCsvMapper(mapping, header, context);
  const window = createInvoiceWindow<CsvRow>();
  let position = 0;
  const receiptOf = ({ part, lines, isBroken }: InvoicePart<CsvRow>): Item =>
    itemOf(mapper.map(lines, part, part > 1 || isBroken), lines, header, position);
  for await (const row of rows) {
    position = row.position;
    if (row.cells.length !== header.length) {
      const detail = `Line ${row.line} has another number of fields than the first.`;
      yield itemOf({ failed: failureOf("bad_row", undefined, detail) }, [row], header, position);
      continue;
    }
    const group = mapper.groupOf(row);
    if (group === null) yield itemOf(mapper.map([row], 1, false), [row], header, position);
    else yield* window.add(group, row).map(receiptOf);
  }
  yield* window.end(false).map(receiptOf);
}

export function refuseUnknownColumns(mapping: CsvMapping, header: readonly string[]): void {
  const unknown = unknownColumns(mapping, header);
  if (unknown.length === 0) return;
  const names = unknown.map((name) => `"${name}"`).join(", ");
  throw new CommandFailure(`The mapping names columns that the file does not have: ${names}.`);
}

function itemOf(
  outcome: CsvOutcome,
  rows: readonly CsvRow[],
  header: readonly string[],
  position: number,
): Item {
  const line = rows[0]?.line;
  const at = { position, ...(line === undefined ? {} : { line }) };
  if ("capture" in outcome) return { captures: [outcome.capture], ...at };
  if ("skipped" in outcome) return { captures: [], skipped: outcome.skipped, ...at };
  const text = csvOf(header, rows);
  const { code, field, detail } = outcome.failed;
  const where = detail ?? (line === undefined ? undefined : `Line ${line}.`);
  const failure = failureOf(code, field, where);
  const key = `csv:failed:${sha256Hex(text).slice(0, 32)}`;
  return { captures: [], failed: { key, failure, raw: new TextEncoder().encode(text) }, ...at };
}

/** The rows with the line that names their columns, so that they can be read by themselves. */
const csvOf = (header: readonly string[], rows: readonly CsvRow[]): string =>
  [header, ...rows.map(({ cells }) => cells)]
    .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","))
    .join("\r\n");
