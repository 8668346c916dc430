/** Cases that matching is known to get wrong, each with what must come of it: units by what their records say. */
import type { IdentityKey } from "@regulars/shared/ids";
import { describe, expect, test } from "vitest";
import { features } from "../testing/features.ts";
import { createBlocked } from "./blocked.ts";
import { type Clustering, clusterUnits, type Link, type StewardLink } from "./clusters.ts";
import type { Features } from "./features.ts";
import { createJudge } from "./judge.ts";
import { DEFAULT_MODEL } from "./model.ts";
import { comparePair } from "./compare.ts";
import { DEFAULT_MATCHING_POLICY, type MatchingPolicy } from "./policy.ts";
import { createLexicon, prepare } from "./prepare.ts";
import { createScorer } from "./weigh.ts";

interface Said {
  readonly says?: Partial<Features>;
  readonly keys?: readonly IdentityKey[] | Readonly<Record<IdentityKey, string>>;
  readonly source?: string;
}

const DAY_MS = 86_400_000;
const onDay = (day: number): string => `${(day * DAY_MS).toString(16).padStart(12, "0")}-0000-t/1`;

/** As in production: every pair is weighed, those from the threshold on are offered. */
function cluster(
  said: Readonly<Record<string, Said>>,
  {
    policy = DEFAULT_MATCHING_POLICY,
    steward = [],
  }: { policy?: MatchingPolicy; steward?: readonly StewardLink[] } = {},
): Clustering {
  const lexicon = createLexicon();
  const scorer = createScorer(DEFAULT_MODEL);
  const records = new Map(
    Object.entries(said).map(
      ([id, { says = {} }]) => [id, prepare(features(says), lexicon)] as const,
    ),
  );
  const isBlocked = createBlocked(policy);
  const judge = createJudge(records, lexicon, scorer, (key) => {
    const [kind = "", ...value] = key.split(":");
    return isBlocked(kind, value.join(":"));
  });
  const ids = [...records.keys()];
  const pairs = ids.flatMap((a, at) =>
    ids.slice(at + 1).map((b) => {
      const [one, two] = [records.get(a)!, records.get(b)!];
      return { a, b, weight: scorer.weigh(comparePair(one, two, lexicon), one, two).weight };
    }),
  );
  return clusterUnits({
    units: Object.entries(said).map(([id, { keys = [], source = "pos-1" }]) => ({
      id,
      sources: [source],
      keys: Array.isArray(keys)
        ? Object.fromEntries(keys.map((key: string) => [key, onDay(20_000)]))
        : (keys as Readonly<Record<string, string>>),
    })),
    pairs: pairs.filter(({ weight }) => weight >= DEFAULT_MODEL.thresholds.match),
    steward,
    policy,
    judge,
  });
}

const reasons = ({ refusals }: Clustering): string[] => refusals.map(({ reason }) => reason);
const kinds = (links: readonly Link[]): string[] => links.map(({ kind }) => kind);

const PHONE = "phone:+447700900123";
const home: Partial<Features> = {
  number: "12",
  road: "high street",
  city: "leeds",
  postcode: "ls11aa",
  phone: "+447700900123",
};
const mother: Partial<Features> = {
  ...home,
  given: ["maria"],
  family: ["garcia"],
  birth: "1980-05-14",
  gender: "f",
};
const child: Partial<Features> = {
  ...home,
  given: ["peter"],
  family: ["garcia"],
  birth: "2009-11-30",
  gender: "m",
};

describe("IDN3 one phone, several people", () => {
  test("mother and child are two customers, refused as a household", () => {
    const found = cluster({
      child: { says: child, keys: [PHONE] },
      mother: { says: mother, keys: [PHONE] },
    });
    expect(found.clusters).toEqual([["child"], ["mother"]]);
    expect(found.refusals).toEqual([
      expect.objectContaining({ a: "child", b: "mother", by: PHONE, reason: "household" }),
    ]);
  });

  test("each of the two still finds their own second record by it", () => {
    const short = ({ given = [], family = [], phone = "" }: Partial<Features>) => ({
      given,
      family,
      phone,
    });
    const found = cluster({
      child1: { says: child, keys: [PHONE] },
      child2: { says: short(child), keys: [PHONE] },
      mother1: { says: mother, keys: [PHONE] },
      mother2: { says: short(mother), keys: [PHONE] },
    });
    expect(found.clusters).toEqual([
      ["child1", "child2"],
      ["mother1", "mother2"],
    ]);
  });

  test("a bare number between them joins neither", () => {
    const found = cluster({
      bare: { says: { phone: home.phone! }, keys: [PHONE] },
      child: { says: child, keys: [PHONE] },
      mother: { says: mother, keys: [PHONE] },
    });
    expect(found.clusters).toEqual([["bare"], ["child"], ["mother"]]);
  });

  test("twins are two customers", () => {
    const twin = { ...child, given: ["lukas"] };
    const found = cluster({
      one: { says: child, keys: [PHONE] },
      two: { says: twin, keys: [PHONE] },
    });
    expect(found.clusters).toEqual([["one"], ["two"]]);
    expect(reasons(found)).toEqual(["household"]);
  });

  test("senior and junior of one name, address and phone are two customers", () => {
    const senior = {
      ...home,
      given: ["john"],
      family: ["garcia"],
      suffix: "sr",
      birth: "1950-02-17",
    };
    const junior = {
      ...home,
      given: ["john"],
      family: ["garcia"],
      suffix: "jr",
      birth: "1981-09-06",
    };
    const found = cluster({
      one: { says: senior, keys: [PHONE] },
      two: { says: junior, keys: [PHONE] },
    });
    expect(found.clusters).toEqual([["one"], ["two"]]);
    expect(reasons(found)).toEqual(["household"]);
  });

  test("a recycled number with another family name joins nobody: a weaker key", () => {
    const before = { given: ["maria"], family: ["garcia"], phone: home.phone! };
    const after = { given: ["m"], family: ["okafor"], phone: home.phone! };
    const found = cluster({
      after: { says: after, keys: [PHONE] },
      before: { says: before, keys: [PHONE] },
    });
    expect(found.clusters).toEqual([["after"], ["before"]]);
    expect(reasons(found)).toEqual(["weaker_key"]);
  });

  test("and a person who gives it twice is one", () => {
    const said = { given: ["maria"], family: ["garcia"], phone: home.phone! };
    const found = cluster({
      one: { says: said, keys: [PHONE] },
      two: { says: said, keys: [PHONE] },
    });
    expect(found.clusters).toEqual([["one", "two"]]);
    expect(found.links).toEqual([expect.objectContaining({ kind: "deterministic", by: PHONE })]);
  });
});

