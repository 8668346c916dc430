/** What is written of results: the report in docs, the quick one and the plots in an ignored folder. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandFailure } from "../../local/command.ts";
import { ROOT } from "../../local/system/programs.ts";
import { plotsOf } from "../plots/plots.ts";
import { reportOf } from "./report.ts";
import { newestOf, type Result } from "./result.ts";
import { BENCH_FOLDER, linesOf, readResults, RESULTS_FILE } from "./results-file.ts";

const PLOTS_FOLDER = join(BENCH_FOLDER, "plots");
const REPORT = join(ROOT, "docs", "measured.md");
/** What the report is made of: for whoever wants the numbers, and for those that are not measured again next time. */
const REPORT_RESULTS = join(ROOT, "docs", "measured.jsonl");

function newestHere(isQuick: boolean, names: readonly string[], files: readonly string[]) {
  const all = [...files, REPORT_RESULTS, RESULTS_FILE].flatMap(readResults);
  return newestOf(all.filter((result) => result.isQuick === isQuick), names); // prettier-ignore
}

/** From the newest of each bench that was not quick; these are answered. */
export function writeReport(files: readonly string[], names: readonly string[]): Result[] {
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) throw new CommandFailure(`There is no file ${missing}.`);
  const results = newestHere(false, names, files);
  if (results.length === 0) {
    throw new CommandFailure("Nothing was measured yet that is not quick: run a bench first.");
  }
  writeFileSync(REPORT, reportOf(results));
  writeFileSync(REPORT_RESULTS, linesOf(results));
  writePlots(false, names);
  console.error(`Report: ${REPORT}`);
  return results;
}

export function writeQuick(names: readonly string[]): void {
  const file = join(BENCH_FOLDER, "measured-quick.md");
  mkdirSync(BENCH_FOLDER, { recursive: true });
  writeFileSync(file, reportOf(newestHere(true, names, [])));
  writePlots(true, names);
  console.error(`Report: ${file}`);
}

/** Of the newest of each bench, instead of those before. */
export function writePlots(isQuick: boolean, names: readonly string[]): void {
  rmSync(PLOTS_FOLDER, { recursive: true, force: true });
  mkdirSync(PLOTS_FOLDER, { recursive: true });
  for (const [name, text] of plotsOf(newestHere(isQuick, names, []))) {
    writeFileSync(join(PLOTS_FOLDER, name), text);
  }
  console.error(`Plots: ${join(PLOTS_FOLDER, "index.html")}`);
}
