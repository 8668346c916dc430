/**
 * Components: units whose clusters may depend on each other, through keys that may tie them, pairs that probability holds
 * for one person, and stewards. Each is clustered by itself.
 */
import {
  type Clustering,
  clusterUnits,
  type StewardLink,
  type Unit,
} from "../matching/clusters.ts";
import { decisionOfTag } from "./arrivals.ts";
import type { MatchingContext } from "./matching-context.ts";
import type { Surroundings } from "./surroundings.ts";
import { byText } from "./unit.ts";
import type { UnitState } from "./unit-changes.ts";

export interface Component {
  /** The first of its units. */
  readonly id: string;
  readonly units: readonly UnitState[];
  readonly clustering: Clustering;
}

export function componentsOf(around: Surroundings, context: MatchingContext): Component[] {
  const links = stewardLinks([...around.units.values()], around.decisions);
  const recordsOf = Map.groupBy(around.records, ({ unit }) => unit);
  const sourcesOf = (id: string): string[] =>
    [...new Set((recordsOf.get(id) ?? []).map(({ source }) => source))].toSorted(byText);
  const rules = { links, around, context, sourcesOf };
  return connect(around, links).map((units) => ({
    id: units[0]?.id ?? "",
    units,
    clustering: clusteringOf(units, rules),
  }));
}

function connect(around: Surroundings, links: readonly StewardLink[]): UnitState[][] {
  const parents = new Map<string, string>();
  const rootOf = (id: string): string => {
    let root = id;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    for (let at = id; at !== root;) {
      const next = parents.get(at) ?? root;
      parents.set(at, root);
      at = next;
    }
    return root;
  };
  const join = (a: string, b: string): void => {
    const [one, two] = [rootOf(a), rootOf(b)];
    if (one !== two) parents.set(one, two);
  };
  const firstNaming = new Map<string, string>();
  for (const { id, keyList } of around.units.values()) {
    for (const key of keyList) {
      if (around.powerless.has(key)) continue;
      const other = firstNaming.get(key);
      if (other === undefined) firstNaming.set(key, id);
      else join(id, other);
    }
  }
  for (const { a, b } of around.pairs) join(a, b);
  for (const { a, b, verdict } of links) if (verdict === "same") join(a, b);
  const groups = Map.groupBy(around.units.values(), ({ id }) => rootOf(id));
  return [...groups.values()].map((units) => units.toSorted((a, b) => byText(a.id, b.id)));
}

/**
 * A decision names source records on two sides. `same`: all of them are one person. `different`: nobody of one side is
 * somebody of the other; what arrives later joins one of them by its own evidence, and can never tie both.
 */
function stewardLinks(
  units: readonly UnitState[],
  decisions: Surroundings["decisions"],
): StewardLink[] {
  const sides = new Map<string, string[]>();
  for (const { id, tags } of units.toSorted((a, b) => byText(a.id, b.id))) {
    for (const tag of tags) sides.set(tag, [...(sides.get(tag) ?? []), id]);
  }
  const ids = [...new Set([...sides.keys()].map(decisionOfTag))].toSorted(byText);
  return ids.flatMap((id): StewardLink[] => {
    const verdict = decisions.get(id)?.kind;
    const [left, right] = [sides.get(`${id}/0`) ?? [], sides.get(`${id}/1`) ?? []];
    if (verdict === "different") {
      return left.flatMap((a) => right.map((b) => ({ id, a, b, verdict })));
    }
    const [first, ...others] = [...new Set([...left, ...right])].toSorted(byText);
    if (verdict === undefined || first === undefined) return [];
    return others.map((b) => ({ id, a: first, b, verdict }));
  });
}

interface Rules {
  readonly links: readonly StewardLink[];
  readonly around: Surroundings;
  readonly context: MatchingContext;
  readonly sourcesOf: (unit: string) => readonly string[];
}

function clusteringOf(
  units: readonly UnitState[],
  { links, around, context, sourcesOf }: Rules,
): Clustering {
  const [only] = units;
  if (only && units.length === 1) return { clusters: [[only.id]], links: [], refusals: [] };
  const ids = new Set(units.map(({ id }) => id));
  const clustering = clusterUnits({
    units: units.map(({ id, keys }): Unit => ({ id, keys, sources: sourcesOf(id) })),
    pairs: around.pairs.filter(({ a }) => ids.has(a)),
    steward: links.filter(({ a, b }) => ids.has(a) && ids.has(b)),
    policy: context.policy,
    judge: context.judge(units, (key) => around.powerless.has(key)),
  });
  const refusals = clustering.refusals.map((refusal) =>
    refusal.reason === "blocked_value" && around.overnamed.has(refusal.by ?? "")
      ? { ...refusal, reason: "value_of_many" as const }
      : refusal,
  );
  return { ...clustering, refusals };
}