describe("IDN4 a shop's phone is a place", () => {
  const names = ["anna", "peter", "omar", "lena", "igor", "ruth", "hugo", "zoe"];
  const customers = Object.fromEntries(
    names.map((name, at): [string, Said] => [
      name,
      {
        says: {
          given: [name],
          family: [`family${"abcdefgh"[at]}x`],
          birth: `19${50 + at * 5}-0${at + 1}-1${at}`,
        },
        keys: [PHONE],
      },
    ]),
  );

  test("a number of many joins nobody, and one refusal says so", () => {
    const found = cluster(customers);
    expect(found.clusters.every(({ length }) => length === 1)).toBe(true);
    expect(reasons(found)).toEqual(["value_of_many"]);
  });

  test("who is one by other evidence stays one", () => {
    const found = cluster({ ...customers, anna2: customers["anna"]! });
    expect(found.clusters).toContainEqual(["anna", "anna2"]);
    expect(kinds(found.links)).toEqual(["probabilistic"]);
  });

  test("a key of a place proves nothing and refuses nothing", () => {
    const keys = ["device:till-7"];
    const found = cluster({ one: { says: mother, keys }, two: { keys }, three: { keys } });
    expect([found.links, found.refusals]).toEqual([[], []]);
  });
});

describe("IDN3 values that are nobody's", () => {
  test("a blocked value joins nobody", () => {
    const keys = ["email:none@none.com"];
    const found = cluster({ one: { keys }, two: { keys }, three: { keys } });
    expect(found.clusters).toHaveLength(3);
    expect(reasons(found)).toEqual(["blocked_value"]);
  });
});

describe("IDN3 a value that is unique", () => {
  const EMAIL = "email:maria@example.com";

  test("two loyalty cards are two people, however alike they are", () => {
    const said = { ...mother, email: "maria@example.com" };
    const found = cluster({
      one: { says: said, keys: ["loyalty:1", EMAIL, PHONE] },
      two: { says: said, keys: ["loyalty:2", EMAIL, PHONE] },
    });
    expect(found.clusters).toEqual([["one"], ["two"]]);
    expect(reasons(found)).toContain("unique_identifier");
  });

  test("a record between two cards goes to one of them only", () => {
    const found = cluster({
      between: { says: mother, keys: [EMAIL] },
      one: { says: mother, keys: ["loyalty:1", EMAIL] },
      two: { says: mother, keys: ["loyalty:2", EMAIL] },
    });
    expect(found.clusters).toHaveLength(2);
    expect(reasons(found)).toContain("unique_identifier");
  });

  test("one card joins who says nothing else", () => {
    const found = cluster({ one: { keys: ["loyalty:1"] }, two: { keys: ["loyalty:1"] } });
    expect(found.clusters).toEqual([["one", "two"]]);
  });

  test("IDN6 a steward may say that two cards are one person", () => {
    const steward: StewardLink[] = [{ id: "s1", a: "one", b: "two", verdict: "same" }];
    const found = cluster(
      { one: { keys: ["loyalty:1"] }, two: { keys: ["loyalty:2"] } },
      { steward },
    );
    expect(found.links).toEqual([{ a: "one", b: "two", kind: "steward", by: "s1", weight: null }]);
  });
});

