/** All plots beside the rows that they are of, on one page that needs nothing else. */
import type { Measured } from "../measured.ts";
import type { Result } from "../frame/result.ts";
import { commandOf, isMeasured, missedOf, msWords, numberWords, standingOf } from "../frame/words.ts"; // prettier-ignore
import { escaped } from "./picture.ts";

export interface Plotted {
  readonly result: Result;
  /** Names of files in the folder of the page. */
  readonly plots: readonly string[];
}

const STYLE = `
:root { color-scheme: light dark; --paper: #f6f6f3; --card: #ffffff; --ink: #191c1b; --quiet: #595f5b; --line: #e0e0da;
  --good: #1a6b41; --bad: #b0241c }
@media (prefers-color-scheme: dark) { :root { --paper: #111413; --card: #191d1b; --ink: #e8ebe9; --quiet: #a1a9a5;
  --line: #2d3330; --good: #7dd0a0; --bad: #f6958b } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 1540px; padding: 24px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 24px; margin: 0 0 4px } h2 { font-size: 18px; margin: 40px 0 0 }
p { margin: 2px 0 12px; color: var(--quiet) } code { font-size: 13px } a { color: inherit }
.rows { overflow-x: auto; background: var(--card); border-radius: 10px }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 14px }
th, td { padding: 7px 12px; text-align: left; vertical-align: top; border-top: 1px solid var(--line) }
thead th { border-top: 0; color: var(--quiet); font-weight: 500 }
td.number, th.number { text-align: right } td.number, th.number, td.unit { white-space: nowrap }
.held { color: var(--good) } .missed { color: var(--bad) }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(460px, 100%), 1fr)); gap: 16px; margin-top: 16px;
  align-items: start }
.plots img { width: 100%; height: auto; border-radius: 10px }
.conditions { font-size: 13px }
`;

export function pageOf(benches: readonly Plotted[]): string {
  const links = benches.map(({ result: { bench } }) => `<a href="#${escaped(bench)}">${escaped(bench)}</a>`); // prettier-ignore
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Measured</title>
<style>${STYLE}</style>
<h1>Measured</h1>
<p>${links.join(" · ")}</p>
${benches.map(sectionOf).join("\n")}
</html>
`;
}

function sectionOf({ result, plots }: Plotted): string {
  const { bench, isQuick, at, commit, isClean, rows } = result;
  const of = commit === null ? "" : `, commit ${commit}${isClean ? "" : ", changed"}`;
  const conditions = [...new Set(rows.map((row) => row.conditions))];
  return `<section id="${escaped(bench)}">
<h2>${escaped(bench)}</h2>
<p><code>${escaped(commandOf(bench, isQuick))}</code> at ${escaped(at.slice(0, 16).replace("T", " "))} UTC${escaped(of)}</p>
<div class="rows"><table>
<thead><tr><th>what</th><th class="number">value</th><th>unit</th><th class="number">baseline</th><th class="number">ratio</th>
<th class="number">n</th><th class="number">p50 / p95 / p99 ms</th><th>must reach</th><th>holds</th></tr></thead>
<tbody>
${rows.map((row) => rowOf(row, isQuick)).join("\n")}
</tbody></table></div>
${conditions.map((each) => `<p class="conditions">${escaped(each)}</p>`).join("\n")}
<div class="plots">${plots.map((file) => `<img src="${escaped(file)}" alt="${escaped(file)}" loading="lazy">`).join("\n")}</div>
</section>`;
}

const cell = (words: string): string => `<td class="number">${escaped(words)}</td>`;

const HOLDS = { held: "yes", missed: "no", "no limit": "" } as const;

function rowOf(row: Measured, isQuick: boolean): string {
  const standing = standingOf(row, isQuick);
  const { bench, value, unit, baseline, ratio, n, p50, p95, p99, limit = "" } = row;
  const numbers = isMeasured(row) ? [baseline, ratio, n].map(numberWords) : ["", "", ""];
  const latency = p99 === 0 ? "" : [p50, p95, p99].map(msWords).join(" / ");
  const missed = missedOf(row, isQuick).join("; ");
  return (
    `<tr><td>${escaped(bench)}</td>${cell(isMeasured(row) ? numberWords(value) : "")}<td class="unit">${escaped(unit)}</td>` +
    `${[...numbers, latency].map(cell).join("")}<td>${escaped(limit)}</td>` +
    `<td class="${standing === "no limit" ? "" : standing}">${HOLDS[standing]}${missed === "" ? "" : `: ${escaped(missed)}`}</td></tr>`
  );
}
