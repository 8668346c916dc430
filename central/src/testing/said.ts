/** Clusters of a few records by what they say: each pair is weighed and offered as in production. */
import { createBlocked } from "../matching/blocked.ts";
import {
  type Clustering,
  clusterUnits,
  type Judge,
  type StewardLink,
} from "../matching/clusters.ts";
import { comparePair } from "../matching/compare.ts";
import type { Features } from "../matching/features.ts";
import { createJudge } from "../matching/judge.ts";
import { DEFAULT_MODEL } from "../matching/model.ts";
import { DEFAULT_MATCHING_POLICY, type MatchingPolicy } from "../matching/policy.ts";
import { createLexicon, prepare } from "../matching/prepare.ts";
import { createScorer } from "../matching/weigh.ts";
import { features } from "./features.ts";
import { stampOfDay } from "./random-units.ts";

export interface Said {
  readonly says?: Partial<Features>;
  /** Keys, with the day of their first appearance. */
  readonly keys?: Readonly<Record<string, number>>;
  readonly source?: string;
}

type Records = Readonly<Record<string, Said>>;

interface Rules {
  readonly policy?: MatchingPolicy;
  readonly steward?: readonly StewardLink[];
  /** In place of all pairs that are worth a link. */
  readonly pairs?: readonly { readonly a: string; readonly b: string; readonly weight: number }[];
}

export function clusterSaid(said: Records, rules: Rules = {}): Clustering {
  const { policy = DEFAULT_MATCHING_POLICY, steward = [] } = rules;
  const { judge, pairs } = compareAll(said, policy);
  const units = Object.entries(said).map(([id, { keys = {}, source = "pos-1" }]) => ({
    id,
    sources: [source],
    keys: Object.fromEntries(Object.entries(keys).map(([key, day]) => [key, stampOfDay(day)])),
  }));
  return clusterUnits({ units, pairs: rules.pairs ?? pairs, steward, policy, judge });
}

function compareAll(said: Records, policy: MatchingPolicy) {
  const lexicon = createLexicon();
  const scorer = createScorer(DEFAULT_MODEL);
  const records = Object.entries(said).map(
    ([id, { says = {} }]) => ({ id, record: prepare(features(says), lexicon) }) as const,
  );
  const isBlocked = createBlocked(policy);
  const byId = new Map(records.map(({ id, record }) => [id, record]));
  const judge: Judge = createJudge(byId, lexicon, scorer, (key) => {
    const [kind = "", ...value] = key.split(":");
    return isBlocked(kind, value.join(":"));
  });
  const pairs = records
    .flatMap((one, at) =>
      records.slice(at + 1).map((two) => {
        const levels = comparePair(one.record, two.record, lexicon);
        return {
          a: one.id,
          b: two.id,
          weight: scorer.weigh(levels, one.record).weight,
        };
      }),
    )
    .filter(({ weight }) => weight >= DEFAULT_MODEL.thresholds.match);
  return { judge, pairs };
}

export const reasonsOf = ({ refusals }: Clustering): string[] =>
  refusals.map(({ reason }) => reason);

/** Keys that were all seen first on one day. */
export const naming = (...keys: readonly string[]): Record<string, number> =>
  Object.fromEntries(keys.map((key) => [key, 20_000]));

export const PHONE = "phone:+447700900123";
export const HOME = {
  number: "12",
  road: "high street",
  city: "leeds",
  postcode: "ls11aa",
  phone: "+447700900123",
};
export const MOTHER = {
  ...HOME,
  given: ["maria"],
  family: ["garcia"],
  birth: "1980-05-14",
  gender: "f",
};
export const CHILD = {
  ...HOME,
  given: ["peter"],
  family: ["garcia"],
  birth: "2009-11-30",
  gender: "m",
};
