/** What all plots have in common: colours for light and dark, a heading, axes of powers of ten. */
import { scaleLog, type ScaleLogarithmic } from "d3-scale";
import { numberWords } from "../frame/words.ts";

export const WIDTH = 720;
/** Where the picture begins and ends, left and right. */
export const LEFT = 24;
export const RIGHT = WIDTH - 24;
export const TOP = 76;

export type Scale = ScaleLogarithmic<number, number>;

/** Those of the console. */
const STYLE = `
:root { color-scheme: light dark; --card: #ffffff; --ink: #191c1b; --quiet: #595f5b; --line: #e0e0da; --track: #e3e4df;
  --accent: #1a6856; --bad: #b0241c; --limit: #855000 }
@media (prefers-color-scheme: dark) { :root { --card: #191d1b; --ink: #e8ebe9; --quiet: #a1a9a5; --line: #2d3330;
  --track: #2b312e; --accent: #6fcab1; --bad: #f6958b; --limit: #e7b265 } }
text { font: 12px system-ui, sans-serif; fill: var(--ink); font-variant-numeric: tabular-nums;
  paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round }
.card { fill: var(--card) }
.title { font-size: 16px; font-weight: 600 }
.quiet { fill: var(--quiet) }
.end { text-anchor: end }
.middle { text-anchor: middle }
.grid { stroke: var(--line) }
.zero { stroke: var(--quiet) }
.track { stroke: var(--track); stroke-width: 8; stroke-linecap: round }
.value { stroke: var(--accent); stroke-width: 3; stroke-linecap: round; fill: none }
.dot { fill: var(--accent); stroke: var(--card); stroke-width: 1.5 }
.missed.value { stroke: var(--bad) }
.missed.dot { fill: var(--bad) }
.limit { stroke: var(--limit); stroke-width: 2; fill: none }
.limit.dashed { stroke-dasharray: 5 4 }
.limit-words { fill: var(--limit) }
.missed-words { fill: var(--bad) }
`;

export interface Picture {
  readonly title: string;
  /** In one line below it: how to read it. */
  readonly words: string;
  readonly height: number;
  readonly body: readonly string[];
}

export function svgOf({ title, words, height, body }: Picture): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<rect class="card" width="${WIDTH}" height="${height}" rx="10"/>
${textAt(LEFT, 32, title, "title")}
${textAt(LEFT, 52, words, "quiet")}
${body.join("\n")}
</svg>
`;
}

export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"); // prettier-ignore

export const place = (value: number): string => (Math.round(value * 10) / 10).toString();

export const textAt = (x: number, y: number, text: string, kind = ""): string =>
  `<text x="${place(x)}" y="${place(y)}"${kind === "" ? "" : ` class="${kind}"`}>${escaped(text)}</text>`;

export type Points = readonly [x1: number, y1: number, x2: number, y2: number];

export const lineAt = ([x1, y1, x2, y2]: Points, kind: string): string =>
  `<line class="${kind}" x1="${place(x1)}" y1="${place(y1)}" x2="${place(x2)}" y2="${place(y2)}"/>`;

export const dotAt = (x: number, y: number, r: number, kind: string): string =>
  `<circle class="${kind}" cx="${place(x)}" cy="${place(y)}" r="${place(r)}"/>`;

/** With room on both sides, and never so narrow that noise looks like a mountain. */
export function logScale(values: readonly number[], from: number, to: number): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(1.25, Math.sqrt(3 / Math.max(1, high / low)));
  return scaleLog([low / room, high * room], [from, to]);
}

/** Powers of ten; with their doubles and halves where the scale is short. */
export function ticksOf(scale: Scale): number[] {
  const [low = 1, high = 1] = scale.domain();
  const decades = Math.log10(high / low);
  const steps = decades > 3 ? [1] : decades > 1.2 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 7];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    for (const step of steps) {
      const tick = Number((step * 10 ** power).toPrecision(3));
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}

/** Lines from top to bottom, with what they stand for below. */
export function gridAcross(x: Scale, top: number, bottom: number): string[] {
  return ticksOf(x).flatMap((tick) => [
    lineAt([x(tick), top, x(tick), bottom], tick === 1 ? "zero" : "grid"),
    textAt(x(tick), bottom + 16, numberWords(tick), "quiet middle"),
  ]);
}
