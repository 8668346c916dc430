/** All records at once: prepare, block, compare, train, weigh. In threads, where there are many; the same with any number of them. */
import { availableParallelism } from "node:os";
import type { IdentityKey } from "@regulars/shared/ids";
import type { ScoredPair } from "./clusters.ts";
import { numberOfCode } from "./code-number.ts";
import { type Crew, crewOf, crewOfOne } from "./crew.ts";
import type { Features } from "./features.ts";
import { type Codes, fileCodes } from "./filed.ts";
import type { Model } from "./model.ts";
import { type Outcome, outcomesOf } from "./observe.ts";
import { orderOf, placed } from "./order.ts";
import { packRecords } from "./packed.ts";
import { samplePairs } from "./pairs.ts";
import { createLexicon, OF_A_BATCH, type Lexicon, prepare, type Prepared } from "./prepare.ts";
import { createDesk, type KnownRecords, type PairTally, type Range } from "./tasks.ts";
import { train, type TrainingPairs } from "./train.ts";
import { createScorer } from "./weigh.ts";

export interface BatchRecord {
  readonly id: string;
  /** Without what is nobody's: `blanks` of the model that training begins from. */
  readonly features: Features;
  readonly keys?: readonly IdentityKey[];
}

export interface Batch {
  readonly lexicon: Lexicon;
  readonly records: Pick<ReadonlyMap<string, Prepared>, "get">;
  readonly model: Model;
  /** How many pairs were compared. */
  readonly compared: number;
  /** Those worth a word: at or above the threshold for a question. */
  readonly pairs: readonly ScoredPair[];
  /** Milliseconds: going through the candidates that are filed together, and comparing them. */
  readonly comparingMs: number;
  /** What all threads together had of the processor meanwhile: on a machine that is shared, less than that. */
  readonly comparingCpuMs: number;
}

/** In fewer records, this thread has gone through them by the time that others have begun. */
const THREADED_RECORDS = 3_000;
/** Each thread has a copy of what records say, and more of them than this wait for this one. */
const THREADS_MOST = 8;

export const threadsFor = (records: number): number =>
  records < THREADED_RECORDS ? 1 : Math.min(availableParallelism(), THREADS_MOST);

/** The order in which records come changes nothing. `threads`: besides this one, which then waits. */
export async function runBatch(
  unordered: readonly BatchRecord[],
  training: { readonly from: Model; readonly version: string },
  threads = 1,
): Promise<Batch> {
  const { byId, ordered, placeOfRank } = orderOf(unordered);
  const known = knownRecords(ordered);
  const crew =
    threads < 2
      ? crewOfOne(createDesk(known))
      : crewOf(threads, () => packRecords(ordered.map(({ features }) => features)));
  try {
    const work = createWork(ordered, placeOfRank, crew);
    const model = await train(
      byId.map(({ features }) => features),
      work,
      training,
    );
    const { parts, ...spent } = work.compared();
    const pairs = await weighParts({ ordered, crew, parts }, model);
    const compared = parts.reduce((sum, { first }) => sum + first.length, 0);
    const placeOf = new Map(ordered.map(({ id }, at) => [id, at]));
    const records = {
      get(id: string) {
        const at = placeOf.get(id);
        return at === undefined ? undefined : known.at(at);
      },
    };
    return { lexicon: known.lexicon, records, model, compared, pairs, ...spent };
  } finally {
    await crew.close();
  }
}

/** Made ready when they are asked for: of many only some are asked for again after the batch. */
function knownRecords(ordered: readonly BatchRecord[]): KnownRecords {
  const lexicon = createLexicon(OF_A_BATCH);
  const prepared: (Prepared | undefined)[] = Array.from({ length: ordered.length });
  const at = (place: number): Prepared => {
    const record = ordered[place];
    if (!record) throw new Error("a pair names a record that is not there");
    return (prepared[place] ??= prepare(record.features, lexicon));
  };
  return { count: ordered.length, at, lexicon };
}

/** So many parts for each thread: whoever is done sooner takes one more. */
const PARTS = 8;

function partsOf(count: number, { size }: Crew): Range[] {
  const parts = size === 1 ? 1 : size * PARTS;
  const place = (part: number): number => Math.floor((count * part) / parts);
  return Array.from({ length: parts }, (_, part) => ({ from: place(part), to: place(part + 1) }));
}

