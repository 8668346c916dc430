/** Random units, evidence and decisions, for what must hold of any clustering. */
import fc from "fast-check";
import type { ClusterInput, Judge, StewardLink, Unit } from "../matching/clusters.ts";
import type { MatchingPolicy } from "../matching/policy.ts";

export const DAY_MS = 86_400_000;
export const stampOfDay = (day: number): string =>
  `${(day * DAY_MS).toString(16).padStart(12, "0")}-0000-t/1`;

/** Answers anything, the same for the same question whichever unit comes first: worse than any real judge. */
export function randomJudge(seed: number): Judge {
  const draw = (what: string, ...ids: readonly string[]): number => {
    let hash = seed ^ 0x9e37_79b9;
    for (const sign of [what, ...ids.toSorted()].join("/")) {
      hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 0x0100_0193);
      hash ^= hash >>> 13;
    }
    return (Math.imul(hash, 0x85eb_ca6b) >>> 0) / 2 ** 32;
  };
  return {
    evidence: (a, b) => draw("evidence", a, b) * 30 - 12,
    isAlike: (a, b) => draw("person", a, b) > 0.4,
    isApart: (a, b) => draw("person", a, b) < 0.2,
    isDoubtful: (a, b) => draw("doubtful", a, b) < 0.2,
    isSilent: (a, b) => draw("silent", a, b) < 0.2,
    isNamed: (id) => draw("named", id) < 0.7,
    cannotTell: (record, one, two) => draw(`tell ${record}`, one, two) < 0.1,
    isBlocked: (key) => draw("blocked", key) < 0.1,
  };
}

export const SMALL_LIMITS: MatchingPolicy = {
  version: 1,
  keys: {
    loyalty: { strength: 3, unique: true, limit: { values: 1, days: null }, people: 3 },
    email: { strength: 2, unique: false, limit: { values: 2, days: 30 }, people: 4 },
    phone: { strength: 1, unique: false, limit: { values: 2, days: null }, people: 2 },
    user: { strength: 3, unique: true, limit: { values: 1, days: null }, people: 3 },
    anonymous: {
      strength: 1,
      unique: false,
      limit: { values: 3, days: 30 },
      people: 1,
      device: true,
    },
    device: { strength: 0, unique: false, limit: null, people: 9 },
  },
  blocked: {},
  onePerSource: ["crm"],
  bridge: 0,
  ambiguity: 4,
  clusterMax: 6,
};

export const UNITS = 12;
const WEIGHTS = [3, 4.5, 4.5, 7, 9, 12, 20];

/** `name` parts one set of units from another: no id, key or decision of two names is the same. */
export const inputsOf = (name: string, { isWithSame = true } = {}): fc.Arbitrary<ClusterInput> => {
  const ids = Array.from({ length: UNITS }, (_, n) => `${name}${String(n).padStart(2, "0")}`);
  const stamp = fc.integer({ min: 19_000, max: 19_090 }).map(stampOfDay);
  const keysOf = (kind: string, count: number, most: number) =>
    fc
      .uniqueArray(fc.nat(count - 1), { maxLength: most })
      .map((all) => all.map((n) => `${kind}${kind.includes(":") ? "" : ":"}${name}${n}`));
  const keys = fc
    .tuple(
      keysOf("loyalty", 4, 1),
      keysOf("email", 6, 2),
      keysOf("phone", 4, 1),
      keysOf("device", 2, 1),
      // Two realms; a realm is the first four characters.
      keysOf("user:webs", 3, 1),
      keysOf("user:apps", 3, 1),
      keysOf("anonymous", 5, 2),
    )
    .chain((kinds) =>
      fc.tuple(...kinds.flat().map((key) => stamp.map((first) => [key, first] as const))),
    )
    .map((entries) => Object.fromEntries(entries));
  const sources = fc.uniqueArray(fc.constantFrom("pos-1", "pos-2", "crm-1", "web"), {
    minLength: 1,
    maxLength: 2,
  });
  const two = fc
    .tuple(fc.constantFrom(...ids), fc.constantFrom(...ids))
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => ({ a, b }));
  const verdict: fc.Arbitrary<StewardLink["verdict"]> = isWithSame
    ? fc.constantFrom("same", "different", "different")
    : fc.constant("different");
  return fc
    .record({
      units: fc.tuple(
        ...ids.map((id) => fc.record({ sources, keys }).map((unit): Unit => ({ id, ...unit }))),
      ),
      pairs: fc.uniqueArray(
        fc.tuple(two, fc.constantFrom(...WEIGHTS)).map(([pair, weight]) => ({ ...pair, weight })),
        { maxLength: 14, selector: ({ a, b }) => [a, b].toSorted().join(" ") },
      ),
      steward: fc.array(fc.tuple(two, verdict), { maxLength: 5 }).map((all) =>
        all.map(([pair, word], n): StewardLink => ({
          id: `${name}s${n}`,
          ...pair,
          verdict: word,
        })),
      ),
      seed: fc.nat(),
    })
    .map(({ units, pairs, steward, seed }) => ({
      units,
      pairs,
      steward,
      policy: SMALL_LIMITS,
      judge: randomJudge(seed),
    }));
};

const all = <Item>(items: readonly Item[]) =>
  fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });

const turn = <Pair extends { readonly a: string; readonly b: string }>(pair: Pair): Pair => ({
  ...pair,
  a: pair.b,
  b: pair.a,
});

/** The same facts, each list in another order, each pair told from its other end. */
export const reordered = (input: ClusterInput): fc.Arbitrary<ClusterInput> => {
  return fc
    .record({
      units: all(input.units),
      pairs: all(input.pairs),
      steward: all(input.steward),
      isTurned: fc.boolean(),
    })
    .map(({ units, pairs, steward, isTurned }) => ({
      ...input,
      units: units.map((unit) => ({
        ...unit,
        sources: unit.sources.toReversed(),
        keys: Object.fromEntries(Object.entries(unit.keys).toReversed()),
      })),
      pairs: isTurned ? pairs.map(turn) : pairs,
      steward: steward.map((link) =>
        isTurned && link.verdict === "different" ? turn(link) : link,
      ),
    }));
};
