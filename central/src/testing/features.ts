/** What records say, for tests of how they are compared: from examples, or at random. */
import fc from "fast-check";
import { comparePair } from "../matching/compare.ts";
import type { Levels } from "../matching/levels.ts";
import { type Features, NO_FEATURES } from "../matching/features.ts";
import { createLexicon, prepare } from "../matching/prepare.ts";

export const features = (some: Partial<Features>): Features => ({ ...NO_FEATURES, ...some });

export function levelsOf(a: Partial<Features>, b: Partial<Features>): Levels {
  const lexicon = createLexicon();
  return comparePair(prepare(features(a), lexicon), prepare(features(b), lexicon), lexicon);
}

const some = (...values: readonly string[]) => fc.constantFrom("", ...values);
const GIVEN = ["robert", "bob", "rob", "r", "rodert", "maria", "marie", "anna", "hanna", "smith"];
const FAMILY = [
  "smith",
  "smyth",
  "srnith",
  "jones",
  "johnson",
  "garcia",
  "lopez",
  "robert",
  "maria",
];

/** Few values, each like others, so that every level occurs. */
export const anyFeatures: fc.Arbitrary<Features> = fc.record({
  given: fc.oneof(
    fc.uniqueArray(fc.constantFrom(...GIVEN), { maxLength: 2 }),
    fc.array(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 2 }),
  ),
  family: fc.uniqueArray(fc.constantFrom(...FAMILY), { maxLength: 2 }),
  suffix: some("jr", "sr"),
  birth: some("1980-05-04", "1980-04-05", "1980-05-14", "1981-05-04", "1980", "1975-11-30"),
  gender: some("m", "f"),
  email: some(
    "bob.smith@example.com",
    "bob.smith@example.org",
    "bob.smyth@example.com",
    "b7@x.com",
  ),
  phone: some("+447700900123", "+447700900124", "7700900123", "+15550100200"),
  identifier: some("AB123456", "AB123465", "AB1234", "ZZ999999"),
  number: some("1", "12", "12 4"),
  road: some("high street", "hihg street", "station road"),
  locality: some("high street", "west end", "west ent"),
  city: some("leeds", "leads", "york"),
  region: some("NY", "CA"),
  postcode: some("ls11aa", "ls11ab", "yo17"),
  birthPlace: some("leeds", "york"),
  occupation: some("baker", "nurse"),
});
