import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyFeatures, levelsOf } from "../testing/features.ts";
import { comparePair, compareInto } from "./compare.ts";
import { type Levels, levelsOf as named, noLevels, numbersOfPattern, patternOf } from "./levels.ts";
import { mostSimilar } from "./likeness.ts";
import { COMPARISON_NAMES } from "./comparisons.ts";
import type { Features } from "./features.ts";
import { createLexicon, prepare } from "./prepare.ts";
import { editDistance, jaroWinkler } from "./strings.ts";

describe("whichever of two records comes first", () => {
  test("IDN2 the levels are the same, in any lexicon", () => {
    fc.assert(
      fc.property(anyFeatures, anyFeatures, (a, b) => {
        const forth = createLexicon();
        const back = createLexicon();
        const [backB, backA] = [prepare(b, back), prepare(a, back)];
        expect(comparePair(prepare(a, forth), prepare(b, forth), forth)).toEqual(
          comparePair(backB, backA, back),
        );
      }),
      { numRuns: 1000 },
    );
  });

  test("a record agrees with itself wherever it says anything that can be compared", () => {
    fc.assert(
      fc.property(anyFeatures, (a) => {
        const { birth, ...levels } = levelsOf(a, a);
        for (const level of Object.values(levels)) {
          expect(["missing", "exact", "road", "number"]).toContain(level);
        }
        expect(["missing", "exact", "year"]).toContain(birth);
      }),
    );
  });

  test("two outcomes have one pattern only if they are the same", () => {
    const seen = new Map<number, Levels>();
    fc.assert(
      fc.property(anyFeatures, anyFeatures, (a, b) => {
        const lexicon = createLexicon();
        const numbers = noLevels();
        compareInto(numbers, prepare(a, lexicon), prepare(b, lexicon), lexicon);
        const levels = named(numbers);
        const pattern = patternOf(numbers);
        expect(numbersOfPattern(pattern)).toEqual(numbers);
        expect(Number.isSafeInteger(pattern * 64)).toBe(true);
        expect(seen.get(pattern) ?? levels).toEqual(levels);
        seen.set(pattern, levels);
      }),
    );
  });
});

describe("the quick bound", () => {
  const letters = fc.string({
    unit: fc.constantFrom("a", "b", "c", "d", "e", "o", "0", "1", "5", " ", "-", "é", "ß"),
    minLength: 1,
    maxLength: 9,
  });
  const likeIt = (text: string) =>
    fc
      .tuple(fc.nat(text.length), fc.nat(2), letters)
      .map(([at, left, put]) => text.slice(0, at) + put.slice(0, 2) + text.slice(at + left) || put);
  const pair = letters.chain((one) => fc.tuple(fc.constant(one), fc.oneof(letters, likeIt(one))));

  test("is never below what Jaro-Winkler finds", () => {
    fc.assert(
      fc.property(pair, ([one, two]) => {
        const lexicon = createLexicon();
        const bound = mostSimilar(lexicon.word(one), lexicon.word(two));
        expect(bound).toBeGreaterThanOrEqual(jaroWinkler(one, two));
      }),
      { numRuns: 2000 },
    );
  });

  test("never changes a level: cities and family names are as near as plain Jaro-Winkler says", () => {
    const lexicon = createLexicon();
    fc.assert(
      fc.property(pair, ([one, two]) => {
        const likeness = jaroWinkler(one, two);
        const near = likeness >= 0.9 ? "close" : "different";
        const [a, b] = [lexicon.word(one), lexicon.word(two)];
        const isTypo = Math.min(one.length, two.length) >= 4 && editDistance(one, two, 1) <= 1;
        const isClose = likeness >= 0.92 || a.shape === b.shape || isTypo;
        const heard = likeness >= 0.82 || a.sound === b.sound ? "similar" : "different";
        const levels = levelsOf({ city: one, family: [one] }, { city: two, family: [two] });
        expect(levels.city).toBe(one === two ? "exact" : near);
        expect(levels.family).toBe(one === two ? "exact" : isClose ? "close" : heard);
      }),
      { numRuns: 2000 },
    );
  });
});

type Example = readonly [what: string, a: Partial<Features>, b: Partial<Features>, Partial<Levels>];

function examples(rows: readonly Example[]): void {
  test.each(rows)("%s", (_what, a, b, levels) => {
    expect(levelsOf(a, b)).toMatchObject(levels);
    expect(levelsOf(b, a)).toMatchObject(levels);
  });
}

const born = (one: string, two: string, level: Levels["birth"]): Example => [
  `${one || "unknown"} and ${two}: ${level}`,
  { birth: one },
  { birth: two },
  { birth: level },
];

const mail = (one: string, two: string, level: Levels["email"]): Example => [
  `${one} and ${two}: ${level}`,
  { email: one },
  { email: two },
  { email: level },
];

