/** A CSV file as rows of text: its encoding and its delimiter are found out, and told. */
import { pipeline } from "node:stream";
import { parse, type Info } from "csv-parse";
import type { Sample } from "@regulars/shared/connect/csv/guess";
import { type CsvMapping, DELIMITERS } from "@regulars/shared/connect/csv/mapping";
import type { CsvRow } from "@regulars/shared/connect/csv/row";
import { type Encoding, encodingOfMark } from "@regulars/shared/connect/text";
import { LIMITS } from "@regulars/shared/limits";
import { CommandFailure } from "../command.ts";
import { openText } from "../formats/read-text.ts";
import { FileBroke } from "./item.ts";

/** A field this long is no field; a quote that is never closed would take in the rest of the file. */
const recordBytesMax = 256 * 1024;

export interface Written {
  readonly encoding: Encoding;
  readonly isEncodingGuessed: boolean;
}

/** Reads all of the file: the first umlaut may stand in its last line. */
export async function inspectEncoding(path: string): Promise<Written> {
  const text = await openText(path);
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  let isFirst = true;
  for await (const chunk of text.read()) {
    const told = isFirst ? (encodingOfMark(chunk) ?? encodingOfZeros(chunk)) : null;
    if (told !== null) return { encoding: told, isEncodingGuessed: false };
    isFirst = false;
    if (!canDecode(utf8, chunk)) return { encoding: "windows-1252", isEncodingGuessed: true };
  }
  return { encoding: "utf-8", isEncodingGuessed: false };
}

/** Latin letters have a zero byte each in UTF-16. */
function encodingOfZeros(bytes: Uint8Array): Encoding | null {
  const head = bytes.subarray(0, 512);
  const zerosAt = (parity: number) =>
    head.filter((byte, at) => byte === 0 && at % 2 === parity).length;
  const enough = head.length / 4;
  if (zerosAt(1) > enough && zerosAt(0) === 0) return "utf-16le";
  return zerosAt(0) > enough && zerosAt(1) === 0 ? "utf-16be" : null;
}

function canDecode(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array): boolean {
  try {
    decoder.decode(chunk, { stream: true });
    return true;
  } catch {
    return false;
  }
}

export interface CsvRecords {
  readonly header: readonly string[];
  /** With how far the file has been read, from 0 to 1. */
  readonly rows: AsyncGenerator<CsvRow & { readonly position: number }>;
}

/** Records up to the first that is no CSV, which is then thrown as a sentence. */
export async function openCsv(
  path: string,
  { encoding, delimiter }: Pick<CsvMapping, "encoding" | "delimiter">,
): Promise<CsvRecords> {
  const records = readRecords(path, encoding, delimiter);
  const first = await records.next();
  if (first.done) {
    const { name } = await openText(path);
    throw new CommandFailure(`${name} is empty.`);
  }
  return { header: headerOf(first.value.cells), rows: records };
}

/** Every column has a name of its own, also where the file gives none or one twice. */
function headerOf(cells: readonly string[]): string[] {
  const names: string[] = [];
  for (const [place, cell] of cells.entries()) {
    const name = cell.trim() || `column ${place + 1}`;
    names.push(names.includes(name) ? `${name} (${place + 1})` : name);
  }
  return names;
}

async function* readRecords(path: string, encoding: Encoding, delimiter: string) {
  const text = await openText(path);
  const broken = (number: number, what: string) =>
    new FileBroke(`${text.name}, line ${number}: ${what}.`);
  const parser = parse({
    delimiter,
    info: true,
    max_record_size: recordBytesMax,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    ltrim: delimiter !== "\t",
  });
  let skippedAt = Infinity;
  parser.on("skip", ({ lines }: { lines: number }) => {
    skippedAt = Math.min(skippedAt, lines);
  });
  const read = { bytes: 0, isDecodable: true };
  pipeline(decoded(text.read(), encoding, read), parser, () => undefined); // the loop meets what goes wrong
  let line = 0;
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
    if (info.lines > skippedAt) break;
    line = info.lines;
    yield { line, cells: record, position: Math.min(read.bytes / text.bytes, 1) };
  }
  if (skippedAt < Infinity) throw broken(line + 1, "the quotation marks do not fit");
  if (!read.isDecodable) throw broken(line + 1, `the text is not ${encoding}`);
  if (text.ending.failure !== null) throw broken(line + 1, text.ending.failure);
}

/** Text as the parser takes it; `read` says how far it is, and whether all of it was text. */
async function* decoded(
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding,
  read: { bytes: number; isDecodable: boolean },
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of chunks) {
      read.bytes += chunk.length;
      const text = decoder.decode(chunk, { stream: true });
      if (text !== "") yield text;
    }
    const rest = decoder.decode();
    if (rest !== "") yield rest;
  } catch {
    read.isDecodable = false;
  }
}

/** The beginning of a file: what a guess and a preview look at. */
export async function readSample(
  path: string,
  known?: Pick<CsvMapping, "encoding" | "delimiter">,
): Promise<Sample> {
  const written = known
    ? { encoding: known.encoding, isEncodingGuessed: false }
    : await inspectEncoding(path);
  const delimiter = known?.delimiter ?? (await delimiterOf(path, written.encoding));
  const { header, rows } = await openCsv(path, { encoding: written.encoding, delimiter });
  if (header.length > LIMITS.csvFields) {
    throw new CommandFailure(`The file has more than ${LIMITS.csvFields} columns.`);
  }
  const first: CsvRow[] = [];
  for await (const row of rows) {
    if (first.length >= LIMITS.previewRows) break;
    first.push(row);
  }
  return { ...written, delimiter, header, rows: first };
}

/** The sign that parts the first line most often, outside of quotation marks. */
async function delimiterOf(path: string, encoding: Encoding): Promise<Sample["delimiter"]> {
  const text = await openText(path);
  for await (const chunk of text.read()) {
    const [line = ""] = new TextDecoder(encoding).decode(chunk).split(/\r?\n/);
    const bare = line.replaceAll(/"[^"]*"/g, "");
    const counted = DELIMITERS.map((sign) => ({ sign, count: bare.split(sign).length }));
    return counted.toSorted((a, b) => b.count - a.count)[0]?.sign ?? ",";
  }
  return ",";
}
