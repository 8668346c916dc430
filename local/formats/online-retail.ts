/** Reads the UCI "Online Retail" file: a line per article, which the number puts together to invoices. */
import { pipeline } from "node:stream";
import { type Info, parse } from "csv-parse";
import { createInvoiceWindow, type InvoicePart } from "./invoice-window.ts";
import { BrokenInput, type Invoice } from "./invoice.ts";
import { invoiceOf } from "./online-retail-invoice.ts";
import { createLineParser, type LineParser, type RetailLine } from "./online-retail-line.ts";
import type { Text } from "./read-text.ts";

const recordBytesMax = 256 * 1024; // a quote that is never closed would take in the rest of the file
const countriesMax = 1_000;

/** Invoices in the order of the file; at a line that is broken a sentence is thrown, after all that came before. */
export async function* readOnlineRetail(text: Text): AsyncGenerator<Invoice> {
  const window = createInvoiceWindow<RetailLine>();
  let position = 0;
  const toInvoice = (part: InvoicePart<RetailLine>): Invoice => invoiceOf(part, position);
  try {
    for await (const { line, bytes } of readLines(text)) {
      position = Math.min(bytes / text.bytes, 1);
      yield* window.add(line.invoice, line).map(toInvoice);
    }
  } catch (error) {
    if (error instanceof BrokenInput) yield* window.end(true).map(toInvoice);
    throw error;
  }
  yield* window.end(false).map(toInvoice);
}

interface ReadLine {
  readonly line: RetailLine;
  /** Of the uncompressed file, up to the end of this line. */
  readonly bytes: number;
}

async function* readLines(text: Text): AsyncGenerator<ReadLine> {
  const broken = (number: number, what: string): BrokenInput =>
    new BrokenInput(`${text.name}, line ${number}: ${what}`);
  const countries = new Set<string>();
  let parseLine: LineParser | null = null;
  let held: ReadLine | null = null; // until it is known not to be the last, which may be half-written
  let number = 0;
  for await (const next of readRecords(text)) {
    if (held) {
      yield held;
      if (countries.size < countriesMax) countries.add(held.line.country);
      held = null;
    }
    number = next.number;
    if ("failure" in next) throw broken(number, next.failure);
    if (parseLine === null) {
      const parser = createLineParser(next.record);
      if (!parser.ok) throw broken(number, parser.reason);
      parseLine = parser.value;
    } else {
      const line = parseLine(next.record);
      if (!line.ok) throw broken(number, line.reason);
      held = { line: line.value, bytes: next.bytes };
    }
  }
  if (parseLine === null) throw new BrokenInput(`${text.name} is empty`);
  if (held && text.ending.isLineOpen && isCutShort(held.line.country, countries)) {
    throw broken(number, "the line is half-written");
  }
  if (held) yield held;
}

/** In a file cut within its last column the last line looks whole, but for a country nobody has heard of. */
function isCutShort(country: string, countries: ReadonlySet<string>): boolean {
  return !countries.has(country) && [...countries].some((known) => known.startsWith(country));
}

type CsvRecord =
  | { readonly record: string[]; readonly number: number; readonly bytes: number }
  | { readonly failure: string; readonly number: number };

/** Records up to the first that is no CSV, then the reason. (The parser's own error would drop what is buffered.) */
async function* readRecords(text: Text): AsyncGenerator<CsvRecord> {
  const parser = parse({
    bom: true,
    info: true,
    max_record_size: recordBytesMax,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
  });
  let skippedAt = Infinity;
  parser.on("skip", ({ lines }: { lines: number }) => {
    skippedAt = Math.min(skippedAt, lines);
  });
  pipeline(text.read(), parser, () => undefined); // the loop below meets what goes wrong
  let number = 0;
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
    if (info.lines > skippedAt) break;
    number = info.lines;
    yield { record, number, bytes: info.bytes };
  }
  const failure = skippedAt < Infinity ? "the quotes do not fit" : text.ending.failure;
  if (failure !== null) yield { failure, number: number + 1 };
}
