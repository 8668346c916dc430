/** The plots of results, as files by name: SVG, and a page with all of them. */
import type { Result } from "../frame/result.ts";
import { growthPlot } from "./growth.ts";
import { latencyPlot } from "./latency.ts";
import { pageOf } from "./page.ts";
import { ratioPlot } from "./ratio.ts";

export function plotsOf(results: readonly Result[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const plotted = results.map((result) => {
    const mine = plotsOfOne(result);
    for (const [file, svg] of mine) files.set(file, svg);
    return { result, plots: [...mine.keys()] };
  });
  return files.set("index.html", pageOf(plotted));
}

function plotsOfOne({ bench, rows }: Result): Map<string, string> {
  const drawn = new Map([
    [`${bench}-ratio.svg`, ratioPlot(bench, rows)],
    [`${bench}-latency.svg`, latencyPlot(bench, rows)],
    ...rows.flatMap(({ bench: name, growth }, at): [string, string][] =>
      growth ? [[`${bench}-growth-${at + 1}.svg`, growthPlot(name, growth)]] : [],
    ),
  ]);
  return new Map([...drawn].flatMap(([file, svg]) => (svg === null ? [] : [[file, svg] as const])));
}
