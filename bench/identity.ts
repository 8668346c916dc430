/**
 * How resolving everything at once grows with the number of records.
 *
 * node bench/identity.ts [--customers 3100,6200,15500,31000,62000] [--plot FILE.svg]
 *
 * For each size: a labelled town, resolved by the same command that anybody may run, in a process of its own. Prints one JSON
 * line with the exponent of the growth (slope over the logarithms), and fails when a limit is not kept.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";

const EXPONENT_MAX = 1.2;
const SEED = "11";

const { values } = parseArgs({
  options: {
    customers: { type: "string", default: "3100,6200,15500,31000,62000" },
    plot: { type: "string" },
  },
});

interface Point {
  readonly records: number;
  readonly seconds: number;
  readonly pairs: number;
  readonly f1: number;
  readonly peakMemoryMb: number;
}

const reportSchema = z.object({
  records: z.number(),
  wallSeconds: z.number(),
  pairs: z.number(),
  f1: z.number(),
  peakMemoryMb: z.number(),
});

const run = (script: string, args: readonly string[]): string =>
  execFileSync(process.execPath, [join("local", script), ...args], {
    encoding: "utf8",
    maxBuffer: 1024 * 1024,
    stdio: ["ignore", "pipe", "ignore"],
  });

const folder = mkdtempSync(join(tmpdir(), "regulars-growth-"));
const points: Point[] = [];
try {
  for (const customers of values.customers.split(",")) {
    const town = join(folder, customers);
    run("generate.ts", ["--customers", customers, "--seed", SEED, "--out", town]);
    const said = run("evaluate-identity.ts", [
      "--records",
      join(town, "records.csv"),
      "--id",
      "record_id",
      "--truth",
      join(town, "truth.csv"),
    ]);
    const { wallSeconds: seconds, ...report } = reportSchema.parse(JSON.parse(said));
    points.push({ seconds, ...report });
    console.error(JSON.stringify(points.at(-1)));
    rmSync(town, { recursive: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Of the straight line through the logarithms, by least squares. */
function slopeOf(value: (point: Point) => number): number {
  const at = points.map((point) => [Math.log(point.records), Math.log(value(point))] as const);
  const mean = (place: 0 | 1): number => at.reduce((sum, each) => sum + each[place], 0) / at.length;
  const [x, y] = [mean(0), mean(1)];
  const above = at.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  const below = at.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
  return Math.round((above / below) * 1000) / 1000;
}

const exponent = slopeOf(({ seconds }) => seconds);
const isKept = exponent <= EXPONENT_MAX;
console.log(
  JSON.stringify({
    bench: "identity",
    points,
    exponent,
    pairsExponent: slopeOf(({ pairs }) => pairs),
    limits: { exponent: EXPONENT_MAX },
    isKept,
  }),
);
if (values.plot !== undefined) writeFileSync(values.plot, plot());
if (!isKept) process.exitCode = 1;

function plot(): string {
  const [width, height, edge] = [640, 360, 48];
  const logs = (of: (point: Point) => number): [number, number] => {
    const all = points.map((point) => Math.log10(of(point)));
    return [Math.floor(Math.min(...all)), Math.ceil(Math.max(...all))];
  };
  const [left, right] = logs(({ records }) => records);
  const [low, high] = logs(({ seconds }) => seconds);
  const x = (records: number): number =>
    edge + ((Math.log10(records) - left) / (right - left)) * (width - 2 * edge);
  const y = (seconds: number): number =>
    height - edge - ((Math.log10(seconds) - low) / (high - low)) * (height - 2 * edge);
  const dots = points.map(
    ({ records, seconds }) =>
      `<circle cx="${x(records).toFixed(1)}" cy="${y(seconds).toFixed(1)}" r="4"/>` +
      `<text x="${x(records).toFixed(1)}" y="${(y(seconds) - 9).toFixed(1)}" text-anchor="middle">${seconds.toFixed(1)} s</text>` +
      `<text x="${x(records).toFixed(1)}" y="${height - edge + 18}" text-anchor="middle">${Math.round(records / 1000)}k</text>`,
  );
  const line = points.map(
    ({ records, seconds }) => `${x(records).toFixed(1)},${y(seconds).toFixed(1)}`,
  );
  const [first] = points;
  const bound = first
    ? points.map(({ records }) => {
        const most = first.seconds * (records / first.records) ** EXPONENT_MAX;
        return `${x(records).toFixed(1)},${y(Math.min(most, 10 ** high)).toFixed(1)}`;
      })
    : [];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#555">
<title>Seconds to resolve all records, by their number; both axes logarithmic. Exponent ${exponent}, dashed: n^${EXPONENT_MAX}.</title>
<path d="M${edge} ${edge}V${height - edge}H${width - edge}" fill="none" stroke="#999"/>
<polyline points="${bound.join(" ")}" fill="none" stroke="#999" stroke-dasharray="4 4"/>
<polyline points="${line.join(" ")}" fill="none" stroke="#0b7285" stroke-width="2"/>
<g fill="#0b7285">${dots.join("\n")}</g>
<text x="${width / 2}" y="${height - 8}" text-anchor="middle">records</text>
<text x="14" y="${edge - 16}">seconds, both axes logarithmic; dashed: n^${EXPONENT_MAX}</text>
</svg>
`;
}
