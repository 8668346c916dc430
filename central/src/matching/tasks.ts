/**
 * What of a batch can be done for a part of the records alone: here, or in a thread that knows the same records. The answers
 * are the same wherever and in whatever parts they are worked out.
 */
import { type Codes, codesOf, eachPair, type Filed, sharedOf } from "./filed.ts";
import type { Model } from "./model.ts";
import {
  type Counter,
  createCounter,
  createRarity,
  levelsOfCode,
  observePairs,
  type RarityOf,
  type Tally,
} from "./observe.ts";
import { Growing, type PairList } from "./pairs.ts";
import type { Lexicon, Prepared } from "./prepare.ts";
import { createRows, type Rows } from "./rows.ts";
import { createScorer, type Scorer } from "./weigh.ts";

/** Places in the list of records, the second excluded. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What tasks go by, told before them. */
export type Setting =
  | { readonly kind: "model"; readonly model: Model }
  | { readonly kind: "filed"; readonly filed: Filed };

export type Task =
  /** The codes of a range of records, but for those of their keys. */
  | ({ readonly kind: "codes" } & Range)
  /** Some of the pairs that are drawn by chance. */
  | ({ readonly kind: "sample" } & PairList)
  /** The candidate pairs that begin in a range of records. */
  | ({ readonly kind: "pairs" } & Range)
  | { readonly kind: "weigh"; readonly part: PairTally; readonly isWorth: Uint8Array };

export type PairTally = Tally & Omit<PairList, "count">;

/** Of the pairs that are worth a word: their places in the part, and their weights. */
export interface Weights {
  readonly places: Int32Array;
  readonly weights: Float64Array;
}

export interface Answers {
  readonly codes: Codes;
  readonly sample: Tally;
  readonly pairs: PairTally;
  readonly weigh: Weights;
}

export interface Desk {
  set(setting: Setting): void;
  run<Kind extends Task["kind"]>(task: Extract<Task, { kind: Kind }>): Answers[Kind];
}

export interface KnownRecords {
  readonly count: number;
  readonly at: (place: number) => Prepared;
  readonly lexicon: Lexicon;
}

export function createDesk(records: KnownRecords): Desk {
  let known: Rows | null = null;
  const rows = (): Rows => (known ??= createRows(records.count, records.at, records.lexicon));
  let model: Model | null = null;
  let rarity: RarityOf | null = null;
  const rarityOf = (): RarityOf => (rarity ??= createRarity(told(model), records.at, rows()));
  let filed: Filed | null = null;
  const tasks = {
    codes: ({ from, to }: Range): Codes =>
      codesOf(
        Array.from({ length: to - from }, (_, n) => records.at(from + n)),
        () => [],
      ),
    sample: (pairs: PairList): Tally => observePairs(pairs, rows(), rarityOf()),
    pairs: (range: Range): PairTally =>
      observeFiled(createCounter(rows(), rarityOf()), told(filed), range),
    weigh: (task: Extract<Task, { kind: "weigh" }>): Weights =>
      weighPart(records, createScorer(told(model)), task),
  };
  return {
    set(setting) {
      if (setting.kind === "filed") ({ filed } = setting);
      else [model, rarity] = [setting.model, null];
    },
    run(task) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each kind has its own function, which answers what `Answers` says of it
      const run = tasks[task.kind] as (task: Task) => never;
      return run(task);
    },
  };
}

function told<Value>(value: Value | null): Value {
  if (value === null) throw new Error("a task before what it goes by was told");
  return value;
}

function observeFiled(counter: Counter, filed: Filed, range: Range): PairTally {
  const lists = [new Growing(), new Growing(), new Growing()] as const;
  eachPair(filed, range, (one, two) => {
    lists[0].push(one);
    lists[1].push(two);
    lists[2].push(counter.count(one, two));
  });
  const [first, second, outcomeOf] = lists.map((list) => sharedOf(list.values()));
  if (!first || !second || !outcomeOf) throw new Error("three lists are three");
  return { codes: counter.codes(), counts: counter.counts(), first, second, outcomeOf };
}

function weighPart(
  { at }: KnownRecords,
  scorer: Scorer,
  { part, isWorth }: Extract<Task, { kind: "weigh" }>,
): Weights {
  const { potential } = scorer.model.thresholds;
  const levels = [...part.codes].map((code, place) =>
    isWorth[place] === 1 ? levelsOfCode(code) : null,
  );
  const places = new Growing();
  const weights: number[] = [];
  for (const [n, outcome] of part.outcomeOf.entries()) {
    const known = levels[outcome];
    if (!known) continue;
    const { weight } = scorer.weigh(known, at(part.first[n] ?? -1));
    if (weight < potential) continue;
    places.push(n);
    weights.push(weight);
  }
  return { places: places.values().slice(), weights: Float64Array.from(weights) };
}
