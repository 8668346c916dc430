/** docs/measured.md: all of it made from results. */
import { type Growth, type Measured } from "../measured.ts";
import { markdownTable } from "./markdown.ts";
import type { Machine, Result } from "./result.ts";
import {
  commandOf,
  growthLimit,
  growthStanding,
  isMeasured,
  missedOf,
  msWords,
  numberWords,
  standingOf,
} from "./words.ts";

interface Row {
  readonly result: Result;
  readonly row: Measured;
}

export function reportOf(results: readonly Result[]): string {
  const rows = results.flatMap((result) => result.rows.map((row): Row => ({ result, row })));
  const parts = [
    "# Measured",
    introduction(results),
    "## What falls short",
    shortOf(rows),
    "## Every row",
    rowTable(rows),
    "## How it grows",
    "Cost against size, both as logarithms: of all work of a size (an exponent of 1 is in proportion), or of each piece of work " +
      "while so much is there (0 is no growth).",
    growthTable(rows),
    "## Where and when",
    runTable(results),
    machinesOf(results),
    "## Under which conditions",
    ...results.map(conditionsOf),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function introduction(results: readonly Result[]): string {
  const isQuick = results.some((result) => result.isQuick);
  const command = `npm run -s bench -- all${isQuick ? " --quick" : ""}`;
  return (
    `Written by \`${command}\`, and nothing in here by hand. Each value stands beside its baseline, which was measured in the same ` +
    "run, or beside its limit where there is nothing to compare with: `ratio` is the value by that. Absolute figures on a " +
    "shared machine mean little; ratios travel."
  );
}

function shortOf(rows: readonly Row[]): string {
  const lines = rows.flatMap(({ result, row }) => [
    ...missedOf(row, result.isQuick).map((missed) => `- **${row.bench}**: ${missed}`),
    ...(row.growth && growthStanding(row.growth) === "explained"
      ? [`- **${row.bench}** grows faster than it should: ${row.growth.because ?? ""}`]
      : []),
  ]);
  return lines.length > 0 ? lines.join("\n") : "Nothing.";
}

const HELD = { held: "yes", missed: "**no**", "no limit": "" } as const;
const GROWTH_HELD = { held: "yes", missed: "**no**", explained: "explained" } as const;

function rowTable(rows: readonly Row[]): string {
  return markdownTable(
    [
      { head: "what" },
      { head: "value", isNumber: true },
      { head: "unit" },
      { head: "baseline", isNumber: true },
      { head: "ratio", isNumber: true },
      { head: "n", isNumber: true },
      { head: "p50 ms", isNumber: true },
      { head: "p95 ms", isNumber: true },
      { head: "p99 ms", isNumber: true },
      { head: "must reach" },
      { head: "holds" },
      { head: "command" },
      { head: "commit" },
    ],
    rows.map(({ result, row }) => [
      row.bench,
      ...numbersOf(row),
      row.limit ?? "",
      HELD[standingOf(row, result.isQuick)],
      `\`${commandOf(result.bench, result.isQuick)}\``,
      treeWords(result),
    ]),
  );
}

function numbersOf(row: Measured): string[] {
  if (!isMeasured(row)) return ["-", row.unit, "-", "-", "-", "-", "-", "-"];
  const { value, unit, baseline, ratio, n, p50, p95, p99 } = row;
  const compared = [numberWords(baseline), numberWords(ratio), numberWords(n)];
  return [numberWords(value), unit, ...compared, ...[p50, p95, p99].map(msWords)];
}

function growthTable(rows: readonly Row[]): string {
  const grown = rows.flatMap(({ row: { bench, growth } }) => (growth ? [{ bench, growth }] : []));
  if (grown.length === 0) return "None was measured.";
  return markdownTable(
    [
      { head: "what" },
      { head: "sizes" },
      { head: "cost at each" },
      { head: "cost" },
      { head: "exponent", isNumber: true },
      { head: "at most", isNumber: true },
      { head: "holds" },
    ],
    grown.map(({ bench, growth }) => growthCells(bench, growth)),
  );
}

const growthCells = (bench: string, growth: Growth): string[] => [
  bench,
  `${growth.points.map(({ size }) => numberWords(size)).join(" / ")} ${growth.of}`,
  `${growth.points.map(({ cost }) => numberWords(cost)).join(" / ")} ${growth.unit}`,
  growth.cost,
  growth.exponent.toFixed(2),
  growthLimit(growth).toFixed(1),
  GROWTH_HELD[growthStanding(growth)],
];

function runTable(results: readonly Result[]): string {
  const machines = machinesIn(results);
  return markdownTable(
    [
      { head: "bench" },
      { head: "command" },
      { head: "began" },
      { head: "commit" },
      { head: "took s", isNumber: true },
      { head: "machine", isNumber: true },
    ],
    results.map((result) => [
      result.bench,
      `\`${commandOf(result.bench, result.isQuick)}\``,
      `${result.at.slice(0, 16).replace("T", " ")} UTC`,
      treeWords(result),
      numberWords(result.seconds),
      `${machines.indexOf(machineWords(result.machine)) + 1}`,
    ]),
  );
}

/** A tree that is not as it was committed cannot be had again. */
const treeWords = ({ commit, isClean }: Result): string =>
  commit === null ? "none" : `${commit}${isClean ? "" : ", changed"}`;

function machinesOf(results: readonly Result[]): string {
  return machinesIn(results).map((words, at) => `${at + 1}. ${words}`).join("\n"); // prettier-ignore
}

const machinesIn = (results: readonly Result[]): string[] => [
  ...new Set(results.map(({ machine }) => machineWords(machine))),
];

const machineWords = ({ cores, model, memoryGb, system, node, workerd }: Machine): string =>
  `Machine of ${cores} cores (${model}), ${memoryGb} GB, ${system}, Node ${node}, workerd ${workerd}`;

function conditionsOf({ bench, rows }: Result): string {
  const by = Map.groupBy(rows, ({ conditions }) => conditions);
  const lines = [...by].map(([conditions, same]) => {
    const names = by.size > 1 ? `${same.map((row) => row.bench).join(", ")}: ` : "";
    return `- ${names}${conditions}`;
  });
  return `### ${bench}\n\n${lines.join("\n")}`;
}
