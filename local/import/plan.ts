/** From options to a source of items: which mapping, which account, which reader. */
import { readFile, stat, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { type Guess, guessMapping, type Sample } from "@regulars/shared/connect/csv/guess";
import { type CsvMapping, csvMappingSchema } from "@regulars/shared/connect/csv/mapping";
import type { MapAccount } from "@regulars/shared/connect/mapper";
import { codeOf, CommandFailure } from "../command.ts";
import { csvSource } from "./csv-source.ts";
import { readSample } from "./csv-text.ts";
import type { Source } from "./item.ts";
import { messageSource } from "./messages-source.ts";
import type { Options } from "./options.ts";
import { poslogSource } from "./poslog-source.ts";

/** When the file was written: what has no time of its own is dated so, at each reading the same. */
export async function writtenMsOf(path: string): Promise<number> {
  const name = basename(path);
  try {
    const { mtimeMs, isFile } = await stat(path).then((stats) => ({
      mtimeMs: stats.mtimeMs,
      isFile: stats.isFile(),
    }));
    if (!isFile) throw new CommandFailure(`${name} is not a file.`);
    return Math.floor(mtimeMs);
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const what =
      codeOf(error) === "ENOENT" ? "does not exist" : `cannot be read (${codeOf(error)})`;
    throw new CommandFailure(`The file ${name} ${what}.`, { cause: error });
  }
}

export async function readMapping(path: string): Promise<CsvMapping> {
  const file = basename(path);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new CommandFailure(`The mapping ${file} cannot be read as JSON.`, { cause: error });
  }
  const mapping = csvMappingSchema.safeParse(json);
  if (mapping.success) return mapping.data;
  const [issue] = mapping.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw new CommandFailure(
    `The mapping ${file} cannot be used: ${where === "" ? "" : `${where}: `}${issue?.message ?? "it is no mapping"}.`,
  );
}

export async function saveMapping(path: string, mapping: CsvMapping): Promise<void> {
  await writeFile(path, `${JSON.stringify(mapping, null, 2)}\n`);
}

export async function guessFor(
  path: string,
  account: MapAccount,
): Promise<{ readonly sample: Sample; readonly guess: Guess }> {
  const sample = await readSample(path);
  return { sample, guess: guessMapping(sample, account.country) };
}

export function csvContextOf(account: MapAccount, writtenMs: number) {
  const asOf = new Date(writtenMs).toISOString();
  return { account, asOf, today: asOf.slice(0, 10) };
}

/** `mapping` is there where the format is csv. */
export function openSource(
  { file, format, topic }: Options,
  account: MapAccount,
  writtenMs: number,
  mapping: CsvMapping | null,
): Source {
  switch (format) {
    case "csv":
      if (mapping === null) throw new CommandFailure(NO_MAPPING);
      return csvSource(file, mapping, csvContextOf(account, writtenMs));
    case "poslog":
      return poslogSource(file, account);
    case "ndjson":
    case "cloudevents":
    case "shopify":
    case "woocommerce":
    case "square":
    case "segment":
      return messageSource(file, format, { account, topic, writtenMs });
  }
}

export const NO_MAPPING =
  "A CSV file needs a mapping: run with --preview --save-map mapping.json, look at it, and import with --map mapping.json.";
