/** Runs the production path of identity resolution over any CSV and scores it against a truth that it never saw. */
import { runBatch } from "../../central/src/matching/batch.ts";
import { createBlocked } from "../../central/src/matching/blocked.ts";
import { type Clustering, clusterUnits } from "../../central/src/matching/clusters.ts";
import { createJudge } from "../../central/src/matching/judge.ts";
import { DEFAULT_MODEL, type Model } from "../../central/src/matching/model.ts";
import { DEFAULT_MATCHING_POLICY } from "../../central/src/matching/policy.ts";
import { createScorer } from "../../central/src/matching/weigh.ts";
import { type Options, readOptions } from "./options.ts";
import { type EvaluatedRecord, readRecords } from "./read-records.ts";
import { readTable } from "./read-table.ts";
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
  const found = resolveBatch(ordered);
  const wallSeconds = (performance.now() - started) / 1000;
  const truth = await readTruth(tables, request);
  if (options.clusters !== undefined) await writeClusters(options.clusters, found.clusters);
  process.stdout.write(
    `${JSON.stringify(report(found, truth, { options, records, wallSeconds }))}\n`,
  );
  return 0;
}

interface Found {
  /** At the threshold of production. */
  readonly clusters: readonly (readonly string[])[];
  /** Down to the lowest weight that was kept, in the order in which links were made. */
  readonly all: Clustering;
  readonly compared: number;
  readonly model: Model;
}

function resolveBatch(records: readonly EvaluatedRecord[]): Found {
  const batch = runBatch(records, { from: DEFAULT_MODEL, version: "evaluated" });
  const policy = DEFAULT_MATCHING_POLICY;
  const isBlocked = createBlocked(policy);
  const judge = createJudge(batch.records, batch.lexicon, createScorer(batch.model), (key) => {
    const [kind = "", ...value] = key.split(":");
    return isBlocked(kind, value.join(":"));
  });
  const units = records.map(({ id, source, keys }) => ({
    id,
    sources: [source],
    keys: Object.fromEntries(keys.map((key) => [key, "000000000000"])),
  }));
  const input = { units, steward: [], policy, judge };
  const { match } = batch.model.thresholds;
  const certain = batch.pairs.filter(({ weight }) => weight >= match);
  return {
    clusters: clusterUnits({ ...input, pairs: certain }).clusters,
    all: clusterUnits({ ...input, pairs: batch.pairs }),
    compared: batch.compared,
    model: batch.model,
  };
}

function report(
  { clusters, all, compared, model }: Found,
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
  };
}

function scoresOf(
  truth: Truth,
  clusters: Found["clusters"],
  { links }: Clustering,
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

function scorePeople(
  clusters: Found["clusters"],
  links: Clustering["links"],
  personOf: ReadonlyMap<string, string>,
  threshold: number,
): Scores {
  const scores = scoreClusters(clusters, personOf);
  return { ...scores, ...bestOfLinks(links, personOf, { f1: scores.f1, threshold }) };
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
