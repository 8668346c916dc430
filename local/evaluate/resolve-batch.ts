/** Everything at once: blanks, units, training, weights, clusters. */
import type { IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { runBatch, threadsFor } from "../../central/src/matching/batch.ts";
import { blanksOf } from "../../central/src/matching/blanks.ts";
import { type Clustering, clusterUnits } from "../../central/src/matching/clusters.ts";
import type { Features } from "../../central/src/matching/features.ts";
import { createJudge } from "../../central/src/matching/judge.ts";
import { DEFAULT_MODEL, type Model } from "../../central/src/matching/model.ts";
import { DEFAULT_MATCHING_POLICY } from "../../central/src/matching/policy.ts";
import { createScorer } from "../../central/src/matching/weigh.ts";
import {
  createMatchingContext,
  type MatchingContext,
} from "../../central/src/resolve/matching-context.ts";
import { type UnitContent, unitOf } from "../../central/src/resolve/unit.ts";
import type { EvaluatedRecord } from "./read-records.ts";
import { IDENTITY, ownKeyOf, sourceRecordOf } from "./source-record.ts";

export interface Resolved {
  /** Ids of records, at the threshold of production. */
  readonly clusters: readonly (readonly string[])[];
  /** Down to the lowest weight that was kept, in the order in which links were made, by ids of records. */
  readonly all: Pick<Clustering, "links" | "refusals">;
  readonly compared: number;
  readonly model: Model;
}

interface Unit extends UnitContent {
  readonly keys: Readonly<Record<IdentityKey, string>>;
  readonly sources: readonly string[];
  readonly record: string;
}

export async function resolveBatch(records: readonly EvaluatedRecord[]): Promise<Resolved> {
  const blanks = blanksOf(records.map(({ features }) => features));
  const from: Model = { ...DEFAULT_MODEL, blanks };
  const units = unitsOf(records, contextOf(records, from));
  const batch = await runBatch(
    units.map(({ id, features, keyList }) => ({ id, features, keys: keyList })),
    { from, version: "evaluated" },
    threadsFor(units.length),
  );
  const policy = DEFAULT_MATCHING_POLICY;
  const powerless = powerlessKeys(units);
  const judge = createJudge(batch.records, batch.lexicon, createScorer(batch.model), (key) =>
    powerless.has(key),
  );
  const input = { units, steward: [], policy, judge };
  const { match } = batch.model.thresholds;
  const recordOf = new Map(units.map(({ id, record }) => [id, record]));
  const named = (unit: string): string => recordOf.get(unit) ?? unit;
  const all = clusterUnits({ ...input, pairs: batch.pairs });
  const { clusters } = clusterUnits({
    ...input,
    pairs: batch.pairs.filter(({ weight }) => weight >= match),
  });
  return {
    clusters: clusters.map((ids) => ids.map(named)),
    all: {
      links: all.links.map((link) => ({ ...link, a: named(link.a), b: named(link.b) })),
      refusals: all.refusals.map((each) => ({ ...each, a: named(each.a), b: named(each.b) })),
    },
    compared: batch.compared,
    model: batch.model,
  };
}

/** Features as the file gives them: it knows more of a person than a till asks for. */
export function contextOf(records: readonly EvaluatedRecord[], model: Model): MatchingContext {
  const featuresByKey = new Map<IdentityKey, Features>(
    records.map(({ id, features }) => [ownKeyOf(id), features]),
  );
  return createMatchingContext({
    model,
    policy: DEFAULT_MATCHING_POLICY,
    identity: IDENTITY,
    featuresOf({ key }) {
      const features = featuresByKey.get(key);
      if (!features) throw new Error("a record that was not read");
      return features;
    },
  });
}

/** Each row has a key of its own, so each is a unit. */
function unitsOf(records: readonly EvaluatedRecord[], context: MatchingContext): Unit[] {
  return records.map((record) => {
    const { contribution } = sourceRecordOf(record);
    const content = unitOf(contribution, [], context);
    return {
      ...content,
      keys: contribution.keys,
      sources: [contribution.source],
      record: record.id,
    };
  });
}

/** Keys that tie nobody: of nobody, by any record's word, or named by too many. */
function powerlessKeys(units: readonly Unit[]): Set<IdentityKey> {
  const naming = new Map<IdentityKey, number>();
  for (const { keyList } of units)
    for (const key of keyList) naming.set(key, (naming.get(key) ?? 0) + 1);
  const crowded = [...naming].filter(([, count]) => count > LIMITS.keyUnits).map(([key]) => key);
  return new Set([...crowded, ...units.flatMap(({ nobody }) => nobody)]);
}
