/** Rows for a terminal of 120 columns: numbers one under the other, and what each has to reach below it. */
import type { Measured } from "../measured.ts";
import {
  growthStanding,
  growthWords,
  isMeasured,
  missedOf,
  msWords,
  numberWords,
  type Standing,
  standingOf,
} from "./words.ts";

export type Style = "bold" | "dim" | "red" | "green" | "yellow";
export type Paint = (style: Style, text: string) => string;
export const plain: Paint = (_style, text) => text;

const WIDTH = 120;
const INDENT = 2;

interface Column {
  readonly head: string;
  readonly width: number;
  readonly isNumber: boolean;
}

const COLUMNS: readonly Column[] = [
  { head: "", width: 1, isNumber: false },
  { head: "measured", width: 34, isNumber: false },
  { head: "value", width: 10, isNumber: true },
  { head: "unit", width: 19, isNumber: false },
  { head: "beside", width: 10, isNumber: true },
  { head: "ratio", width: 6, isNumber: true },
  { head: "n", width: 9, isNumber: true },
  { head: "p50 ms", width: 7, isNumber: true },
  { head: "p95 ms", width: 7, isNumber: true },
  { head: "p99 ms", width: 7, isNumber: true },
];

const MARKS: Readonly<Record<Standing, { readonly sign: string; readonly style: Style }>> = {
  held: { sign: "✓", style: "green" },
  missed: { sign: "✗", style: "red" },
  "no limit": { sign: "·", style: "dim" },
};

export function headOf(paint: Paint): string {
  const line = lineOf(COLUMNS.map(({ head }) => head));
  return `${paint("bold", line)}\n${paint("dim", "─".repeat(line.length))}`;
}

/** Of one row: its numbers, then what they have to reach and where they do not. */
export function rowLines(row: Measured, isQuick: boolean, paint: Paint): string {
  const { sign, style } = MARKS[standingOf(row, isQuick)];
  const cells = cellsOf(row).map((cell, at) => wrapped(cell, COLUMNS[at + 1]?.width ?? 1));
  const height = Math.max(...cells.map((lines) => lines.length));
  const lines = Array.from({ length: height }, (_, at) => {
    const line = lineOf(["", ...cells.map((cell) => cell[at] ?? "")]);
    return at === 0 ? `${paint(style, sign)}${line.slice(1)}` : line;
  });
  return [...lines, ...notesOf(row, isQuick, paint)].map((line) => line.trimEnd()).join("\n");
}

function cellsOf(row: Measured): string[] {
  const { bench, value, unit, baseline, ratio, n, p50, p95, p99 } = row;
  if (!isMeasured(row)) return [bench, "-", unit, "-", "-", "-", "-", "-", "-"];
  const numbers = [numberWords(baseline), numberWords(ratio), numberWords(n)];
  return [bench, numberWords(value), unit, ...numbers, ...[p50, p95, p99].map(msWords)];
}

function notesOf(row: Measured, isQuick: boolean, paint: Paint): string[] {
  const { limit, growth } = row;
  return [
    ...(limit === undefined ? [] : noted(`limit: ${limit}`, "dim", paint)),
    ...(growth ? noted(`growth: ${growthWords(growth)}`, "dim", paint) : []),
    ...(growth && growthStanding(growth) === "explained"
      ? noted(`because ${growth.because ?? ""}`, "yellow", paint)
      : []),
    ...missedOf(row, isQuick).flatMap((missed) => noted(`missed: ${missed}`, "red", paint)),
  ];
}

/** Indented, so that the eye runs down the marks. */
function noted(text: string, style: Style, paint: Paint): string[] {
  const pad = " ".repeat(INDENT);
  return wrapped(text, WIDTH - INDENT).map((line) => `${pad}${paint(style, line)}`);
}

/** Each said once, though many rows of a bench may have been taken under them. */
export function conditionLines(rows: readonly Measured[], paint: Paint): string {
  const all = [...new Set(rows.map(({ conditions }) => conditions))].filter((each) => each !== "");
  return all.flatMap((each) => wrapped(each, WIDTH).map((line) => paint("dim", line))).join("\n");
}

const lineOf = (cells: readonly string[]): string =>
  COLUMNS.map(({ width, isNumber }, at) => {
    const cell = cells[at] ?? "";
    return isNumber ? cell.padStart(width) : cell.padEnd(width);
  }).join(" ");

/** Between words where it can be. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((each) => pieces(each, width))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

function pieces(word: string, width: number): string[] {
  const count = Math.max(1, Math.ceil(word.length / width));
  return Array.from({ length: count }, (_, at) => word.slice(at * width, (at + 1) * width));
}
