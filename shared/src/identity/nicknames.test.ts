import { existsSync, readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { areNicknames, formalNames } from "./nicknames.ts";
import { ENGLISH_MEN, ENGLISH_WOMEN } from "./nicknames-english.ts";

test("a short form may stand for its formal names, itself included, sorted", () => {
  expect(formalNames("bob")).toEqual(["bob", "robert"]);
  expect(formalNames("alex")).toEqual(
    expect.arrayContaining(["alex", "alexander", "alexandra", "alexis"]),
  );
  expect(formalNames("nobody")).toEqual(["nobody"]);
});

test.each([
  ["bob", "robert"],
  ["bob", "rob"],
  ["peggy", "margaret"],
  ["dick", "richard"],
  ["stacey", "stacie"],
  ["jonathan", "johnathan"],
  ["hans", "johannes"],
  ["uli", "ulrich"],
  ["pepe", "jose"],
  ["paco", "francisco"],
  ["beppe", "giuseppe"],
  ["manu", "emmanuel"],
  ["kees", "cornelis"],
  ["kasia", "katarzyna"],
  ["sasha", "aleksandr"],
  ["misha", "mikhail"],
])("%s and %s", (a, b) => {
  expect(areNicknames(a, b)).toBe(true);
  expect(areNicknames(b, a)).toBe(true);
});

test.each([
  ["bob", "bob"],
  ["alan", "albert"],
  ["mary", "martin"],
  ["robert", "richard"],
  ["ahmed", "mohammed"],
])("%s and %s are not", (a, b) => expect(areNicknames(a, b)).toBe(false));

test("the relation has no direction", () => {
  const name = fc.constantFrom("bob", "rob", "al", "alex", "sasha", "liz", "ella", "tina", "jo");
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(areNicknames(a, b)).toBe(areNicknames(b, a));
      expect(formalNames(a)).toContain(a);
    }),
  );
});

test("the English table has the names that it claims", () => {
  const formal = `${ENGLISH_MEN};${ENGLISH_WOMEN}`.split(";").map((each) => each.split(":")[0]);
  expect(new Set(formal).size).toBeGreaterThan(600);
});

const namesUrl = new URL(
  "../../../../shared/data/normalisation/nicknames_names.csv",
  import.meta.url,
);
const rowSchema = z.object({ name1: z.string(), name2: z.string() });

test.skipIf(!existsSync(namesUrl))(
  "most pairs of the public table are known (skipped where the data is absent)",
  () => {
    const rows: unknown = parse(readFileSync(namesUrl), { columns: true });
    const pairs = rowSchema.array().parse(rows);
    const known = pairs.filter(({ name1, name2 }) => areNicknames(name1, name2));
    console.log(`nicknames: ${known.length} of ${pairs.length} pairs known`);
    // The rest are names of the nineteenth century and of other tables' own.
    expect(known.length / pairs.length).toBeGreaterThan(0.6);
  },
);