describe("names", () => {
  examples([
    ["one and the same", { given: ["anna"] }, { given: ["anna"] }, { given: "exact" }],
    ["a pet name", { given: ["robert"] }, { given: ["bob"] }, { given: "nickname" }],
    ["two pet names of one", { given: ["bill"] }, { given: ["will"] }, { given: "nickname" }],
    ["an initial", { given: ["robert"] }, { given: ["r"] }, { given: "initial" }],
    ["another initial", { given: ["robert"] }, { given: ["m"] }, { given: "different" }],
    ["two initials", { given: ["r"] }, { given: ["m"] }, { given: "different" }],
    ["a letter exchanged", { given: ["gabriel"] }, { given: ["gabirel"] }, { given: "close" }],
    ["what a scanner sees", { given: ["lorna"] }, { given: ["loma"] }, { given: "close" }],
    ["0 for o", { family: ["oconnor"] }, { family: ["0c0nn0r"] }, { family: "close" }],
    ["what is heard", { family: ["meyer"] }, { family: ["maier"] }, { family: "similar" }],
    ["another name", { given: ["anna"] }, { given: ["peter"] }, { given: "different" }],
    ["none", { given: ["anna"] }, {}, { given: "missing", family: "missing" }],
    ["one of two family names", { family: ["garcia", "lopez"] }, { family: ["lopez"] }, { family: "part" }],
    ["a particle alone is no part", { family: ["de", "witt"] }, { family: ["de", "moor"] }, { family: "different" }],
    ["a middle initial", { given: ["a", "maria"] }, { given: ["a", "m"] }, { middle: "initial" }],
    ["another middle name", { given: ["a", "maria"] }, { given: ["a", "ruth"] }, { middle: "different" }],
    ["senior and junior", { suffix: "sr" }, { suffix: "jr" }, { suffix: "different" }],
    [
      "given and family name in each other's place",
      { given: ["smith"], family: ["robert"] },
      { given: ["robert"], family: ["smith"] },
      { given: "close", middle: "missing", family: "close" },
    ],
    [
      "a family name that is the other's given name is no exchange",
      { given: ["james"], family: ["robert"] },
      { given: ["robert"], family: ["smith"] },
      { given: "different", family: "different" },
    ],
  ]); // prettier-ignore
});

describe("birth dates", () => {
  examples([
    born("1980-05-04", "1980-05-04", "exact"),
    born("1980-05-04", "1980-04-05", "close"),
    born("1980-05-04", "1980-05-14", "close"),
    born("1980-05-04", "1980-05-40", "close"),
    born("1980-05-04", "1980-05-27", "two_parts"),
    born("1980-05-04", "1967-05-04", "two_parts"),
    born("1980-05-04", "1980-11-27", "year"),
    born("1980-05-04", "1980", "year"),
    born("1980-05-04", "1980-05", "year"),
    born("1980-05-04", "1980-06", "different"),
    born("1980-05-04", "1975-11-30", "different"),
    born("1980-05-04", "1981", "different"),
    born("", "1981", "missing"),
  ]);
});

describe("mailboxes, phones and numbers", () => {
  examples([
    mail("ann.lee@x.com", "ann.lee@x.com", "exact"),
    mail("ann.lee@x.com", "ann.lee@y.org", "local"),
    mail("ann.lee@x.com", "ann.leee@x.com", "close"),
    mail("annlee7@x.com", "annlee8@x.com", "different"),
    mail("ann.lee@x.com", "peter@x.com", "different"),
    ["a phone's digit", { phone: "+447700900123" }, { phone: "+447700900124" }, { phone: "close" }],
    ["a phone with its prefix and without", { phone: "+447700900123" }, { phone: "07700900123" }, { phone: "close" }],
    ["another phone", { phone: "+447700900123" }, { phone: "+447700911999" }, { phone: "different" }],
    ["digits exchanged", { identifier: "AB123456" }, { identifier: "AB123465" }, { identifier: "close" }],
    ["two digits", { identifier: "AB123456" }, { identifier: "AB993456" }, { identifier: "near" }],
    ["another person's", { identifier: "AB123456" }, { identifier: "ZZ999999" }, { identifier: "different" }],
  ]); // prettier-ignore
});

describe("addresses", () => {
  const home = { number: "12", road: "high street", locality: "west end" };
  examples([
    ["the same", home, home, { street: "exact", locality: "exact" }],
    ["a letter less", home, { ...home, road: "high stret" }, { street: "close" }],
    ["the neighbour", home, { ...home, number: "14" }, { street: "road" }],
    ["no number known", home, { road: "high street" }, { street: "road" }],
    ["neither has a number", { road: "high street" }, { road: "high street" }, { street: "road" }],
    ["a number alone", home, { number: "12" }, { street: "number" }],
    ["the number in another road", home, { number: "12", road: "mill lane" }, { street: "number" }],
    ["elsewhere", home, { number: "3", road: "mill lane" }, { street: "different" }],
    ["another number and no road", home, { number: "3" }, { street: "missing" }],
    ["lines in each other's place", home, { road: "west end", locality: "high street" }, { street: "road", locality: "missing" }],
    ["a road in the second line", home, { locality: "high street" }, { street: "road", locality: "missing" }],
    ["a town misspelt", { city: "leicester" }, { city: "leicetser" }, { city: "close" }],
    ["a postcode's sign", { postcode: "ls11aa" }, { postcode: "ls11ab" }, { postcode: "close" }],
    ["another postcode", { postcode: "ls11aa" }, { postcode: "yo17" }, { postcode: "different" }],
    ["regions are codes", { region: "NY" }, { region: "NJ" }, { region: "different" }],
  ]); // prettier-ignore
});

test("nothing is compared where nothing is said", () => {
  const levels = levelsOf({}, { given: ["anna"], road: "high street" });
  expect(COMPARISON_NAMES.map((name) => levels[name])).toEqual(
    COMPARISON_NAMES.map(() => "missing"),
  );
});