interface Work extends TrainingPairs {
  compared(): Pick<Batch, "comparingMs" | "comparingCpuMs"> & {
    readonly parts: readonly PairTally[];
  };
}

function createWork(ordered: readonly BatchRecord[], placeOfRank: Int32Array, crew: Crew): Work {
  const ranges = partsOf(ordered.length, crew);
  let parts: readonly PairTally[] = [];
  let spent = { comparingMs: 0, comparingCpuMs: 0 };
  return {
    async random(model) {
      crew.set({ kind: "model", model });
      const { count, first, second } = placed(samplePairs(ordered.length), placeOfRank);
      const tasks = partsOf(count, crew).map(({ from, to }) => {
        const pairs = { first: first.subarray(from, to), second: second.subarray(from, to) };
        return { kind: "sample", count: to - from, ...pairs } as const;
      });
      return outcomesOf(await crew.run(tasks));
    },
    async candidates(model): Promise<Outcome[]> {
      const coding = crew.run<"codes">(ranges.map((range) => ({ kind: "codes", ...range })));
      const keys = ranges.map((range) => keyCodesOf(ordered, range));
      const codes = await coding;
      const filed = fileCodes(codes.map((part, n) => joined(part, keys[n])));
      crew.set({ kind: "filed", filed });
      crew.set({ kind: "model", model });
      const startedMs = performance.now();
      const before = process.cpuUsage();
      parts = await crew.run(ranges.map((range) => ({ kind: "pairs", ...range })));
      const { user, system } = process.cpuUsage(before);
      const comparingMs = performance.now() - startedMs;
      spent = { comparingMs, comparingCpuMs: (user + system) / 1_000 };
      return outcomesOf(parts);
    },
    compared: () => ({ parts, ...spent }),
  };
}

/** Who names one key is compared as well; threads know what records say, and not their keys. */
function keyCodesOf(ordered: readonly BatchRecord[], { from, to }: Range): Codes {
  const numbers: number[] = [];
  const ends = new Int32Array(to - from);
  for (let at = from; at < to; at++) {
    for (const key of ordered[at]?.keys ?? []) numbers.push(numberOfCode(`k/${key}`));
    ends[at - from] = numbers.length;
  }
  return { numbers: Float64Array.from(numbers), ends };
}

/** Of each record first the one's codes, then the other's. */
function joined(one: Codes, two: Codes = one): Codes {
  const numbers = new Float64Array(one.numbers.length + two.numbers.length);
  const ends = new Int32Array(one.ends.length);
  let [length, startOne, startTwo] = [0, 0, 0];
  for (let at = 0; at < ends.length; at++) {
    const [endOne, endTwo] = [one.ends[at] ?? 0, two.ends[at] ?? 0];
    while (startOne < endOne) numbers[length++] = one.numbers[startOne++] ?? 0;
    while (startTwo < endTwo) numbers[length++] = two.numbers[startTwo++] ?? 0;
    ends[at] = length;
  }
  return { numbers, ends };
}

/** Outcomes are weighed in whole bits of rarity: within this many bits of the threshold, a pair is weighed by itself. */
const ROUGH_BITS = 4;

interface Compared {
  readonly ordered: readonly BatchRecord[];
  readonly crew: Crew;
  readonly parts: readonly PairTally[];
}

async function weighParts({ ordered, crew, parts }: Compared, model: Model): Promise<ScoredPair[]> {
  const scorer = createScorer(model);
  const { potential } = model.thresholds;
  const isWorth = (part: PairTally): Uint8Array =>
    Uint8Array.from(
      outcomesOf([part]).map(({ levels, rarity }) =>
        Number(scorer.weighLevels(levels, rarity) >= potential - ROUGH_BITS),
      ),
    );
  crew.set({ kind: "model", model });
  const weighed = await crew.run(
    parts.map((part) => ({ kind: "weigh", part, isWorth: isWorth(part) }) as const),
  );
  const pairs: ScoredPair[] = [];
  for (const [n, { places, weights }] of weighed.entries()) {
    const part = parts[n];
    for (const [at, place] of places.entries()) {
      const [first, second] = [part?.first[place] ?? -1, part?.second[place] ?? -1];
      const [a = "", b = ""] = [ordered[first]?.id, ordered[second]?.id];
      pairs.push({ a, b, weight: weights[at] ?? 0 });
    }
  }
  return pairs;
}
