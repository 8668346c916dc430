import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyFeatures, features } from "../testing/features.ts";
import { comparePair } from "./compare.ts";
import type { Levels } from "./levels.ts";
import { type Comparison, COMPARISON_NAMES, COMPARISONS } from "./comparisons.ts";
import type { Features } from "./features.ts";
import { DEFAULT_MODEL, type Model } from "./model.ts";
import { createLexicon, prepare } from "./prepare.ts";
import { createScorer, type Weighed } from "./weigh.ts";

const COMMON: Model = {
  ...DEFAULT_MODEL,
  frequencies: {
    given: { common: { robert: 0.05, maria: 0.02 }, rare: 0.0005 },
    family: { common: { smith: 0.02 }, rare: 0.0001 },
    city: { common: { leeds: 0.7 }, rare: 0.01 },
  },
};

function weigh(a: Partial<Features>, b: Partial<Features>, model = DEFAULT_MODEL): Weighed {
  const lexicon = createLexicon();
  const [one, two] = [prepare(features(a), lexicon), prepare(features(b), lexicon)];
  return createScorer(model).weigh(comparePair(one, two, lexicon), one);
}

/** Any levels, whether records could have them together or not. */
const anyLevels: fc.Arbitrary<Levels> = fc
  .tuple(...COMPARISON_NAMES.map((name) => fc.constantFrom<string>(...COMPARISONS[name])))
  .map(
    (levels) =>
      Object.fromEntries(
        COMPARISON_NAMES.map((name, at) => [name, levels[at]]),
      ) as unknown as Levels,
  );

const plain = createScorer(DEFAULT_MODEL);
const nobody = prepare(features({}), createLexicon());
const weighLevels = (levels: Levels): Weighed => plain.weigh(levels, nobody);
const sumOf = ({ fields, prior }: Weighed): number =>
  fields.reduce((sum, { weight }) => sum + weight, prior);

