import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldName, type NameParts, readName } from "./read-name.ts";

const tokensOf = (parts: NameParts | string) => {
  const read = readName(typeof parts === "string" ? { full: parts } : parts);
  if (read.quality === "rejected") return read.reason;
  const { given, family, suffix } = read.value;
  return [given.join(" "), family.join(" "), suffix];
};

describe("folding", () => {
  test.each([
    ["Zoë O’Neil-Smith", "zoe oneil smith"],
    ["Müller", "muller"],
    ["Mueller", "muller"],
    ["Muller", "muller"],
    ["Jürgen Schröder", "jurgen schroder"],
    ["Juergen Schroeder", "jurgen schroder"],
    ["Oeztürk", "ozturk"],
    ["Samuel Zoe Michael Fuentes Noel Joe Suarez", "samuel zoe michael fuentes noel joe suarez"],
    ["Łukasz Ærø Groß", "lukasz aero gross"],
    ["Иван Петров", "ivan petrov"],
    ["Ελένη", "eleni"],
    ["ＺＯＥ 😀", "zoe"],
    ["--", ""],
  ])("%s", (text, folded) => expect(foldName(text)).toBe(folded));

  test("folding what was folded changes nothing, and no text makes it throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        const folded = foldName(text);
        expect(folded).toMatch(/^[a-z\d]*(?: [a-z\d]+)*$/);
        expect(foldName(folded)).toBe(folded);
      }),
      { numRuns: 1000 },
    );
    expect(foldName("\ud800abc\udc00")).toBe("abc");
    expect(foldName("ä".repeat(10_000))).toBe("a".repeat(10_000));
  });
});

describe("names in one field", () => {
  test.each([
    ["John Smith", "john", "smith", null],
    ["Smith, John", "john", "smith", null],
    ["Dr. John Q. Public Jr.", "john q", "public", "jr"],
    ["Smith, John, Jr.", "john", "smith", "jr"],
    ["Smith Jr, John", "john", "smith", "jr"],
    ["Ludwig Mies van der Rohe", "ludwig mies", "van der rohe", null],
    ["Maria de la Cruz", "maria", "de la cruz", null],
    ["Omar al-Sharif", "omar", "al sharif", null],
    ["Mohammed bin Salman", "mohammed", "bin salman", null],
    ["Shaquille O'Neal", "shaquille", "oneal", null],
    ["Shaquille O Neal", "shaquille", "oneal", null],
    ["John O Smith", "john o", "smith", null],
    ["Ronald Mc Donald", "ronald", "mcdonald", null],
    ["José Ortega y Gasset", "jose", "ortega y gasset", null],
    ["Van Morrison", "van", "morrison", null],
    ["Anna Müller geb. Schmidt", "anna", "muller", null],
    ["DUPONT Jean-Pierre", "jean pierre", "dupont", null],
    ["Sr. Juan Garcia", "juan", "garcia", null],
    ["Juan Garcia Sr.", "juan", "garcia", "sr"],
    ["Elizabeth Taylor III", "elizabeth", "taylor", "iii"],
    ["Mr & Mrs Smith", "", "smith", null],
    ["Yo-Yo Ma", "yo yo", "ma", null],
    ["Madonna", "madonna", "", null],
    ["j0hn Smith2", "john", "smith", null],
  ])("%s", (full, given, family, suffix) => {
    expect(tokensOf(full)).toEqual([given, family, suffix]);
  });

  test.each([
    ["", "empty"],
    ["12345", "not-a-name"],
    ["Miss", "not-a-name"],
    ["ada@example.org", "not-a-name"],
    ["Unknown", "placeholder"],
    ["x".repeat(600), "too-long"],
  ])("%j is rejected", (full, reason) => expect(tokensOf(full)).toBe(reason));

  test("digits in a name and a name in the wrong field are repairs", () => {
    expect(readName({ given: "J0hn", family: "Smith" }).quality).toBe("repaired");
    expect(readName({ given: "Smith, John" }).quality).toBe("repaired");
    expect(readName({ given: "John", family: "Smith" }).quality).toBe("parsed");
  });
});

const GIVEN = ["john", "zoë", "mary ann", "josé", "Jürgen", "li"];
const FAMILY = ["smith", "O'Brien", "Mc Donald", "Ångström", "Garcia-Lopez", "Mueller"];
const person = fc.record({
  given: fc.constantFrom(...GIVEN),
  family: fc.constantFrom(...FAMILY),
  suffix: fc.constantFrom("", "Jr.", "III"),
});
const cased = fc.constantFrom(
  (text: string) => text.toUpperCase(),
  (text: string) => text.toLowerCase(),
  (text: string) => text.replaceAll(" ", "  "),
  (text: string) => text.normalize("NFD"),
);

describe("the same name in other forms has the same tokens", () => {
  test("case, spaces and how accents are coded", () => {
    fc.assert(
      fc.property(person, cased, ({ given, family, suffix }, change) => {
        const other = { given: change(given), family: change(`${family} ${suffix}`) };
        expect(tokensOf(other)).toEqual(tokensOf({ given, family: `${family} ${suffix}` }));
      }),
    );
  });

  test("order of the parts", () => {
    fc.assert(
      fc.property(person, cased, ({ given, family, suffix }, change) => {
        const parts = tokensOf({ given, family: `${family} ${suffix}` });
        expect(tokensOf(change(`${family} ${suffix}, ${given}`))).toEqual(parts);
        expect(tokensOf(change(`${family}, ${given}, ${suffix}`))).toEqual(parts);
        // Of several family names, only the last can be told from the given ones.
        const [lastName = ""] = family.split("-");
        const one = tokensOf({ given, family: `${lastName} ${suffix}` });
        expect(tokensOf(`${given} ${lastName} ${suffix}`)).toEqual(one);
      }),
    );
  });

  test("what was read is read the same again, whatever it was", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 80 }),
      fc.stringMatching(/^[A-Za-z0-9 ,.'é-]{0,30}$/),
    );
    fc.assert(
      fc.property(fc.record({ full: text }), fc.record({ given: text, family: text }), (...all) => {
        for (const parts of all) {
          const once = readName(parts);
          if (once.quality === "rejected") continue;
          const { given, family, suffix } = once.value;
          // Which field a lone word belongs in cannot be told from the word.
          if (given.length === 0 || family.length === 0) continue;
          const again = {
            given: given.join(" "),
            family: [...family, suffix ?? ""].join(" ").trim(),
          };
          expect(tokensOf(again)).toEqual([given.join(" "), family.join(" "), suffix]);
        }
      }),
      { numRuns: 500 },
    );
    expect(readName({ full: "a ".repeat(5_000) })).toMatchObject({ quality: "rejected" });
  });
});
