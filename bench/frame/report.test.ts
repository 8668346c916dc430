import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../../local/system/programs.ts";
import { BENCHES } from "../registry.ts";
import { plotsOf } from "../plots/plots.ts";
import { reportOf } from "./report.ts";
import { newestOf, resultSchema } from "./result.ts";
import { linesOf, readResults } from "./results-file.ts";
import { crashedResult, sampleResult } from "./samples.ts";

const results = [sampleResult(), crashedResult];

describe("the report", () => {
  test("docs/measured.md is what is made of the results beside it, and of nothing else", () => {
    const kept = readResults(join(ROOT, "docs", "measured.jsonl"));
    expect(newestOf(kept, Object.keys(BENCHES))).toEqual(kept);
    expect(readFileSync(join(ROOT, "docs", "measured.md"), "utf8")).toBe(reportOf(kept));
  });

  test("lists row by row what falls short, and what is explained", () => {
    const [, short] = /## What falls short\n\n([\s\S]*?)\n\n##/.exec(reportOf(results)) ?? [];
    expect(short?.split("\n")).toEqual([
      "- **sync: merged**: 4.94, not 5",
      "- **sync: latency**: p99 is 12 ms",
      "- **sync: latency** grows faster than it should: all of it is compared with all",
      "- **drain**: did not come to its end: its process was ended by SIGKILL",
    ]);
    expect(reportOf([sampleResult({ rows: [sampleResult().rows[0]!] })])).toContain(
      "\n\nNothing.\n",
    );
  });

  test("each row names its command, its commit and whether the tree was as committed", () => {
    const changed = sampleResult({ bench: "capture", isClean: false, isQuick: true });
    const text = reportOf([...results, changed]);
    expect(text).toContain("| `npm run -s bench -- sync`            | 9e42e9dc0f          |");
    expect(text).toContain("| `npm run -s bench -- capture --quick` | 9e42e9dc0f, changed |");
  });

  test("is formatted as all documents are", () => {
    const oxfmt = join(ROOT, "node_modules/.bin/oxfmt");
    const input = reportOf(results);
    expect(execFileSync(oxfmt, ["--stdin-filepath", "report.md"], { input, encoding: "utf8" })).toBe(input); // prettier-ignore
  });

  test("a result is read again as it was written", () => {
    const lines = linesOf(results).trimEnd().split("\n");
    expect(lines.map((line) => resultSchema.parse(JSON.parse(line)))).toEqual(results);
  });

  test("the newest of each bench stands, in the order of the registry", () => {
    const newer = sampleResult({ at: "2026-11-27T06:38:29.716Z", seconds: 1 });
    const gone = sampleResult({ bench: "gone" });
    expect(newestOf([newer, gone, ...results], ["drain", "sync"])).toEqual([crashedResult, newer]);
  });
});

describe("the plots", () => {
  test("each bench has those of what it measured, and the page shows all of them", () => {
    const files = plotsOf(results);
    const page = files.get("index.html") ?? "";
    const svgs = [...files.keys()].filter((name) => name.endsWith(".svg"));
    expect(svgs).toEqual(["ratio", "latency", "growth-1", "growth-3"].map((kind) => `sync-${kind}.svg`)); // prettier-ignore
    for (const name of svgs) expect(page).toContain(`src="${name}"`);
  });

  test("nothing is drawn outside of its picture, and nothing at a place that is no number", () => {
    const extreme = sampleResult({
      rows: [0.000_2, 1, 40_000].map((ratio) => ({ ...sampleResult().rows[2]!, ratio, p99: 1 / ratio + 2 })), // prettier-ignore
    });
    const outside: string[] = [];
    for (const [name, svg] of plotsOf([...results, extreme])) {
      if (!name.endsWith(".svg")) continue;
      const [, height = 0] = /viewBox="0 0 720 (\d+)"/.exec(svg) ?? [];
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      for (const [, axis, at] of svg.matchAll(/\b([cxy]+)[12]?="(-?[\d.]+)"/g)) {
        const end = axis?.includes("y") === true ? Number(height) : 720;
        if (Number(at) < 0 || Number(at) > end) outside.push(`${name}: ${axis} ${at}`);
      }
    }
    expect(outside).toEqual([]);
  });

  test("names are escaped", () => {
    const rows = [{ ...sampleResult().rows[2]!, bench: "a <b> & c" }];
    for (const text of plotsOf([sampleResult({ rows })]).values())
      expect(text).not.toContain("<b>");
  });
});
