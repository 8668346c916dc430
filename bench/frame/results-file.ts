/** Results, one on each line: all that were ever taken here, and beside the report those that it is made of. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CommandFailure } from "../../local/command.ts";
import { ROOT } from "../../local/system/programs.ts";
import { type Result, resultSchema } from "./result.ts";

/** Ignored by git. */
export const BENCH_FOLDER = join(ROOT, ".regulars", "bench");
export const RESULTS_FILE = join(BENCH_FOLDER, "results.jsonl");

/** Empty where there is no such file. */
export function readResults(file: string): Result[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((line, at) => (line === "" ? [] : [parseLine(line, `${file}:${at + 1}`)]));
}

function parseLine(line: string, place: string): Result {
  const result = resultSchema.safeParse(parsedOf(line));
  if (result.success) return result.data;
  throw new CommandFailure(`${place} is no result of a bench; take the line away, and try again.`);
}

function parsedOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null; // cut off
  }
}

export function appendResult(result: Result): void {
  mkdirSync(dirname(RESULTS_FILE), { recursive: true });
  appendFileSync(RESULTS_FILE, lineOf(result));
}

export const linesOf = (results: readonly Result[]): string => results.map(lineOf).join("");

const lineOf = (result: Result): string => `${JSON.stringify(result)}\n`;
