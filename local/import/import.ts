/**
 * Imports a file: it is read here, by the same readers that the edge has, and what it says is posted to the edge in
 * batches. What cannot be read goes to the edge's intake desk. Killed and run again it goes on; run twice it has one effect.
 */
import { join } from "node:path";
import { type CsvMapping, gapsIn } from "@regulars/shared/connect/csv/mapping";
import { preview } from "@regulars/shared/connect/csv/preview";
import type { MapAccount } from "@regulars/shared/connect/mapper";
import { CommandFailure } from "../command.ts";
import { ROOT } from "../system/programs.ts";
import { askAccount, fetchAccount, readAccountFile, UNKNOWN_ACCOUNT } from "./account.ts";
import { type Bar, createBar } from "./bar.ts";
import { BATCH, type Line, linesOf, sendLines } from "./batch.ts";
import { createEdgeClient, type EdgeClient, PATIENCE, type Patience } from "./edge-client.ts";
import { refuseUnknownColumns } from "./csv-source.ts";
import { readSample } from "./csv-text.ts";
import { FileBroke, type Source } from "./item.ts";
import { asksForHelp, HELP, type Options, readOptions } from "./options.ts";
import {
  csvContextOf,
  guessFor,
  NO_MAPPING,
  openSource,
  readMapping,
  saveMapping,
  writtenMsOf,
} from "./plan.ts";
import { previewText, summaryText } from "./show-preview.ts";
import { openState, type StateFile } from "./state.ts";
import {
  countItem,
  countSent,
  emptySummary,
  failureLines,
  nothingUsable,
  type Summary,
} from "./summary.ts";

export interface Surroundings {
  readonly key: string | undefined;
  /** Where it is kept how far imports have come. */
  readonly stateFolder: string;
  readonly patience: Patience;
  readonly print: (text: string) => void;
  /** Beside the summary: for people. */
  readonly tell: (line: string) => void;
  readonly bar: () => Bar;
}

const tell = (line: string) => process.stderr.write(`${line}\n`);

const surroundings = (): Surroundings => {
  return {
    key: process.env["REGULARS_API_KEY"],
    stateFolder: join(ROOT, ".regulars", "imports"),
    patience: { ...PATIENCE, say: tell },
    print: (text) => process.stdout.write(`${text}\n`),
    tell,
    bar: () => createBar(process.stderr),
  };
};

/** 0: done. 1: not done, or nothing could be used, and a sentence says why. 2: done, but the edge could not use some of what was thought good. */
export async function main(args: readonly string[], around = surroundings()): Promise<number> {
  if (asksForHelp(args)) {
    around.print(HELP);
    return 0;
  }
  const options = readOptions(args);
  const writtenMs = await writtenMsOf(options.file);
  return options.isPreview
    ? await show(options, writtenMs, around)
    : await run(options, writtenMs, around);
}

async function run(options: Options, writtenMs: number, around: Surroundings): Promise<number> {
  if (options.format === "csv" && options.map === null) throw new CommandFailure(NO_MAPPING);
  const mapping = options.map === null ? null : await readMapping(options.map);
  const client = clientOf(options, around);
  const account = await accountOf(options, client);
  const { file, format, edge, topic } = options;
  const how = [format, mapping, topic, account, edge];
  const state = await openState(around.stateFolder, file, how);
  const { previous } = state;
  if (previous) around.tell(`Goes on after ${previous.acknowledged} records.`);
  const source = openSource(options, account, writtenMs, mapping);
  const bar = around.bar();
  try {
    const summary = await sendAll(source, client, `/v1/import/${format}`, state, bar);
    await state.remove();
    bar.stop();
    for (const line of failureLines(summary)) around.tell(line);
    around.print(JSON.stringify(summary));
    const nothing = nothingUsable(summary);
    if (nothing !== null) {
      around.tell(nothing);
      return 1;
    }
    return summary.refused > 0 ? 2 : 0;
  } finally {
    bar.stop();
  }
}