describe("IDN5 the weight of a pair", () => {
  test("is the same whichever record comes first, to the last bit", () => {
    fc.assert(
      fc.property(
        anyFeatures,
        anyFeatures,
        fc.constantFrom(DEFAULT_MODEL, COMMON),
        (a, b, model) => {
          expect(weigh(b, a, model)).toEqual(weigh(a, b, model));
        },
      ),
      { numRuns: 500 },
    );
  });

  test("is what its fields, the prior and the household add up to", () => {
    fc.assert(
      fc.property(
        anyFeatures,
        anyFeatures,
        fc.constantFrom(DEFAULT_MODEL, COMMON),
        (a, b, model) => {
          const weighed = weigh(a, b, model);
          expect(sumOf(weighed) + weighed.household).toBeCloseTo(weighed.weight, 9);
          expect(weighed.household).toBeLessThanOrEqual(0);
          expect(weighed.prior).toBe(model.prior);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("names every field that could be compared, and no other", () => {
    fc.assert(
      fc.property(anyLevels, (levels) => {
        const named = weighLevels(levels).fields.map(({ comparison, level }) => [
          comparison,
          level,
        ]);
        const said = COMPARISON_NAMES.filter((name) => levels[name] !== "missing");
        expect(named).toEqual(said.map((name) => [name, levels[name]]));
      }),
    );
  });

  test("is the prior where nothing can be compared", () => {
    expect(weigh({}, {}).weight).toBeCloseTo(DEFAULT_MODEL.prior, 3);
  });

  test("says more for a rare name than for a frequent one", () => {
    const ofSmith = weigh({ family: ["smith"] }, { family: ["smith"] }, COMMON).weight;
    const ofOther = weigh({ family: ["zyw"] }, { family: ["zyw"] }, COMMON).weight;
    expect(ofOther - ofSmith).toBeGreaterThan(5);
  });

  test("of two towns that are alike is no more than that of a rare one", () => {
    const model: Model = {
      ...COMMON,
      frequencies: { city: { common: {}, rare: 0.5 } },
      comparisons: {
        ...COMMON.comparisons,
        city: { ...COMMON.comparisons.city, u: { exact: 0.9, close: 0.0001, different: 0.0999 } },
      },
    };
    const { fields } = weigh({ city: "leicester" }, { city: "leicetser" }, model);
    expect(fields[0]).toMatchObject({ comparison: "city", level: "close" });
    expect(fields[0]!.weight).toBeLessThanOrEqual(Math.log2(0.8 / 0.5) + 1e-9);
  });
});

describe("IDN5 more agreement never weighs less", () => {
  const address = new Set<Comparison>(["street", "locality", "city", "region", "postcode"]);
  const changed = fc
    .tuple(anyLevels, fc.constantFrom(...COMPARISON_NAMES))
    .map(([levels, name]) => ({
      name,
      agreed: { ...levels, [name]: "exact" } as Levels,
      differed: { ...levels, [name]: "different" } as Levels,
      silent: { ...levels, [name]: "missing" } as Levels,
    }));

  test("against a stranger, in any field", () => {
    fc.assert(
      fc.property(changed, ({ agreed, differed, silent }) => {
        const [most, none, least] = [agreed, silent, differed].map((levels) =>
          sumOf(weighLevels(levels)),
        );
        expect(most).toBeGreaterThanOrEqual(none! - 1e-9);
        expect(none).toBeGreaterThanOrEqual(least! - 1e-9);
      }),
      { numRuns: 2000 },
    );
  });

  // Another address is evidence against one household: there, and only there, the total may gain by it.
  test("in total, in any field but an address", () => {
    fc.assert(
      fc.property(
        changed.filter(({ name }) => !address.has(name)),
        ({ agreed, differed }) => {
          const [most, least] = [agreed, differed].map((levels) => weighLevels(levels).weight);
          expect(most).toBeGreaterThanOrEqual(least! - 1e-9);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

const only = (levels: Partial<Levels>): Weighed =>
  weighLevels({
    ...(Object.fromEntries(COMPARISON_NAMES.map((name) => [name, "missing"])) as unknown as Levels),
    ...levels,
  });

describe("IDN5 limits of what fields say together", () => {
  test("names cap: given, middle and family name and a mailbox made of them say no more than the model allows", () => {
    fc.assert(
      fc.property(anyFeatures, anyFeatures, (a, b) => {
        const { fields } = weigh(a, b, COMMON);
        const names = fields.filter(
          ({ comparison, level }) =>
            ["given", "middle", "family"].includes(comparison) ||
            (comparison === "email" && level !== "exact"),
        );
        const sum = names.reduce((so, { weight }) => so + weight, 0);
        expect(sum).toBeLessThanOrEqual(COMMON.namesMost + 1e-9);
      }),
    );
    const name = { given: ["wolfgang", "theodor"], family: ["zyw"] };
    expect(sumOf(weigh(name, name, COMMON)) - COMMON.prior).toBeCloseTo(COMMON.namesMost, 9);
  });

  test("an address is one fact: its further fields count half and half of that", () => {
    const alone = (name: Comparison): number => only({ [name]: "exact" }).fields[0]!.weight;
    const { fields } = only({ street: "exact", postcode: "exact", city: "exact" });
    expect(fields.map(({ weight }) => weight)).toEqual([
      alone("street"),
      alone("city") / 4,
      alone("postcode") / 2,
    ]);
  });
});

describe("IDN3 members of a household", () => {
  const { match, potential } = DEFAULT_MODEL.thresholds;
  const home: Partial<Features> = {
    family: ["garcia"],
    number: "12",
    road: "high street",
    city: "leeds",
    postcode: "ls11aa",
    phone: "+447700900123",
  };
  const anna: Partial<Features> = { given: ["anna"], birth: "1980-05-04", gender: "f" };
  const moved = {
    number: "3",
    road: "mill lane",
    city: "york",
    postcode: "yo17",
    phone: "+447700911999",
  };

  test("another given name and birth date at one address with one phone stay below the threshold", () => {
    const peter = { ...home, given: ["peter"], birth: "2009-11-30", gender: "m" };
    expect(weigh({ ...home, ...anna }, peter).weight).toBeLessThan(potential);
  });

  test("twins: one birth date and address, another given name", () => {
    const twin = { ...home, ...anna, given: ["maria"] };
    expect(weigh({ ...home, ...anna }, twin).weight).toBeLessThan(match);
  });

  test("senior and junior: one name and address, another suffix and birth date", () => {
    const senior = { ...home, given: ["john"], suffix: "sr", birth: "1950-02-17" };
    const junior = { ...home, given: ["john"], suffix: "jr", birth: "1981-09-06" };
    expect(weigh(senior, junior).weight).toBeLessThan(match);
  });

  test("the same person after a move is above the threshold", () => {
    expect(weigh({ ...home, ...anna }, { ...home, ...anna, ...moved }).weight).toBeGreaterThan(
      match,
    );
  });

  test("a new family name is a marriage where given name, birth date and mailbox are the same", () => {
    const email = "anna.g@example.com";
    const married = { ...home, ...anna, ...moved, email, family: ["lopez"] };
    expect(weigh({ ...home, ...anna, email }, married).weight).toBeGreaterThan(match);
  });

  test("what speaks about a person is told apart from what a household shares", () => {
    const lexicon = createLexicon();
    const [a, b] = [
      { ...home, ...anna },
      { ...home, ...anna, given: ["maria"] },
    ].map((some) => prepare(features(some), lexicon));
    const { contrary, silent, isOtherFamily, isSilent } = plain.personal(
      comparePair(a!, b!, lexicon),
    );
    expect(contrary).toEqual(["given"]);
    expect(silent).toEqual(["middle", "suffix"]);
    expect([isOtherFamily, isSilent]).toEqual([false, false]);
  });
});
