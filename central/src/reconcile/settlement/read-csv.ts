/** A processor's file as rows of text, streamed from the disk: its encoding and its delimiter are found out. */
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { DELIMITERS } from "@regulars/shared/connect/csv/mapping";
import { type Encoding, encodingOfMark } from "@regulars/shared/connect/text";
import { LIMITS } from "@regulars/shared/limits";
import { type Info, parse } from "csv-parse";
import type { FileReason, FileRefusal } from "./refusal.ts";
import type { FileSample } from "./shapes.ts";

/** A field this long is no field; a quote that is never closed would take in the rest of the file. */
const recordBytesMax = 64 * 1024;

/** The file cannot be read on from here. */
export class Unreadable extends Error {
  readonly refusal: FileRefusal;
  constructor(reason: FileReason, line?: number) {
    super(reason);
    this.refusal = { reason, ...(line === undefined ? {} : { line }) };
  }
}

/** Learns the encoding of a file while it passes by. */
export interface EncodingInspector {
  see(chunk: Uint8Array): void;
  encoding(): Encoding;
}

export function inspectEncoding(): EncodingInspector {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  let told: Encoding | null = null;
  let isFirst = true;
  let isUtf8 = true;
  return {
    see(chunk) {
      if (isFirst) told = encodingOfMark(chunk);
      isFirst = false;
      if (told !== null || !isUtf8) return;
      try {
        utf8.decode(chunk, { stream: true });
      } catch {
        isUtf8 = false;
      }
    },
    encoding: () => told ?? (isUtf8 ? "utf-8" : "windows-1252"),
  };
}

export interface CsvRecord {
  /** Line of the file that it ends on, counted from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface FileFormat {
  readonly path: string;
  readonly encoding: Encoding;
  readonly delimiter: FileSample["delimiter"];
}

/** The head first. Throws `Unreadable` where it is no CSV, or no text. */
export async function* readRecords(file: FileFormat): AsyncGenerator<CsvRecord> {
  const parser = parse({
    delimiter: file.delimiter,
    info: true,
    bom: true,
    max_record_size: recordBytesMax,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
  });
  let skippedAt = Infinity;
  parser.on("skip", ({ lines }: { lines: number }) => {
    skippedAt = Math.min(skippedAt, lines);
  });
  const read = { isText: true };
  pipeline(decoded(file, read), parser, () => undefined); // the loop meets what goes wrong
  let line = 0;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what csv-parse yields where `info` is asked for
  const records = parser as AsyncIterable<{ record: string[]; info: Info }>;
  for await (const { record, info } of records) {
    if (info.lines > skippedAt) break;
    line = info.lines;
    yield { line, cells: record };
  }
  if (skippedAt < Infinity) throw new Unreadable("not_csv", line + 1);
  if (!read.isText) throw new Unreadable("not_text", line + 1);
}

async function* decoded(
  { path, encoding }: FileFormat,
  read: { isText: boolean },
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
      const text = decoder.decode(chunk, { stream: true });
      if (text !== "") yield text;
    }
    const rest = decoder.decode();
    if (rest !== "") yield rest;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    read.isText = false;
  }
}

/** Every column has a name of its own, also where the file gives none or one twice. */
function headerOf(cells: readonly string[]): string[] {
  const names: string[] = [];
  for (const [place, cell] of cells.entries()) {
    const name = cell.trim().slice(0, LIMITS.fieldChars - 8) || `column ${place + 1}`;
    names.push(names.includes(name) ? `${name} (${place + 1})` : name);
  }
  return names;
}

/** The head and the first rows. */
export async function readSample(path: string, encoding: Encoding): Promise<FileSample> {
  const delimiter = await delimiterOf(path, encoding);
  const rows: CsvRecord[] = [];
  let header: readonly string[] | null = null;
  for await (const record of readRecords({ path, encoding, delimiter })) {
    if (header === null) header = headerOf(record.cells);
    else rows.push(record);
    if (rows.length >= LIMITS.settlementSampleRows) break;
  }
  if (header === null) throw new Unreadable("no_head");
  if (header.length > LIMITS.csvFields) throw new Unreadable("too_many_columns");
  return { delimiter, header, rows };
}

/** The sign that parts the first line most often, outside of quotation marks. */
async function delimiterOf(path: string, encoding: Encoding): Promise<FileSample["delimiter"]> {
  const stream = createReadStream(path, { end: recordBytesMax });
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    const [first = ""] = new TextDecoder(encoding).decode(chunk).split(/\r?\n/);
    const bare = first.replaceAll(/"[^"]*"/g, "");
    const counted = DELIMITERS.map((sign) => ({ sign, count: bare.split(sign).length }));
    return counted.toSorted((a, b) => b.count - a.count)[0]?.sign ?? ",";
  }
  return ",";
}
