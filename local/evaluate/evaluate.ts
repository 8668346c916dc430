/** Runs the production path of identity resolution over any CSV and scores it against a truth that it never saw. */
import { type Options, readOptions } from "./options.ts";
import { type EvaluatedRecord, readRecords } from "./read-records.ts";
import { readTable } from "./read-table.ts";
import { type Resolved, resolveBatch } from "./resolve-batch.ts";
import { type Incremental, resolveIncrementally } from "./resolve-incremental.ts";
import { bestOfLinks, scoreClusters, scorePairs, type Scores } from "./scores.ts";
import { shuffled } from "./shuffle.ts";
import { writeClusters } from "./write-clusters.ts";
import { checkTruth, isColumn, readTruth, type Truth } from "./truth.ts";

export async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const tables = await Promise.all(options.records.map((path) => readTable(path)));
  const request = { id: options.id, truth: options.truth, pattern: options.truthPattern };
  checkTruth(tables, request);
  const started = performance.now();
  const records = await readRecords(tables, {
    id: options.id,
    hidden: options.truth !== undefined && isColumn(tables, request) ? [options.truth] : [],
    mapping: options.mapping,
    country: options.country,
    today: new Date().toISOString().slice(0, 10),
    tell: (sentence) => process.stderr.write(`${sentence}\n`),
  });
  const ordered = options.shuffle === undefined ? records : shuffled(records, options.shuffle);
  const batch = await resolveBatch(ordered);
  const arrived =
    options.mode === "batch" ? null : await resolveIncrementally(ordered, batch.model);
  const found = arrived ? { ...batch, clusters: arrived.clusters } : batch;
  const wallSeconds = (performance.now() - started) / 1000;
  const truth = await readTruth(tables, request);
  if (options.clusters !== undefined) await writeClusters(options.clusters, found.clusters);
  process.stdout.write(
    `${JSON.stringify({ ...report(found, truth, { options, records, wallSeconds }), ...comparison(batch, arrived) })}\n`,
  );
  return 0;
}

function report(
  { clusters, all, compared, model }: Resolved,
  truth: Truth | null,
  {
    options,
    records,
    wallSeconds,
  }: { options: Options; records: readonly EvaluatedRecord[]; wallSeconds: number },
): object {
  const { match } = model.thresholds;
  const questions = all.links.filter(({ weight }) => weight !== null && weight < match).length;
  return {
    ...(truth === null ? {} : scoresOf(truth, clusters, all, match)),
    potentialMatches: questions + all.refusals.length,
    records: records.length,
    customers: clusters.length,
    wallSeconds: rounded(wallSeconds),
    pairs: compared,
    pairsPerSecond: Math.round(compared / Math.max(wallSeconds, 0.001)),
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    mode: options.mode,
    threshold: match,
    householdPrior: model.householdPrior,
  };
}

function scoresOf(
  truth: Truth,
  clusters: Resolved["clusters"],
  { links }: Resolved["all"],
  threshold: number,
): object {
  const scores =
    truth.kind === "pairs"
      ? scorePairs(clusters, truth.pairs)
      : scorePeople(clusters, links, truth.personOf, threshold);
  return Object.fromEntries(
    Object.entries<number>({ ...scores }).map(([name, value]) => [name, rounded(value)]),
  );
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;

function scorePeople(
  clusters: Resolved["clusters"],
  links: Resolved["all"]["links"],
  personOf: ReadonlyMap<string, string>,
  threshold: number,
): Scores {
  const scores = scoreClusters(clusters, personOf);
  return { ...scores, ...bestOfLinks(links, personOf, { f1: scores.f1, threshold }) };
}

/** Whether arrival by arrival came to the same customers as all at once. */
function comparison(batch: Resolved, arrived: Incremental | null): object {
  if (arrived === null) return {};
  const names = new Set(batch.clusters.map(nameOf));
  const isSame =
    arrived.clusters.length === names.size &&
    arrived.clusters.every((ids) => names.has(nameOf(ids)));
  return {
    sameAsBatch: isSame,
    recordsPerSecond: arrived.recordsPerSecond,
    p99Ms: rounded(arrived.p99Ms),
  };
}

const nameOf = (ids: readonly string[]): string => JSON.stringify(ids.toSorted(byText));

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
