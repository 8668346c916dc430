import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { crashedResult, sampleGrowth, sampleResult, sampleRow } from "./samples.ts";
import { conditionLines, headOf, plain, rowLines, wrapped } from "./table.ts";

const all = [...sampleResult().rows, ...crashedResult.rows];
const linesOf = (...texts: readonly string[]): string[] =>
  texts.flatMap((text) => text.split("\n"));

const endOf = (text: string, part: string): number => text.indexOf(part) + part.length;

describe("the table for people", () => {
  test("is no wider than 120 columns, and without a colour that nobody asked for", () => {
    const long = sampleRow({ conditions: "word ".repeat(200), missed: ["x".repeat(300)] });
    const rows = [...all, long].map((row) => rowLines(row, false, plain));
    const lines = linesOf(headOf(plain), ...rows, conditionLines([long], plain));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(lines.map(stripVTControlCharacters)).toEqual(lines);
  });

  test("marks each row by whether it holds its limit", () => {
    expect(all.map((row) => rowLines(row, false, plain)[0])).toEqual(["✓", "✗", "✗", "·", "✗"]);
  });

  test("numbers stand below each other and below their heads", () => {
    const head = headOf(plain).split("\n")[0]!;
    for (const { bench } of all.slice(0, 2)) {
      const [line = ""] = rowLines(sampleRow({ bench }), false, plain).split("\n");
      expect(endOf(line, "12,345")).toBe(endOf(head, "value"));
      expect(endOf(line, "20,000")).toBe(endOf(head, " n"));
    }
  });

  test("a growth above its limit is missed when it has no reason, and when it was not quick", () => {
    const row = sampleRow({ growth: sampleGrowth([1, 4, 16]) });
    expect(rowLines(row, false, plain)).toContain("missed: grows with sales^2.00, more than 1.2");
    expect(rowLines(row, true, plain)).not.toContain("missed");
    const explained = { ...row, growth: { ...row.growth!, because: "it must" } };
    expect(rowLines(explained, false, plain)).toContain("because it must");
    expect(rowLines(explained, false, plain)).not.toContain("missed");
  });

  test("conditions that rows share are said once", () => {
    expect(conditionLines(sampleResult().rows, plain)).toBe("20,000 sales | two cores");
  });

  test("a word that is longer than a line is cut, and none is lost", () => {
    expect(wrapped("a abcdefgh b", 4)).toEqual(["a", "abcd", "efgh", "b"]);
  });
});