/** One batch after the other: what is acknowledged is a beginning of the file, so that a number says how far it is. */
async function sendAll(
  source: Source,
  client: EdgeClient,
  path: string,
  state: StateFile,
  bar: Bar,
): Promise<Summary> {
  const acknowledged = state.previous?.acknowledged ?? 0;
  const summary = state.previous?.summary ?? emptySummary();
  let lines: Line[] = [];
  let bytes = 0;
  let seen = 0;
  const flush = async (position: number): Promise<void> => {
    countSent(summary, await sendLines(client, path, lines));
    lines = [];
    bytes = 0;
    await state.save(seen, summary);
    bar.show(position, summary);
  };
  try {
    for await (const item of source) {
      seen++;
      if (seen <= acknowledged) continue;
      countItem(summary, item);
      for (const line of linesOf(item, seen)) {
        lines.push(line);
        bytes += Buffer.byteLength(line.text) + 1;
      }
      if (bytes >= BATCH.bytes || lines.length >= BATCH.lines) await flush(item.position);
    }
  } catch (error) {
    // What was read before the file broke off is good, and is sent.
    if (lines.length > 0 && error instanceof FileBroke) await flush(1);
    throw error;
  }
  await flush(1);
  return summary;
}

function clientOf({ edge }: Options, { key, patience }: Surroundings): EdgeClient {
  if (key === undefined || key === "") {
    throw new CommandFailure(
      "There is no API key: put the account's key into the environment variable REGULARS_API_KEY.",
    );
  }
  return createEdgeClient(edge ?? "", key, patience);
}

async function accountOf(options: Options, client: EdgeClient): Promise<MapAccount> {
  const { accountFile } = options;
  const id = options.account ?? "";
  if (accountFile === null) return await fetchAccount(client, id);
  const account = await readAccountFile(accountFile, id);
  await askAccount(client, id);
  return account;
}

async function show(options: Options, writtenMs: number, around: Surroundings): Promise<number> {
  const account = await accountToShow(options, around);
  const mapping =
    options.format === "csv" ? await showCsv(options, account, writtenMs, around) : null;
  if (mapping !== null && gapsIn(mapping).length > 0) return 0;
  const summary = emptySummary();
  for await (const item of openSource(options, account, writtenMs, mapping)) {
    countItem(summary, item);
  }
  around.print(summaryText(summary));
  return 0;
}

async function accountToShow(options: Options, around: Surroundings): Promise<MapAccount> {
  if (options.accountFile !== null) {
    return await readAccountFile(options.accountFile, options.account);
  }
  if (options.edge !== null && options.account !== null && around.key) {
    return await fetchAccount(clientOf(options, around), options.account);
  }
  const { zone, country, currency } = UNKNOWN_ACCOUNT;
  around.tell(`Without --account-file it is read as if in ${zone}, ${country}, ${currency}.`);
  return UNKNOWN_ACCOUNT;
}

async function showCsv(
  { file, map, saveMap }: Options,
  account: MapAccount,
  writtenMs: number,
  around: Surroundings,
): Promise<CsvMapping> {
  const given = map === null ? null : await readMapping(map);
  const guessed = given === null ? await guessFor(file, account) : null;
  const mapping = given ?? guessed?.guess.mapping;
  if (mapping === undefined) throw new CommandFailure(NO_MAPPING);
  const sample = guessed?.sample ?? (await readSample(file, mapping));
  refuseUnknownColumns(mapping, sample.header);
  const seen = preview(sample, mapping, csvContextOf(account, writtenMs));
  around.print(previewText(seen, mapping, gapsIn(mapping)));
  if (saveMap !== null) {
    await saveMapping(saveMap, mapping);
    around.tell(`The mapping is in ${saveMap}: look at it, change it, and import with --map.`);
  }
  return mapping;
}