describe("IDN3 a customer has a bounded number of values of a kind", () => {
  const addresses = (every: number): Record<string, Said> =>
    Object.fromEntries(
      Array.from({ length: 7 }, (_, n): [string, Said] => [
        `r${n}`,
        {
          keys: {
            "loyalty:1": onDay(20_000),
            [`email:maria${n}@example.com`]: onDay(20_000 + n * every),
          },
        },
      ]),
    );

  test("a sixth mailbox within a year is too many", () => {
    const found = cluster(addresses(10));
    expect(found.clusters.map(({ length }) => length)).toEqual([5, 1, 1]);
    expect(reasons(found)).toEqual(["too_many_values", "too_many_values"]);
  });

  test("over years it is a life", () => {
    expect(cluster(addresses(90)).clusters).toHaveLength(1);
  });

  test("a value counts from its first appearance, whichever record told it first", () => {
    const policy: MatchingPolicy = {
      ...DEFAULT_MATCHING_POLICY,
      keys: {
        ...DEFAULT_MATCHING_POLICY.keys,
        email: { strength: 2, unique: false, limit: { values: 1, days: 30 }, people: 5 },
      },
    };
    // The old mailbox was known long before the new one, though one record has it only of late.
    const found = cluster(
      {
        r1: { keys: { "loyalty:1": onDay(20_000), "email:old@example.com": onDay(20_000) } },
        r2: {
          keys: {
            "loyalty:1": onDay(20_000),
            "email:old@example.com": onDay(20_100),
            "email:new@example.com": onDay(20_110),
          },
        },
      },
      { policy },
    );
    expect(found.clusters).toEqual([["r1", "r2"]]);
  });
});

describe("IDN6 no bare connected component", () => {
  /** Two groups that one mistaken card ties. */
  const bridged: Record<string, Said> = {
    m1: { says: mother, keys: ["email:maria@example.com"] },
    m2: { says: mother, keys: ["email:maria@example.com"] },
    p1: { says: child, keys: ["email:peter@example.com"] },
    p2: { says: child, keys: ["email:peter@example.com"] },
  };

  test("one link between two groups whose members disagree is cut as a bridge", () => {
    const lexicon = createLexicon();
    const scorer = createScorer(DEFAULT_MODEL);
    const records = new Map(
      Object.entries(bridged).map(
        ([id, { says = {} }]) => [id, prepare(features(says), lexicon)] as const,
      ),
    );
    const found = clusterUnits({
      units: Object.entries(bridged).map(([id, { keys }]) => ({
        id,
        sources: [],
        keys: Object.fromEntries((keys as readonly string[]).map((key) => [key, onDay(1)])),
      })),
      pairs: [{ a: "m2", b: "p1", weight: 4 }],
      steward: [],
      policy: DEFAULT_MATCHING_POLICY,
      judge: createJudge(records, lexicon, scorer, () => false),
    });
    expect(found.clusters).toEqual([
      ["m1", "m2"],
      ["p1", "p2"],
    ]);
    expect(reasons(found)).toEqual(["bridge"]);
  });

  test("what a steward calls different is apart, by whatever key or likeness", () => {
    const steward: StewardLink[] = [{ id: "s1", a: "m1", b: "m2", verdict: "different" }];
    const found = cluster(bridged, { steward });
    expect(found.clusters).toEqual([["m1"], ["m2"], ["p1", "p2"]]);
    expect(reasons(found)).toContain("steward_different");
  });

  test("nor do they come together through a third", () => {
    const steward: StewardLink[] = [{ id: "s1", a: "m1", b: "m2", verdict: "different" }];
    const found = cluster({ ...bridged, m3: bridged["m1"]! }, { steward });
    expect(found.clusters.filter((ids) => ids.includes("m1") && ids.includes("m2"))).toEqual([]);
  });

  test("a record between father and son belongs to neither: it is ambiguous", () => {
    const family = { ...home, given: ["john"], family: ["zywicki"] };
    const found = cluster({
      between: { says: family },
      father: { says: { ...family, birth: "1950-02-17" } },
      son: { says: { ...family, birth: "1981-09-06" } },
    });
    expect(found.clusters).toEqual([["between"], ["father"], ["son"]]);
    expect(reasons(found)).toEqual(["ambiguous", "ambiguous"]);
  });

  test("sources that know each customer once keep two of their records apart", () => {
    const policy = { ...DEFAULT_MATCHING_POLICY, onePerSource: ["crm"] };
    const said = { says: mother, keys: [PHONE] };
    const found = cluster(
      {
        one: { ...said, source: "crm-a" },
        two: { ...said, source: "crm-b" },
        web: { ...said, source: "web" },
      },
      { policy },
    );
    expect(found.clusters).toHaveLength(2);
    expect(new Set(reasons(found))).toEqual(new Set(["one_per_source"]));
  });

  test("more records than a person can have wait for a steward", () => {
    const policy = { ...DEFAULT_MATCHING_POLICY, clusterMax: 3 };
    const found = cluster(
      Object.fromEntries(
        ["a", "b", "c", "d"].map((id): [string, Said] => [id, { keys: ["loyalty:1"] }]),
      ),
      { policy },
    );
    expect(found.clusters).toEqual([["a", "b", "c"], ["d"]]);
    expect(reasons(found)).toEqual(["too_large"]);
  });
});
