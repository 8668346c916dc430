import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyFeatures, features } from "../testing/features.ts";
import { comparePair } from "./compare.ts";
import { createLexicon, prepare } from "./prepare.ts";

describe("a lexicon", () => {
  test("knows a text again, and works out once what two of them come to", () => {
    const lexicon = createLexicon();
    const [a, b] = [lexicon.word("anna"), lexicon.word("hanna")];
    let asked = 0;
    const find = (): number => ++asked;
    expect(lexicon.word("anna")).toBe(a);
    expect([lexicon.remember(0, a, b, find), lexicon.remember(0, b, a, find)]).toEqual([1, 1]);
    expect(lexicon.remember(1, a, b, find)).toBe(2);
  });

  test("does not take pairs for each other once it ran out of numbers", () => {
    const lexicon = createLexicon({ pairs: 9, words: 9 }, 2);
    const words = ["a", "b", "c", "d"].map((text) => lexicon.word(text));
    for (const one of words) {
      for (const two of words) {
        const found = lexicon.remember(
          0,
          one,
          two,
          (a, b) => a.text.charCodeAt(0) * 256 + b.text.charCodeAt(0),
        );
        const low = one.id < two.id ? one.text + two.text : two.text + one.text;
        expect(found).toBe(low.charCodeAt(0) * 256 + low.charCodeAt(1));
      }
    }
  });

  test("IDN2 what it has forgotten in between changes no level", () => {
    fc.assert(
      fc.property(anyFeatures, anyFeatures, (a, b) => {
        const forgetful = createLexicon({ pairs: 1, words: 1 });
        const [one, two] = [prepare(a, forgetful), prepare(b, forgetful)];
        const keeping = createLexicon();
        expect(comparePair(one, two, forgetful)).toEqual(
          comparePair(prepare(a, keeping), prepare(b, keeping), keeping),
        );
      }),
    );
  });
});

test("a prepared record holds its words where comparisons look for them", () => {
  const record = prepare(
    features({
      given: ["anna", "maria"],
      family: ["de", "witt"],
      email: "anna@example.com",
      road: "high street",
    }),
    createLexicon(),
  );
  expect(record.given?.text).toBe("anna");
  expect(record.middle?.text).toBe("maria");
  expect(record.family?.text).toBe("de witt");
  expect(record.familyParts.map(({ text }) => text)).toEqual(["de", "witt"]);
  expect(record.emailLocal?.text).toBe("anna");
  expect(record.road?.text).toBe("high street");
  expect(record.city).toBeNull();
});

test("a mailbox without a sign of one has no local part", () => {
  expect(prepare(features({ email: "nonsense" }), createLexicon()).emailLocal).toBeNull();
});

test("signs that a scanner takes for each other are one shape", () => {
  const lexicon = createLexicon();
  for (const [one, two] of [
    ["lorna", "loma"],
    ["clark", "dark"],
    ["5mith", "smith"],
  ] as const) {
    expect(lexicon.word(one).shape).toBe(lexicon.word(two).shape);
  }
  expect(lexicon.word("anna").shape).not.toBe(lexicon.word("hanna").shape);
});
