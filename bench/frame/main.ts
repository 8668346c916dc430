/** npm run -s bench: which benches are run, what is printed of them, and what is written about them. */
import { styleText } from "node:util";
import { createInterrupt, Interrupted } from "../../local/system/interrupt.ts";
import type { Measured } from "../measured.ts";
import { BENCHES } from "../registry.ts";
import { runApart } from "./apart.ts";
import { readWanted, type Wanted } from "./arguments.ts";
import { thisMachine, thisTree } from "./machine.ts";
import { measuredSchema, type Result } from "./result.ts";
import { appendResult } from "./results-file.ts";
import { conditionLines, headOf, type Paint, plain, rowLines } from "./table.ts";
import { missedOf } from "./words.ts";
import { writeQuick, writeReport, writePlots } from "./write.ts";

const NAMES = Object.keys(BENCHES);

export async function main(args: readonly string[]): Promise<number> {
  const wanted = readWanted(args, NAMES);
  if (wanted.kind === "help") return sayHelp();
  if (wanted.kind === "report") return sayShort(writeReport(wanted.files, NAMES));
  const interrupt = createInterrupt();
  try {
    return await runAll(wanted, interrupt.signal);
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode;
    throw error;
  }
}

type Asked = Extract<Wanted, { kind: "benches" }>;

async function runAll(asked: Asked, signal: AbortSignal): Promise<number> {
  const { names, isQuick, isJson, isAll } = asked;
  const machine = thisMachine();
  const paint = paintOf();
  const results: Result[] = [];
  if (!isJson) console.log(headOf(paint));
  for (const [nth, name] of names.entries()) {
    if (isAll) console.error(`${name}: bench ${nth + 1} of ${names.length}`);
    const at = new Date().toISOString();
    const tree = thisTree();
    const { rows, seconds } = await runApart(name, { isQuick, signal });
    const result = { bench: name, isQuick, at, seconds, ...tree, machine, rows };
    appendResult(result);
    results.push(result);
    for (const row of rows) console.log(isJson ? jsonOf(row) : rowLines(row, isQuick, paint));
    if (!isJson && !isAll) console.log(`\n${conditionLines(rows, paint)}`);
  }
  if (!isAll) writePlots(isQuick, NAMES);
  else if (isQuick) writeQuick(NAMES);
  else writeReport([], NAMES);
  return sayShort(results);
}

/** In the order that was agreed on, whatever the bench has made of it. */
const jsonOf = (row: Measured): string => JSON.stringify(measuredSchema.parse(row));

/** Row by row what was missed; the exit code. */
function sayShort(results: readonly Result[]): number {
  const lines = results.flatMap(({ rows, isQuick }) =>
    rows.flatMap((row) => missedOf(row, isQuick).map((missed) => `${row.bench}: ${missed}`)),
  );
  if (lines.length > 0) console.error(`\nFalls short:\n${lines.map((line) => `- ${line}`).join("\n")}`); // prettier-ignore
  return lines.length > 0 ? 1 : 0;
}

/** Colour for a terminal, and for nothing else. */
const paintOf = (): Paint =>
  process.stdout.isTTY
    ? (style, text) => styleText(style, text, { stream: process.stdout })
    : plain;

function sayHelp(): number {
  const width = Math.max(...NAMES.map((name) => name.length), "report".length);
  const line = (name: string, words: string): string => `  ${name.padEnd(width)}  ${words}`;
  console.log(`Usage: npm run -s bench -- NAME [--quick] [--json]
       npm run -s bench -- all [--only NAME,NAME] [--quick] [--json]
       npm run -s bench -- report [FILE.jsonl ...]

Measures the claims of this project beside a limit or a peer; fails when a limit is missed.

${Object.entries(BENCHES).map(([name, { measures }]) => line(name, measures)).join("\n")}

${line("all", "one after the other; not quick: writes docs/measured.md from the newest of each")}
${line("report", "writes it from what was measured here before, and from files of such results")}

  --quick  small and short: to see that it runs, and about where it stands
  --json   one line of JSON for each row
  --only   some of all`); // prettier-ignore
  return 0;
}
