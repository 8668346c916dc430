/** A CSV file as rows of text: everything that is wrong with it is told before anything is done with it. */
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { CsvError, parse } from "csv-parse/sync";
import { codeOf, CommandFailure } from "../command.ts";

export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  /** Values in the order of the columns, trimmed; what stands for nothing is empty. */
  readonly rows: readonly (readonly string[])[];
}

/** More is no list of customers for one machine's memory. */
const fileBytesMax = 1024 * 1024 * 1024;
/** A field this long is no field of a person; a quote that is never closed would take in the rest of the file. */
const recordBytesMax = 256 * 1024;
const delimiters = [",", ";", "\t", "|"] as const;

/** What files write where they know nothing. */
const nothing = new Set([
  "null",
  "na",
  "n/a",
  "nan",
  "none",
  "nil",
  "\\n",
  "?",
  "-",
  "--",
  "unknown",
  "(null)",
  "#n/a",
]);

export async function readTable(path: string): Promise<Table> {
  const name = basename(path);
  const text = decode(await readBytes(path, name), name);
  const records = parseText(text, name);
  const [header, ...rows] = records;
  if (!header || header.every((column) => column === "")) {
    throw new CommandFailure(`${name} has no line that names its columns.`);
  }
  const twice = header.find((column, at) => column !== "" && header.indexOf(column) !== at);
  if (twice !== undefined)
    throw new CommandFailure(`${name} has two columns of one name: "${twice}".`);
  return { name, columns: header, rows: rows.map((row) => row.map(valueOf)) };
}

const valueOf = (text: string): string => (nothing.has(text.toLowerCase()) ? "" : text);

async function readBytes(path: string, name: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > fileBytesMax) throw new CommandFailure(`${name} is larger than 1 GiB.`);
    const bytes = await readFile(path);
    const isGzip = bytes.length > 2 && bytes.readUInt16BE(0) === 0x1f8b;
    return isGzip ? gunzipSync(bytes, { maxOutputLength: fileBytesMax }) : bytes;
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const code = codeOf(error);
    if (code === "ENOENT")
      throw new CommandFailure(`The file ${name} does not exist.`, { cause: error });
    throw new CommandFailure(`The file ${name} cannot be read (${code || "unknown"}).`, {
      cause: error,
    });
  }
}

function decode(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    const line = lineOfDamage(bytes);
    throw new CommandFailure(`${name}, line ${line}: the text is not UTF-8.`, { cause: error });
  }
}

function lineOfDamage(bytes: Buffer): number {
  let line = 1;
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf("\n", from);
    const to = end === -1 ? bytes.length : end + 1;
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(from, to));
    } catch {
      return line;
    }
    from = to;
  }
  return line;
}

function parseText(text: string, name: string): string[][] {
  try {
    return parse(text, {
      delimiter: delimiterOf(text),
      trim: true,
      bom: true,
      skip_empty_lines: true,
      max_record_size: recordBytesMax,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number(error["lines"]) || 1;
    throw new CommandFailure(`${name}, line ${line}: ${wordsOf(error)}`, { cause: error });
  }
}

function wordsOf(error: CsvError): string {
  switch (error.code) {
    case "CSV_MAX_RECORD_SIZE":
      return `the record is larger than ${recordBytesMax / 1024} KiB.`;
    case "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH":
    case "CSV_RECORD_INCONSISTENT_COLUMNS":
      return "the number of fields is not that of the first line.";
    case "CSV_QUOTE_NOT_CLOSED":
      return "a quotation mark is not closed.";
    default:
      return "the line cannot be read as CSV.";
  }
}

/** The sign that parts the first line most often. */
function delimiterOf(text: string): string {
  const end = text.search(/[\r\n]/);
  const first = end === -1 ? text : text.slice(0, end);
  const counted = delimiters.map((sign) => ({ sign, count: first.split(sign).length }));
  return counted.toSorted((a, b) => b.count - a.count)[0]?.sign ?? ",";
}
